#include "parley/checker/render/chart_fold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace parley::checker::render {

namespace {

constexpr std::size_t period_max = 8;

bool is_like(const std::vector<ChartRow>& rows, std::size_t a, std::size_t b, std::size_t count) {
    if (b + count > rows.size()) return false;
    for (std::size_t i = 0; i < count; ++i) {
        if (!rows[a + i].is_like(rows[b + i])) return false;
    }
    return true;
}

/// A group of `period` rows that occurs `count` times in a row.
struct Repeat {
    std::size_t period = 1;
    std::size_t count = 1;

    std::size_t size() const { return period * count; }
    std::size_t saved() const { return size() - period - (period > 1 && count > 1 ? 1 : 0); }
};

Repeat best_repeat(const std::vector<ChartRow>& rows, std::size_t first) {
    Repeat best;
    for (std::size_t period = 1; period <= period_max; ++period) {
        Repeat repeat{period, 1};
        while (is_like(rows, first, first + repeat.size(), period)) ++repeat.count;
        if (repeat.saved() > best.saved()) best = repeat;
    }
    return best;
}

ChartRow gap(std::string text, std::size_t count) {
    ChartRow row;
    row.shape = RowShape::gap;
    row.text = std::move(text);
    row.count = count;
    return row;
}

/// Shows the first group of `repeat`, which begins at `first`, and counts the others.
void add_repeat(std::vector<ChartRow>& folded, const ChartRow* first, Repeat repeat) {
    folded.insert(folded.end(), first, first + repeat.period);
    const std::size_t more = repeat.count - 1;
    if (repeat.period == 1) {
        folded.back().text += fmt::format("  (x{})", repeat.count);
        folded.back().count *= repeat.count;
        return;
    }
    const std::string times = more == 1 ? "once more" : fmt::format("{} more times", more);
    folded.push_back(
        gap(fmt::format("... these {} lines {}", repeat.period, times), repeat.period * more));
    folded.back().period = repeat.period;
}

}  // namespace

std::string repeats_text(std::size_t lines, std::size_t more) {
    const std::string what = lines == 1 ? "this line" : fmt::format("these {} lines", lines);
    return fmt::format("... {} {}", what,
                       more == 1 ? "once more" : fmt::format("{} more times", more));
}

std::vector<ChartRow> fold(const std::vector<ChartRow>& rows) {
    std::vector<ChartRow> folded;
    for (std::size_t first = 0; first < rows.size();) {
        const Repeat repeat = best_repeat(rows, first);
        if (repeat.saved() > 0) {
            add_repeat(folded, &rows[first], repeat);
        } else {
            folded.push_back(rows[first]);
        }
        first += repeat.saved() > 0 ? repeat.size() : 1;
    }
    return folded;
}

std::vector<ChartRow> elide(std::vector<ChartRow> rows, std::size_t rows_max) {
    if (rows.size() <= rows_max) return rows;
    const std::size_t head = rows_max / 4;
    const std::size_t tail = rows_max - head - 1;
    const std::size_t left_out = rows.size() - head - tail;
    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(head);
    const auto end = begin + static_cast<std::ptrdiff_t>(left_out);
    *begin = gap(fmt::format("... {} lines left out (--full shows them)", left_out), left_out);
    rows.erase(begin + 1, end);
    return rows;
}

}  // namespace parley::checker::render
