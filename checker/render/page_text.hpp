#pragma once

#include "parley/checker/page_check.hpp"
#include "parley/checker/render/chart.hpp"

#include <string>

namespace parley::checker::render {

/// All that a check of a page says, with a chart for each finding and for the first crossing.
std::string page_text(const PageReport& page, const ChartStyle& style);

}  // namespace parley::checker::render
