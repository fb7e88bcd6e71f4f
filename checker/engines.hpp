#pragma once

#include <string_view>

namespace parley::checker {

/// Whether an engine takes every execution of RC11: of the source, or of compiled code.
constexpr bool is_rc11(std::string_view engine) {
    return engine == "rc11" || engine == "native";
}

}  // namespace parley::checker
