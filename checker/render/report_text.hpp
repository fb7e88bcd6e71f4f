#pragma once

#include "parley/checker/render/chart.hpp"
#include "parley/checker/report.hpp"

#include <string>

namespace parley::checker::render {

/// "cancelable_one_shot + late_cancel_hits_next_arm", or the protocol alone.
std::string subject(const std::string& protocol, const std::string& mutant);

/// All of one report: verdict and its meaning, property and chart of a violation, bounds, counts,
/// seed, time. `replay` is the command that shows the run again; empty: there is none.
std::string report_text(const Report& report, const std::string& replay, const ChartStyle& style);

}  // namespace parley::checker::render
