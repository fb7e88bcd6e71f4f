#pragma once

#include "parley/checker/rc11/litmus_test.hpp"

#include <string_view>
#include <vector>

namespace parley::rc11 {

/// The litmus tests of a text with one JSON object a line; the lines may be those of one array.
/// Throws InputError with `where`, the line and what is wrong with it.
std::vector<LitmusTest> litmus_tests_from_json(std::string_view text, std::string_view where);

}  // namespace parley::rc11
