#pragma once

#include "parley/checker/render/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker::render {

/// "file:line", the last word of a frame and of what quotes a page.
std::optional<Place> parse_place(std::string_view text);

/// Whether a place is in what comes with the system, such as the C++ library's headers.
bool is_of_system(const Place& place);

/// The function that a signature is of, without what it returns and takes and without template
/// arguments: "model::Endpoint::poll" of "bool model::Endpoint<Item>::poll<int>(int) const".
std::string name_of_function(std::string_view signature);

/// The frames of a stack (see RaceEnd), innermost first, a line for each, as "place  function". Of
/// more than `frames_max` some are left out, those of the system first, and a line says how many.
std::vector<std::string> stack_text(const std::vector<std::string>& stack, std::size_t frames_max);

}  // namespace parley::checker::render
