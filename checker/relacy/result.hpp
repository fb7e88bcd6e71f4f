#pragma once

#include "parley/checker/relacy/campaign.hpp"
#include "parley/checker/relacy/simulate.hpp"
#include "parley/checker/report.hpp"

#include <string>

namespace parley::checker::relacy {

/// How a check's options are said to a simulation.
SimulationOptions simulation_options(const CheckOptions& check);

/// The property that a failure of a run violates.
Violation violation_of(const SimulationResult& result, const Campaign& campaign);

/// Fills in verdict and counts. `missing` names a message that was never sent, or is empty.
void judge(Report& report, const CheckOptions& check, const SimulationResult& result,
           const Campaign& campaign, const std::string& missing);

/// Fills in what a recorded run has shown.
void complete(Trace& trace, const SimulationResult& result, Campaign& campaign);

}  // namespace parley::checker::relacy
