#pragma once

#include "parley/checker/trace.hpp"

#include <string>

namespace parley::rc11 {

/// What the runtime says of an execution that violates something, as a violation of a check.
checker::Violation violation_of(const std::string& reason);

}  // namespace parley::rc11
