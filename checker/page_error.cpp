#include "parley/checker/page_error.hpp"

#include "parley/checker/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace parley::checker {

void refuse_page(std::string_view file, int line, std::string_view text) {
    throw InputError(fmt::format("{}:{}: {}", file, line, text));
}

std::string hint(std::string_view typed, std::span<const std::string_view> names) {
    if (names.empty() || typed.empty()) return "";
    return fmt::format("; did you mean '{}'?", nearest(typed, names));
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t shown_max = 40;
    std::string shown(text.substr(0, shown_max));
    std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
    return fmt::format("'{}{}'", shown, text.size() > shown_max ? ".." : "");
}

}  // namespace parley::checker
