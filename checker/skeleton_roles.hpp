#pragma once

#include "parley/checker/skeleton_names.hpp"
#include "parley/specs/model/page.hpp"

#include <string>
#include <vector>

namespace parley::checker {

/// The text of protocols/<name>.hpp.
std::string write_roles(const specs::model::Page& page, const SkeletonNames& names);

/// The messages that a party sends, by number.
std::vector<std::size_t> messages_sent(const specs::model::Page& page, model::Party party);

/// `items` with `separator` between them, in lines of at most 100 columns: the first one goes on
/// behind `head`, the others begin in the column where the first item began.
std::string in_columns(const std::string& head, const std::vector<std::string>& items,
                       const std::string& separator, const std::string& tail);

}  // namespace parley::checker
