#pragma once

#include "parley/checker/report.hpp"

namespace parley::checker {

/// Fills in what the report's verdict means, in a sentence: by engine, scheduler and counts.
void explain(Report& report);

}  // namespace parley::checker
