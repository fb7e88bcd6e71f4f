#pragma once

#include "parley/checker/rc11/clocks.hpp"

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
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
///
/// A hash table with open addressing, from eight bytes of memory to the list of their accesses.
class Shadow {
 public:
    explicit Shadow(std::pmr::memory_resource* memory) : cells_(cells_min, memory), uses_(memory) {}

    /// An access that it races with; `seen` is what happens before the new one.
    std::optional<MemoryUse> use(std::uintptr_t address, std::size_t size, MemoryUse use,
                                 ConstClock seen);

 private:
    static constexpr std::uint32_t none = UINT32_MAX;
    static constexpr std::size_t cells_min = 32;

    struct Cell {
        std::uintptr_t number = 0;  ///< address / 8; 0: the cell is free
        std::uint32_t first = none;
    };
    struct Use {
        MemoryUse use;
        std::uint32_t next = none;  ///< use of the same cell
    };

    Cell& cell_of(std::uintptr_t number);
    Cell& place_of(std::uintptr_t number);
    void grow();
    std::optional<MemoryUse> use_cell(Cell& cell, const MemoryUse& use, ConstClock seen);

    std::pmr::vector<Cell> cells_;  ///< their number is a power of two
    std::size_t cells_used_ = 0;
    std::pmr::vector<Use> uses_;
};

}  // namespace parley::rc11
