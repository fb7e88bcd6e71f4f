#pragma once

#include <string_view>

namespace parley::checker {

/// The version of Parley, as in "0.1.0".
std::string_view version();

}  // namespace parley::checker
