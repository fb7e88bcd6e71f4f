#include "parley/checker/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace parley::checker {

namespace {

constexpr int completion_price = 1;
constexpr int addition_price = 2;
constexpr int edit_price = 6;
constexpr std::size_t typed_max = 64;
/// For each character that is typed: what costs more is another name.
constexpr int slip_price_max = 4;
constexpr std::size_t listed_max = 8;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

int edit_cost(std::string_view typed, std::string_view name) {
    typed = typed.substr(0, typed_max);
    const auto is_same = [&](std::size_t i, std::size_t j) {
        return lower(typed[i]) == lower(name[j]);
    };
    std::vector<std::vector<int>> cost(typed.size() + 1, std::vector<int>(name.size() + 1));
    for (std::size_t i = 0; i <= typed.size(); ++i) {
        for (std::size_t j = 0; j <= name.size(); ++j) {
            int& best = cost[i][j];
            best = i == 0 && j == 0 ? 0 : std::numeric_limits<int>::max();
            const int added = i == typed.size() ? completion_price : addition_price;
            if (j > 0) best = std::min(best, cost[i][j - 1] + added);
            if (i > 0) best = std::min(best, cost[i - 1][j] + edit_price);
            if (i == 0 || j == 0) continue;
            best = std::min(best, cost[i - 1][j - 1] + (is_same(i - 1, j - 1) ? 0 : edit_price));
            if (i == 1 || j == 1) continue;
            if (is_same(i - 1, j - 2) && is_same(i - 2, j - 1)) {
                best = std::min(best, cost[i - 2][j - 2] + edit_price);
            }
        }
    }
    return cost[typed.size()][name.size()];
}

std::string_view nearest(std::string_view typed, std::span<const std::string_view> names) {
    const auto found = std::ranges::min_element(
        names, {}, [&](std::string_view name) { return edit_cost(typed, name); });
    return found == names.end() ? std::string_view{} : *found;
}

std::string unknown_name(std::string_view kind, std::string_view typed,
                         std::span<const std::string_view> names) {
    std::string shown(typed.substr(0, typed_max));
    std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
    if (names.empty()) return fmt::format("unknown {} '{}'", kind, shown);
    const std::string_view name = nearest(typed, names);
    if (edit_cost(typed, name) <=
        slip_price_max * static_cast<int>(std::max(shown.size(), std::size_t{2}))) {
        return fmt::format("unknown {} '{}'; did you mean '{}'?", kind, shown, name);
    }
    const auto listed = names.first(std::min(names.size(), listed_max));
    return fmt::format("unknown {} '{}'; there {} {}{}", kind, shown,
                       names.size() == 1 ? "is" : "are", fmt::join(listed, ", "),
                       listed.size() < names.size() ? ", ..." : "");
}

}  // namespace parley::checker
