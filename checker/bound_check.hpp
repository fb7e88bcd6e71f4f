#pragma once

#include "parley/checker/catalog.hpp"

#include <string_view>

namespace parley::checker {

/// The bound of a protocol with this name, those of a transport included, which every protocol has;
/// nullptr: there is none.
const BoundEntry* find_bound(const ProtocolEntry& protocol, std::string_view name);

/// Throws InputError unless `value` is one that `bound` may have.
void check_bound(const BoundEntry& bound, int value);

}  // namespace parley::checker
