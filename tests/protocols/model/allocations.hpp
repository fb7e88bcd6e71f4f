#pragma once

#include <cstddef>

namespace parley::model {

/// How often this program has called `operator new` so far. The count is kept in
/// spsc_queue_test.cpp.
std::size_t allocations() noexcept;

}  // namespace parley::model
