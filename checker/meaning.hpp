#pragma once

#include "parley/checker/report.hpp"

#include <optional>

namespace parley::checker {

/// Fills in what the report's verdict means, in a sentence: by engine, scheduler and counts.
void explain(Report& report);

/// Below which rate runs fail, with 95 % confidence, where those that were drawn have all passed: 3
/// in N, the rule of three. None: the report is not of runs that were drawn.
std::optional<double> failure_rate_below(const Report& report);

}  // namespace parley::checker
