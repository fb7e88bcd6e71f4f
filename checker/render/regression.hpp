#pragma once

#include "parley/checker/trace.hpp"

#include <string>

namespace parley::checker::render {

/// A Catch2 test that pins the bug of a trace: it runs the trace again, by its choices or by its
/// messages, and fails as long as the property does. Of a planted bug: unless it does. A pure
/// function of the trace.
std::string regression_test(const Trace& trace);

}  // namespace parley::checker::render
