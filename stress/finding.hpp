#pragma once

#include "parley/checker/trace.hpp"
#include "parley/stress/batch.hpp"
#include "parley/stress/tsan.hpp"

#include <vector>

namespace parley::stress {

/// The property that a report of ThreadSanitizer says is violated.
checker::Violation violation_of(const TsanReport& report);

/// Both ends of the race, with their stacks.
std::vector<checker::RaceEnd> race_ends(const TsanReport& report);

/// Why a batch was given up: what `party` was caught in.
checker::Violation violation_of(BatchEnd end, model::Party party, const SideEnd& side);

}  // namespace parley::stress
