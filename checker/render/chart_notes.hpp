#pragma once

#include "parley/checker/trace.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::checker::render {

/// One thing that is said below a chart.
struct ChartNote {
    enum class Kind : std::uint8_t {
        violation,  ///< the property and its sentence
        seen,       ///< what was seen instead
        state,      ///< the last state of a party, in full
        queue,      ///< what is in a queue at the end
        race,       ///< one end of a race
        frame,      ///< of its stack
        stale,      ///< what a load could have read, and why it need not
        hidden,     ///< what the chart leaves out
    };
    Kind kind = Kind::violation;
    std::string text;  ///< printable
};

/// How many frames of a stack are enough where there is little room.
inline constexpr std::size_t few_frames = 4;

/// What is said below the chart of a trace. `frames_max`: of each stack.
std::vector<ChartNote> chart_notes(const Trace& trace, std::size_t hidden_count,
                                   std::size_t frames_max);

}  // namespace parley::checker::render
