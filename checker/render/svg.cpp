#include "parley/checker/render/svg.hpp"

#include "parley/checker/render/chart.hpp"
#include "parley/checker/render/chart_compact.hpp"
#include "parley/checker/render/chart_notes.hpp"
#include "parley/checker/render/phrase.hpp"
#include "parley/checker/render/result.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace parley::checker::render {

namespace {

using model::Party;

// All in pixels.
constexpr int width = 960;
constexpr int left_lane = 250;
constexpr int right_lane = 710;
constexpr int top = 44;
constexpr int row_height = 24;
constexpr int note_height = 18;
constexpr std::size_t note_columns = 118;
constexpr std::size_t state_width = 28;
constexpr std::size_t message_columns = 36;  ///< with room for a word behind it
constexpr std::size_t text_columns = 56;
constexpr std::size_t frames_max = 6;

constexpr std::string_view style_sheet = R"(<style>
.parley { font: 13px ui-monospace, monospace; background: #fff; }
.parley text { fill: #1f2328; paint-order: stroke; stroke: #fff; stroke-width: 4px; }
.parley .state { fill: #0a5a6b; }
.parley .dim { fill: #656d76; }
.parley .bad { fill: #b3261e; font-weight: bold; }
.parley .head { font-weight: bold; font-size: 14px; }
.parley .stale { fill: #8a5300; }
.parley line { stroke: #1f2328; stroke-width: 1.4; }
.parley .lane { stroke: #c4cad0; stroke-width: 2; }
.parley .badline { stroke: #b3261e; stroke-width: 2; }
.parley .badrow { fill: #b3261e; fill-opacity: 0.1; }
@media (prefers-color-scheme: dark) {
.parley { background: #0d1117; }
.parley text { fill: #e6edf3; stroke: #0d1117; }
.parley .state { fill: #7cc7d8; }
.parley .dim { fill: #8b949e; }
.parley .bad { fill: #ff8a80; }
.parley .stale { fill: #e3b341; }
.parley line { stroke: #e6edf3; }
.parley .lane { stroke: #3d444d; }
.parley .badline { stroke: #ff8a80; }
.parley .badrow { fill: #ff8a80; }
}
</style>
)";

std::string text_at(int x, int y, std::string_view anchor, std::string_view kind,
                    std::string_view text) {
    return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" class=\"{}\">{}</text>\n", x, y,
                       anchor, kind, escaped_for_xml(text));
}

std::string picture(int height, std::string_view label, std::string_view body) {
    return fmt::format(
               "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"parley\" role=\"img\" "
               "aria-label=\"{3}\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n{2}",
               width, height, style_sheet, escaped_for_xml(label)) +
           std::string(body) + "</svg>\n";
}

/// Draws one picture from top to bottom.
class SvgPainter {
 public:
    explicit SvgPainter(const Trace& trace) : trace_(trace), rows_(chart_rows(trace, {})) {}

    std::string paint() {
        find_arrivals();
        const int lanes_end = y_of(rows_.rows.size());
        texts_ += text_at(left_lane, 22, "middle", "head", trace_.left);
        texts_ += text_at(right_lane, 22, "middle", "head", trace_.right);
        for (const int lane : {left_lane, right_lane}) {
            add_line({lane, 30}, {lane, lanes_end - row_height / 2}, "lane");
        }
        for (std::size_t i = 0; i < rows_.rows.size(); ++i) add_row(rows_.rows[i], i);
        int y = lanes_end + note_height / 2;
        for (const ChartNote& note : chart_notes(trace_, rows_.hidden_count, frames_max)) {
            y = add_note(note, y);
        }
        return picture(y + 4, fmt::format("{}: {}", trace_.protocol, trace_.violation.sentence),
                       lines_ + texts_);
    }

 private:
    struct Point {
        int x = 0;
        int y = 0;
    };

    static int y_of(std::size_t row) { return top + row_height * static_cast<int>(row); }
    static int lane_of(Party party) { return party == Party::left ? left_lane : right_lane; }
    /// 1 for what leads to the right, -1 for what leads to the left.
    static int towards(Party sender) { return sender == Party::left ? 1 : -1; }

    /// Where each message that is on its way for a while arrives.
    void find_arrivals() {
        for (std::size_t i = 0; i < rows_.rows.size(); ++i) {
            const ChartRow& row = rows_.rows[i];
            if (row.shape == RowShape::receive) arrivals_[{row.party, row.message}] = i;
        }
    }

    void add_line(Point from, Point to, std::string_view kind) {
        lines_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>\n",
                              from.x, from.y, to.x, to.y, kind);
    }

    void add_arrow(Point from, Point to, bool is_breaking) {
        const std::string_view kind = is_breaking ? "badline" : "";
        const int back = to.x > from.x ? -8 : 8;
        add_line(from, to, kind);
        add_line({to.x + back, to.y - 4}, to, kind);
        add_line({to.x + back, to.y + 4}, to, kind);
    }

    void add_states(const ChartRow& row, int y) {
        if (!row.left_state.empty()) {
            texts_ += text_at(left_lane - 12, y, "end", "state", cut(row.left_state, state_width));
        }
        if (!row.right_state.empty()) {
            texts_ +=
                text_at(right_lane + 12, y, "start", "state", cut(row.right_state, state_width));
        }
    }

    /// A text beside the lane of the party that acts.
    void add_text(Party party, int y, std::string_view kind, std::string_view text) {
        const int x = lane_of(party) + 10 * towards(party);
        texts_ += text_at(x, y, party == Party::left ? "start" : "end", kind, text);
    }

    void add_row(const ChartRow& row, std::size_t index) {
        const int y = y_of(index);
        if (row.is_breaking) {
            lines_ += fmt::format(
                "<rect x=\"0\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"badrow\"/>\n",
                y - row_height + 8, width, row_height);
        }
        if (trace_.loop_begin && !is_in_loop_ && row.event > *trace_.loop_begin) {
            is_in_loop_ = true;
            texts_ += text_at(4, y - row_height / 2, "start", "stale", "from here on, for ever:");
        }
        if (row.event != 0) {
            texts_ += text_at(4, y, "start", row.is_breaking ? "bad" : "dim",
                              fmt::format("{}", row.event));
        }
        add_states(row, y);
        add_middle(row, y);
    }

    void add_middle(const ChartRow& row, int y) {
        const std::string_view kind = row.is_breaking ? "bad" : row.is_stale ? "stale" : "";
        const int line_y = y + 4;
        const Point from{lane_of(row.party), line_y};
        const Point to{lane_of(model::other(row.party)), line_y};
        const int middle = (left_lane + right_lane) / 2;
        switch (row.shape) {
            case RowShape::arrow:
                texts_ += text_at(middle, y, "middle", kind, message_of(row));
                return add_arrow(from, to, row.is_breaking);
            case RowShape::send:
                add_text(row.party, y, kind, message_of(row));
                return add_arrow(from, arrival(row, line_y), row.is_breaking);
            case RowShape::receive:
                return add_text(model::other(row.party), y, kind, message_of(row));
            case RowShape::stay:
                add_text(row.party, y, kind, message_of(row) + " (stays in the queue)");
                return add_arrow(from, on_the_way(row, line_y), row.is_breaking);
            case RowShape::refuse:
                add_text(row.party, y, kind, message_of(row) + " (the queue is full)");
                return add_line(from, {from.x + 60 * towards(row.party), line_y}, "");
            case RowShape::text:
                return add_text(row.party, y, kind, cut(text_with_place(row), text_columns));
            case RowShape::gap:
                texts_ += text_at(middle, y, "middle", "dim", row.text);
        }
    }

    /// Where a message arrives; the row may have been left out, and then its line ends on the way.
    Point arrival(const ChartRow& row, int y) const {
        const auto found = arrivals_.find({row.party, row.message});
        if (found == arrivals_.end()) return on_the_way(row, y);
        return {lane_of(model::other(row.party)), y_of(found->second) + 4};
    }

    static Point on_the_way(const ChartRow& row, int y) {
        return {lane_of(row.party) + 200 * towards(row.party), y};
    }

    static std::string message_of(const ChartRow& row) {
        return fit_message(row.text, message_columns);
    }

    int add_note(const ChartNote& note, int y) {
        using enum ChartNote::Kind;
        const std::string_view kind = note.kind == violation                      ? "bad"
                                      : note.kind == race                         ? "head"
                                      : note.kind == hidden || note.kind == stale ? "dim"
                                                                                  : "";
        for (const std::string& line : wrap(note.text, note_columns)) {
            texts_ += text_at(note.kind == frame ? 24 : 8, y, "start", kind, line);
            y += note_height;
        }
        return y;
    }

    const Trace& trace_;
    ChartRows rows_;
    std::map<std::pair<Party, int>, std::size_t> arrivals_;
    std::string lines_;  ///< below the texts
    std::string texts_;
    bool is_in_loop_ = false;
};

}  // namespace

std::string svg(const Trace& trace) {
    return SvgPainter(trace).paint();
}

std::string empty_svg() {
    return picture(top, "no counterexample", text_at(8, 26, "start", "", "no counterexample"));
}

}  // namespace parley::checker::render
