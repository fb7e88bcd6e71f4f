#pragma once

#include "parley/checker/page_check.hpp"
#include "parley/checker/page_graph.hpp"

namespace parley::checker {

/// The states of a party that may send as well as receive, as indices.
std::vector<std::uint16_t> mixed_states(const PageSystem& system, model::Party party);

/// Looks at queues of 1, 2, ... messages until a bigger one changes nothing, or up to a fixed
/// capacity, or number of configurations.
CapacityAnswer find_capacity(const specs::model::Page& page, const PageLimits& limits);

}  // namespace parley::checker
