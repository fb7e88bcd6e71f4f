#pragma once

#include "parley/checker/trace.hpp"

#include <string>
#include <string_view>

namespace parley::checker::render {

/// The run as a picture: the rows of the terminal's chart, with a line from where each message was
/// sent to where it was received, so that crossing messages cross. In the colours of the reader's
/// scheme, light or dark; nothing is loaded from anywhere. A pure function of the trace.
std::string svg(const Trace& trace);

/// What stands in a file that is for one picture when there is no counterexample.
std::string empty_svg();

}  // namespace parley::checker::render
