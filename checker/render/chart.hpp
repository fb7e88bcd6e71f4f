#pragma once

#include "parley/checker/trace.hpp"

#include <cstddef>
#include <string>

namespace parley::checker::render {

/// How a chart is drawn.
struct ChartStyle {
    bool colour = false;
    /// Every event and every frame of a stack. Otherwise memory operations that say little are left
    /// out, repeated lines are folded, and long runs lose their middle.
    bool full = false;
    std::size_t columns = 80;
    std::size_t rows_max = 26;  ///< of the chart proper, without heads and footers; not when full
};

/// The run as a sequence chart of two lanes for a terminal, in plain ASCII so that it can be pasted
/// anywhere: messages as arrows that leave where they were sent and arrive where they were received
/// (a message that waits is a column of ':', so that crossing messages cross), the state of each
/// role after its steps, memory operations, both ends of a race, and the event that broke the
/// property with the property's sentence. The numbers are those of the events, counted from 1.
///
/// A pure function of the trace. Whatever the trace contains, the text is printable ASCII.
std::string chart(const Trace& trace, const ChartStyle& style);

}  // namespace parley::checker::render
