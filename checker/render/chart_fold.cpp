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

ChartRow gap(std::string text) {
    ChartRow row;
    row.shape = RowShape::gap;
    row.text = std::move(text);
    return row;
}

}  // namespace

std::vector<ChartRow> fold(std::vector<ChartRow> rows) {
    std::vector<ChartRow> folded;
    for (std::size_t first = 0; first < rows.size();) {
        const Repeat repeat = best_repeat(rows, first);
        const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(first);
        const std::size_t kept = repeat.saved() > 0 ? repeat.period : 1;
        folded.insert(folded.end(), begin, begin + static_cast<std::ptrdiff_t>(kept));
        if (repeat.saved() > 0 && repeat.period == 1) {
            folded.back().text += fmt::format("  (x{})", repeat.count);
        } else if (repeat.saved() > 0) {
            folded.push_back(gap(fmt::format("... these {} lines {} more time{}", repeat.period,
                                             repeat.count - 1, repeat.count == 2 ? "" : "s")));
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
    std::vector<ChartRow> kept;
    kept.reserve(rows_max);
    const auto begin = rows.begin();
    kept.insert(kept.end(), begin, begin + static_cast<std::ptrdiff_t>(head));
    kept.push_back(gap(fmt::format("... {} lines left out (--full shows them)", left_out)));
    kept.insert(kept.end(), rows.end() - static_cast<std::ptrdiff_t>(tail), rows.end());
    return kept;
}

}  // namespace parley::checker::render
