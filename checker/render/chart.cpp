#include "parley/checker/render/chart.hpp"

#include "parley/checker/render/chart_compact.hpp"
#include "parley/checker/render/chart_lanes.hpp"
#include "parley/checker/render/chart_notes.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace parley::checker::render {

namespace {

constexpr std::size_t state_max = 18;

/// Draws one chart from top to bottom.
class ChartPainter {
 public:
    ChartPainter(const Trace& trace, const ChartStyle& style)
        : trace_(trace),
          style_(style),
          rows_(chart_rows(trace, style)),
          number_width_(std::max<std::size_t>(2, fmt::formatted_size("{}", trace.events.size())) +
                        2),
          left_width_(state_width(&ChartRow::left_state)),
          right_width_(state_width(&ChartRow::right_state)),
          lanes_(style.columns - number_width_ - left_width_ - right_width_ - 4) {}

    std::string paint_all() {
        add_heads();
        bool is_in_loop = !trace_.loop_begin;
        for (const ChartRow& row : rows_.rows) {
            if (!is_in_loop && row.event > *trace_.loop_begin) {
                add_footer("from here on, again and again:", Colour::yellow);
                is_in_loop = true;
            }
            add_row(row);
        }
        for (const ChartNote& note :
             chart_notes(trace_, rows_.hidden_count, style_.full ? SIZE_MAX : few_frames)) {
            add_note(note);
        }
        return std::move(text_);
    }

 private:
    std::size_t state_width(std::string ChartRow::* state) const {
        std::size_t width = 6;
        for (const ChartRow& row : rows_.rows) width = std::max(width, (row.*state).size());
        return std::min(width, state_max);
    }

    void add_line(std::string_view line) {
        const std::size_t end = line.find_last_not_of(' ');
        text_ += line.substr(0, end == std::string_view::npos ? 0 : end + 1);
        text_ += '\n';
    }

    void add_heads() {
        const std::size_t left_lane = number_width_ + left_width_ + 1;
        const std::size_t right_lane = style_.columns - right_width_ - 2;
        const std::string left = cut(printable(trace_.left), left_lane);
        const std::string right = cut(printable(trace_.right), right_width_ + 10);
        std::string line(left_lane - std::min(left_lane, left.size() / 2), ' ');
        line += left;
        const std::size_t latest = style_.columns - right.size();
        line.resize(std::min(latest, right_lane - right.size() / 2), ' ');
        line += right;
        add_line(paint(line, Colour::bold, style_.colour));
    }

    void add_row(const ChartRow& row) {
        bool is_first = true;
        for (const std::string& middle : lanes_.draw(row)) {
            add_row_line(row, middle, is_first);
            is_first = false;
        }
    }

    void add_row_line(const ChartRow& row, const std::string& middle, bool is_first) {
        const bool has_number = is_first && row.event != 0;
        const std::string number = has_number ? fmt::format("{}", row.event) : "";
        const Colour number_colour = row.is_breaking ? Colour::red : Colour::dim;
        const Colour middle_colour = row.is_breaking               ? Colour::red
                                     : row.is_stale                ? Colour::yellow
                                     : row.shape == RowShape::gap  ? Colour::dim
                                     : row.shape == RowShape::text ? Colour::none
                                                                   : Colour::bold;
        const auto painted = [&](const std::string& text, Colour colour) {
            return paint(text, colour, style_.colour);
        };
        std::string line = painted(
            (row.is_breaking && is_first ? ">" : " ") + pad_left(number, number_width_ - 2) + " ",
            number_colour);
        line += painted(pad_left(is_first ? row.left_state : "", left_width_), Colour::cyan);
        line += " |" + painted(middle, middle_colour) + "| ";
        const std::string right = cut(is_first ? row.right_state : "", right_width_);
        if (!right.empty()) line += painted(right, Colour::cyan);
        add_line(line);
    }

    void add_footer(std::string_view text, Colour colour) {
        for (const std::string& line : wrap(text, style_.columns - 2)) {
            add_line("  " + paint(line, colour, style_.colour));
        }
    }

    void add_note(const ChartNote& note) {
        using enum ChartNote::Kind;
        if (note.kind == frame) return add_line("    " + cut(note.text, style_.columns - 4));
        add_footer(note.text, note.kind == violation                      ? Colour::red
                              : note.kind == race                         ? Colour::bold
                              : note.kind == hidden || note.kind == stale ? Colour::dim
                                                                          : Colour::none);
    }

    const Trace& trace_;
    const ChartStyle& style_;
    ChartRows rows_;
    std::size_t number_width_;  ///< with the mark before and a space behind
    std::size_t left_width_;
    std::size_t right_width_;
    ChartLanes lanes_;
    std::string text_;
};

}  // namespace

std::string chart(const Trace& trace, const ChartStyle& style) {
    return ChartPainter(trace, style).paint_all();
}

}  // namespace parley::checker::render
