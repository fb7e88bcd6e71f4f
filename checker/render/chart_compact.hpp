#pragma once

#include "parley/checker/render/chart.hpp"
#include "parley/checker/render/chart_rows.hpp"

#include <cstddef>
#include <vector>

namespace parley::checker::render {

/// The rows of a chart, and what was left out of them.
struct ChartRows {
    std::vector<ChartRow> rows;
    std::size_t hidden_count = 0;  ///< memory operations that are not shown
};

/// The rows for the events of `trace`. Unless the style is full: repeated rows are folded; touching
/// an object is shown only where it breaks the property; of many memory operations only those are
/// shown that read an old value, the last ones if the property is about memory, and the other
/// party's last operation on the last one's variable; a send and the receive that follows it are
/// one arrow; and what is still too long loses its middle.
ChartRows chart_rows(const Trace& trace, const ChartStyle& style);

}  // namespace parley::checker::render
