#pragma once

#include "parley/checker/report.hpp"

#include <span>
#include <string>
#include <string_view>

namespace parley::checker {

/// Throws InputError: "my.md:12: expected a state, found ':'".
[[noreturn]] void refuse_page(std::string_view file, int line, std::string_view text);

/// "; did you mean 'armed'?", or nothing when there is no name to offer.
std::string hint(std::string_view typed, std::span<const std::string_view> names);

/// `text` between quotes, cut short; nothing in it that a terminal would obey.
std::string in_quotes(std::string_view text);

}  // namespace parley::checker
