#pragma once

#include "parley/checker/rc11/clocks.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace parley::rc11 {

/// An access to memory, for finding races: it comes after the first `events` events of its thread,
/// or is the one that follows them.
struct MemoryUse {
    ThreadId thread = 0;
    std::uint32_t events = 0;
    std::uint8_t bytes = 0;  ///< which of the eight, as bits
    bool is_write = false;
    bool is_atomic = false;
};

/// Who has touched which byte in this execution. Two accesses race when they overlap, are of two
/// threads, one writes, one is not atomic, and none happens before the other. All of them are kept,
/// but for those of one thread that are alike, of which the last is.
class Shadow {
 public:
    void clear() { cells_.clear(); }

    /// An access that it races with; `seen` is what happens before the new one.
    std::optional<MemoryUse> use(std::uintptr_t address, std::size_t size, MemoryUse use,
                                 ConstClock seen);

 private:
    std::optional<MemoryUse> use_cell(std::vector<MemoryUse>& cell, const MemoryUse& use,
                                      ConstClock seen);

    std::unordered_map<std::uintptr_t, std::vector<MemoryUse>> cells_;  ///< eight bytes each
};

}  // namespace parley::rc11
