#pragma once

#include "parley/checker/report.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Text for a terminal: one column per character, nothing that a terminal would obey.
namespace parley::checker::render {

/// `text` with everything but printable ASCII replaced by '?'.
std::string printable(std::string_view text);

/// `text` in at most `columns` columns; what was cut off is shown as "..".
std::string cut(std::string_view text, std::size_t columns);

/// `text` in lines of at most `columns` columns, broken at spaces where there are any.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

/// `text` with spaces behind or before it, in exactly `columns` columns; longer texts are cut.
std::string pad_right(std::string_view text, std::size_t columns);
std::string pad_left(std::string_view text, std::size_t columns);

/// The column in which the texts of a report begin, without its margin.
inline constexpr std::size_t label_width = 10;

/// "  bounds    capacity=2 rounds=3", made printable, wrapped and aligned; nothing for no text.
std::string labelled(std::string_view label, std::string_view text, std::size_t columns);

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number);

/// "0.02 s", "12.3 s", "4 min 5 s".
std::string duration(double seconds);

enum class Colour : std::uint8_t { none, dim, bold, red, green, yellow, cyan };

/// `text` between the terminal's codes for `colour`, or as it is when `is_on` is false.
std::string paint(std::string_view text, Colour colour, bool is_on);

/// Green for good news, red for a violation, yellow for what is undecided.
Colour colour_of(Verdict verdict);

}  // namespace parley::checker::render
