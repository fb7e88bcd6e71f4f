#pragma once

#include <cstddef>

namespace parley::checker::relacy {

/// The upper `bytes` of a stack for one of Relacy's fibers, taken in place of its own 64 KiB from
/// the heap. Ours are larger, end in a page that faults on overflow, and are used again by the next
/// simulation where Relacy would leak them.
void* fiber_stack(std::size_t bytes);

/// All stacks are free again: called before each simulation.
void rewind_fiber_stacks();

}  // namespace parley::checker::relacy
