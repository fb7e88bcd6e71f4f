#pragma once

#include "parley/checker/trace.hpp"

#include <string>
#include <string_view>

namespace parley::checker::render {

/// The regular expression by which ShiViz reads what shiviz() writes.
inline constexpr std::string_view shiviz_pattern = R"((?<host>\S*) (?<clock>{.*})\n(?<event>.*))";

/// The run as a log for ShiViz (Beschastnikh, Wang, Brun and Ernst, Debugging distributed systems,
/// CACM 2016): two lines for each event, the party with its vector clock and what it did. A receive
/// knows what the sender knew. Every event is there. A pure function of the trace.
std::string shiviz(const Trace& trace);

}  // namespace parley::checker::render
