#pragma once

#include "parley/specs/model/page.hpp"

#include <string>
#include <string_view>

namespace parley::checker {

/// C++ that does just what a page says, to be filled in: two roles that conform to it, and scripts
/// that issue every command.
struct Skeleton {
    std::string roles;    ///< for protocols/<name>.hpp
    std::string scripts;  ///< for specs/<name>.hpp
};

/// Writes the skeleton of the protocol `name`. Its scripts include its roles from `folder`, as in
/// "parley/protocols". Throws InputError, with the line of the page, where
/// a name in it cannot be one in C++, and where the page has more than roles can have.
Skeleton write_skeleton(const specs::model::Page& page, std::string_view name,
                        std::string_view folder);

/// The capacity of both queues in the skeleton's checks: real queues need a power of two.
std::size_t skeleton_capacity(const specs::model::Page& page);

}  // namespace parley::checker
