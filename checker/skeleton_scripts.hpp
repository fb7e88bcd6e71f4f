#pragma once

#include "parley/checker/skeleton_names.hpp"
#include "parley/specs/model/page.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::checker {

/// The text of specs/<name>.hpp. Scripts issue every command that is open, whichever, and after so
/// many only those that lead to where their party may stop, so that every run ends. `folder`: where
/// the roles are included from.
std::string write_scripts(const specs::model::Page& page, const SkeletonNames& names,
                          std::size_t capacity, std::string_view folder);

}  // namespace parley::checker
