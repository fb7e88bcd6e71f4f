#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace parley::checker::render {

std::string printable(std::string_view text) {
    std::string result(text);
    std::ranges::replace_if(result, [](char c) { return c < ' ' || c > '~'; }, '?');
    return result;
}

std::string cut(std::string_view text, std::size_t columns) {
    if (text.size() <= columns) return std::string(text);
    if (columns <= 2) return std::string(columns, '.');
    return std::string(text.substr(0, columns - 2)) + "..";
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
    std::vector<std::string> lines;
    while (text.size() > columns) {
        const std::size_t space = text.rfind(' ', columns);
        const bool has_space = space != std::string_view::npos && space > 0;
        const std::size_t end = has_space ? space : columns;
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(has_space ? end + 1 : end);
    }
    if (!text.empty() || lines.empty()) lines.emplace_back(text);
    return lines;
}

std::string pad_right(std::string_view text, std::size_t columns) {
    std::string result = cut(text, columns);
    result.resize(columns, ' ');
    return result;
}

std::string pad_left(std::string_view text, std::size_t columns) {
    const std::string result = cut(text, columns);
    return std::string(columns - result.size(), ' ') + result;
}

std::string labelled(std::string_view label, std::string_view text, std::size_t columns) {
    if (text.empty()) return "";
    std::string result;
    for (const std::string& line : wrap(printable(text), columns - label_width - 2)) {
        result +=
            fmt::format("  {}{}\n", pad_right(result.empty() ? label : "", label_width), line);
    }
    return result;
}

std::string grouped(std::uint64_t number) {
    std::string digits = fmt::format("{}", number);
    for (std::size_t i = digits.size(); i > 3;) {
        i -= 3;
        digits.insert(i, 1, ',');
    }
    return digits;
}

std::string duration(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return "?";
    if (seconds < 9.995) return fmt::format("{:.2f} s", seconds);
    if (seconds < 99.95) return fmt::format("{:.1f} s", seconds);
    if (seconds > 1e9) return "> 30 years";
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    return fmt::format("{} min {} s", whole / 60, whole % 60);
}

std::string paint(std::string_view text, Colour colour, bool is_on) {
    static constexpr std::array codes{"0", "2", "1", "31", "32", "33", "36"};
    if (!is_on || colour == Colour::none) return std::string(text);
    return fmt::format("\033[{}m{}\033[0m", codes[static_cast<std::size_t>(colour)], text);
}

Colour colour_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::verified:
        case Verdict::passed:
            return Colour::green;
        case Verdict::violated:
            return Colour::red;
        case Verdict::incomplete:
        case Verdict::vacuous:
            break;
    }
    return Colour::yellow;
}

}  // namespace parley::checker::render
