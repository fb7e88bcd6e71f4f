#pragma once

#include "parley/specs/model/page.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker {

/// What the parts of a page are called in C++.
struct SkeletonNames {
    std::string protocol;                            ///< of the namespaces
    std::array<std::string, 2> roles;                ///< types, by party
    std::array<std::vector<std::string>, 2> states;  ///< enumerators, by party
    std::vector<std::string> commands;               ///< "arm_timer", by message
};

/// Throws InputError, with the line of the page, for a name that must be kept and cannot be one in
/// C++: that of the protocol, of a message or of the key.
SkeletonNames skeleton_names(const specs::model::Page& page, std::string_view protocol);

}  // namespace parley::checker
