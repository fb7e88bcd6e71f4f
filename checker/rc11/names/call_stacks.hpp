#pragma once

#include "parley/checker/symbolizer.hpp"

#include <span>
#include <vector>

namespace parley::rc11 {

/// What checker::symbolize() says, for this program out of its own debug information: in
/// milliseconds, where `addr2line` takes a second for a program of some megabytes.
std::vector<checker::Stack> stacks_of(std::span<void* const> return_addresses);

}  // namespace parley::rc11
