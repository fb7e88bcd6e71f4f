#include "parley/checker/render/mermaid.hpp"

#include "parley/checker/render/chart.hpp"
#include "parley/checker/render/chart_compact.hpp"
#include "parley/checker/render/chart_notes.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace parley::checker::render {

namespace {

using model::Party;

/// Text in which nothing is Mermaid's: its entities are between # and ;.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : printable(text)) {
        if (std::string_view{"#;<>&\"%"}.find(c) == std::string_view::npos) {
            result += c;
        } else {
            result += fmt::format("#{};", static_cast<int>(c));
        }
    }
    return result;
}

/// Writes one diagram from top to bottom.
class MermaidWriter {
 public:
    explicit MermaidWriter(const Trace& trace) : trace_(trace), rows_(chart_rows(trace, {})) {}

    std::string write() {
        text_ = "sequenceDiagram\n";
        add(fmt::format("participant L as {}", escaped(trace_.left)));
        add(fmt::format("participant R as {}", escaped(trace_.right)));
        bool is_in_loop = false;
        for (const ChartRow& row : rows_.rows) {
            if (!is_in_loop && trace_.loop_begin && row.event > *trace_.loop_begin) {
                add("loop for ever");
                is_in_loop = true;
            }
            if (row.is_breaking) add("rect rgba(255, 0, 0, 0.15)");
            add_row(row);
            if (row.is_breaking) add("end");
        }
        if (is_in_loop) add("end");
        for (const ChartNote& note : chart_notes(trace_, rows_.hidden_count, few_frames)) {
            add_note("over L,R", note.text);
        }
        return std::move(text_);
    }

 private:
    void add(std::string_view line) { text_ += fmt::format("    {}\n", line); }

    void add_note(std::string_view where, std::string_view text) {
        add(fmt::format("Note {}: {}", where, escaped(text)));
    }

    static char name_of(Party party) { return party == Party::left ? 'L' : 'R'; }

    void add_message(const ChartRow& row, std::string_view arrow, std::string_view suffix) {
        add(fmt::format("{}{}{}: {}{}", name_of(row.party), arrow, name_of(model::other(row.party)),
                        escaped(row.text), suffix));
    }

    void add_row(const ChartRow& row) {
        switch (row.shape) {
            case RowShape::arrow:
                add_message(row, "->>", "");
                break;
            case RowShape::send:
                add_message(row, "-)", "");
                break;
            case RowShape::stay:
                add_message(row, "-)", " (stays in the queue)");
                break;
            case RowShape::refuse:
                add_message(row, "-x", " (the queue is full)");
                break;
            case RowShape::receive:
                add_note(fmt::format("over {}", name_of(model::other(row.party))),
                         "receives " + row.text);
                break;
            case RowShape::text:
                add_note(fmt::format("over {}", name_of(row.party)), text_with_place(row));
                break;
            case RowShape::gap:
                add_note("over L,R", row.text);
                break;
        }
        if (!row.left_state.empty()) add_note("left of L", row.left_state);
        if (!row.right_state.empty()) add_note("right of R", row.right_state);
    }

    const Trace& trace_;
    ChartRows rows_;
    std::string text_;
};

}  // namespace

std::string mermaid(const Trace& trace) {
    return MermaidWriter(trace).write();
}

std::string empty_mermaid() {
    return "sequenceDiagram\n    participant L as no counterexample\n";
}

}  // namespace parley::checker::render
