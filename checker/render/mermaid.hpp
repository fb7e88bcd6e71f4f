#pragma once

#include "parley/checker/trace.hpp"

#include <string>

namespace parley::checker::render {

/// The run as a Mermaid `sequenceDiagram`, with the rows of the terminal's chart: a message with a
/// full arrow arrives as soon as it is sent; one with an open arrow later, where a note says so. A
/// pure function of the trace.
std::string mermaid(const Trace& trace);

/// What stands in a file that is for one diagram when there is no counterexample.
std::string empty_mermaid();

}  // namespace parley::checker::render
