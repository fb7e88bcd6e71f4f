#include "parley/checker/render/coverage_text.hpp"

#include "parley/checker/coverage.hpp"
#include "parley/checker/render/report_text.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/checker/require.hpp"
#include "parley/checker/transition_label.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker::render {

namespace {

using model::Party;
using specs::model::Automaton;
using specs::model::Direction;
using specs::model::Page;
using specs::model::Transition;

constexpr std::size_t cell_width = 12;

/// What the checks of one engine have reached: it has several where a page tolerates more than one
/// transport.
struct Column {
    std::string engine;
    Coverage coverage;
};

/// Those of the reports that counted, by engine, and what all come to together.
struct Covered {
    std::vector<Column> columns;
    Coverage together;
};

Covered covered(const Page& page, std::span<const Report> reports) {
    Covered covered{{}, begin_coverage(page, 0, false)};
    for (const Report& report : reports) {
        if (!report.coverage) continue;
        add_coverage(covered.together, *report.coverage);
        const auto column = std::ranges::find(covered.columns, report.engine, &Column::engine);
        if (column == covered.columns.end()) {
            covered.columns.push_back({report.engine, *report.coverage});
        } else {
            add_coverage(column->coverage, *report.coverage);
        }
    }
    return covered;
}

/// Writes the table of one protocol.
class CoverageTable {
 public:
    CoverageTable(const Page& page, std::span<const Report> reports, const TableStyle& style)
        : page_(page), covered_(covered(page, reports)), style_(style) {
        const std::size_t cells = covered_.columns.size() * cell_width;
        name_width_ = style.columns > cells + name_min ? style.columns - cells : name_min;
    }

    std::string text() {
        for (const Party party : {Party::left, Party::right}) add_party(party);
        add_head("queues");
        for (const Party sender : {Party::left, Party::right}) {
            if (is_sending(sender)) add_queue(sender);
        }
        return std::move(text_);
    }

 private:
    static constexpr std::size_t name_min = 20;

    void add_head(std::string_view name) {
        std::string line = pad_right(fmt::format("  {}", name), name_width_);
        for (const Column& column : covered_.columns) {
            line += pad_left(printable(column.engine), cell_width);
        }
        text_ += paint(line, Colour::bold, style_.colour) + "\n";
    }

    /// A line with what `cell` says of each report's coverage.
    template <class Cell>
    void add_line(std::string_view name, Colour colour, const Cell& cell) {
        // A name that is too long has a line of its own.
        const bool fits = name.size() < name_width_;
        std::string line = fits ? pad_right(name, name_width_)
                                : std::string{name} + "\n" + std::string(name_width_, ' ');
        for (const Column& column : covered_.columns) {
            line += pad_left(cell(column.coverage), cell_width);
        }
        text_ += paint(line, colour, style_.colour) + "\n";
    }

    static std::string number(std::uint64_t count) { return count == 0 ? "-" : grouped(count); }

    void add_party(Party party) {
        const Automaton& automaton = page_.automaton(party);
        add_head(automaton.name);
        for (std::size_t state = 0; state < automaton.states.size(); ++state) {
            text_ += fmt::format("    {}{}\n", automaton.states[state], mark_of(automaton, state));
            for (std::size_t i = 0; i < automaton.transitions.size(); ++i) {
                if (automaton.transitions[i].from == state) add_edge(party, i);
            }
        }
    }

    static std::string_view mark_of(const Automaton& automaton, std::size_t state) {
        const bool is_initial = automaton.initial == state;
        if (automaton.is_accepting[state])
            return is_initial ? " (starts, may stop)" : " (may stop)";
        return is_initial ? " (starts)" : "";
    }

    void add_edge(Party party, std::size_t index) {
        const Automaton& automaton = page_.automaton(party);
        const Transition& edge = automaton.transitions[index];
        const TransitionUse& use = covered_.together.transitions[index_of(party)][index];
        const auto use_in = [&](const Coverage& coverage) -> const TransitionUse& {
            return coverage.transitions[index_of(party)][index];
        };
        const bool is_reached = use.taken > 0;
        const Colour missing = edge.is_optional ? Colour::dim : Colour::yellow;
        const std::string_view line = is_reached ? "--" : "..";
        add_line(fmt::format("      {0}{1}{0}> {2}{3}", line, label_of(page_, edge),
                             automaton.states[edge.to], edge.is_optional ? " (optional)" : ""),
                 is_reached ? Colour::none : missing,
                 [&](const Coverage& coverage) { return number(use_in(coverage).taken); });
        if (use.refused == 0) return;
        add_line("        found no room", Colour::none,
                 [&](const Coverage& coverage) { return number(use_in(coverage).refused); });
    }

    bool is_sending(Party party) const {
        for (const Transition& each : page_.automaton(party).transitions) {
            if (each.direction == Direction::send) return true;
        }
        return false;
    }

    void add_queue(Party sender) {
        const auto fill = [&](const Coverage& coverage) -> const QueueFill& {
            return coverage.queues[index_of(sender)];
        };
        const QueueFill& together = fill(covered_.together);
        text_ += fmt::format("    {}\n", together.text);
        add_line("      most messages", Colour::none, [&](const Coverage& coverage) {
            return fmt::format("{} of {}", fill(coverage).largest, fill(coverage).capacity);
        });
        add_line("      emptied", Colour::none,
                 [&](const Coverage& coverage) { return number(fill(coverage).emptied); });
        const bool is_missing = together.must_be_full && together.refused == 0;
        add_line("      found full by a send", is_missing ? Colour::yellow : Colour::none,
                 [&](const Coverage& coverage) { return number(fill(coverage).refused); });
        add_line("      wrapped, in runs", Colour::none, [&](const Coverage& coverage) {
            const auto& wrapped = fill(coverage).wrapped;
            return wrapped ? number(*wrapped) : "no slots";
        });
    }

    const Page& page_;
    Covered covered_;
    const TableStyle& style_;
    std::size_t name_width_ = 0;
    std::string text_;
};

std::string diagram(const Page& page, Party party, const Coverage& together) {
    const Automaton& automaton = page.automaton(party);
    std::string text = fmt::format(
        "### {}\n\n```mermaid\nflowchart LR\n    %% dotted: no run has taken it\n", automaton.name);
    for (std::size_t state = 0; state < automaton.states.size(); ++state) {
        text += fmt::format("    s{}([\"{}\"])\n", state, automaton.states[state]);
    }
    text += fmt::format("    start((\" \")) --> s{}\n", automaton.initial);
    for (std::size_t i = 0; i < automaton.transitions.size(); ++i) {
        const Transition& edge = automaton.transitions[i];
        const bool is_reached = together.transitions[index_of(party)][i].taken > 0;
        text += fmt::format("    s{} {}|\"{}{}\"| s{}\n", edge.from, is_reached ? "-->" : "-.->",
                            label_of(page, edge), edge.is_optional ? ", optional" : "", edge.to);
    }
    for (std::size_t state = 0; state < automaton.states.size(); ++state) {
        if (automaton.is_accepting[state])
            text += fmt::format("    s{} --> stop(((\" \")))\n", state);
    }
    return text + "```\n";
}

}  // namespace

std::string coverage_text(const Page& page, std::span<const Report> reports,
                          const TableStyle& style) {
    require(!reports.empty(), "a coverage is that of a check");
    const Report& first = reports.front();
    const Promises promises = promises_of(covered(page, reports).together);
    const std::string head =
        fmt::format("{}  {} of {} promises of the page reached",
                    subject(first.protocol, first.mutant), promises.reached, promises.count());
    return paint(head, Colour::bold, style.colour) + "\n" +
           CoverageTable(page, reports, style).text();
}

std::string coverage_diagrams(const Page& page, std::span<const Report> reports) {
    const Coverage together = covered(page, reports).together;
    return diagram(page, Party::left, together) + "\n" + diagram(page, Party::right, together);
}

}  // namespace parley::checker::render
