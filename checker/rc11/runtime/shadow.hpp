#pragma once

#include "parley/checker/rc11/clocks.hpp"

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <utility>
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

/// Who has touched which byte in this execution, but for atomic accesses to objects that are still
/// atomic: those are kept with the objects. Two accesses race when they overlap, are of two
/// threads, one writes, one is not atomic, and none happens before the other. All of them are kept,
/// but for those of one thread that are alike, of which the last is.
///
/// A hash table with open addressing, from eight bytes of memory to the list of their accesses.
class Shadow {
 public:
    explicit Shadow(std::pmr::memory_resource* memory) : cells_(cells_min, memory), uses_(memory) {
        uses_.reserve(cells_min);
    }

    /// An access that it races with, or null; `seen` is what happens before the new one.
    [[gnu::always_inline]] const MemoryUse* use(std::uintptr_t address, std::size_t size,
                                                MemoryUse use, ConstClock seen) {
        const std::uintptr_t first = address % cell_bytes;
        if (first + size > cell_bytes) return use_several(address, size, use, seen);
        use.bytes = static_cast<std::uint8_t>(((1U << size) - 1U) << first);
        return use_cell(cell_of(address / cell_bytes), use, seen);
    }
    /// The same, but the new use is not kept.
    const MemoryUse* find_race(std::uintptr_t address, std::size_t size, MemoryUse use,
                               ConstClock seen);
    /// How many events the thread of the last use had had at its use before of the same kind of the
    /// same bytes; 0: there is none.
    std::uint32_t events_before() const { return events_before_; }
    /// Keeps an access that is known not to race with an earlier one.
    void add(std::uintptr_t address, std::size_t size, MemoryUse use);
    /// The memory is another object's from now on.
    void forget(std::uintptr_t address, std::size_t size);
    /// Calls `visit` for each access that is kept, with the number of its eight bytes.
    void for_each_use(auto&& visit) const {
        for (const Cell& cell : cells_) {
            if (cell.number == 0) continue;
            for (std::uint32_t i = cell.first; i != none; i = uses_[i].next) {
                visit(cell.number, uses_[i].use);
            }
        }
    }
    /// There is an atomic object.
    void note_atomic(std::uintptr_t address, std::size_t size);
    /// Whether there may have been one where the last use was, kept or not.
    bool may_be_atomic() const { return may_be_atomic_; }

 private:
    static constexpr std::uint32_t none = UINT32_MAX;
    static constexpr std::size_t cells_min = 16;
    static constexpr std::uintptr_t cell_bytes = 8;

    struct Cell {
        std::uintptr_t number = 0;  ///< address / 8; 0: the cell is free
        std::uint32_t first = none;
        bool is_atomic = false;  ///< some of it is, or has been
    };
    struct Use {
        MemoryUse use;
        std::uint32_t next = none;  ///< use of the same cell
    };

    const MemoryUse* use_several(std::uintptr_t address, std::size_t size, MemoryUse use,
                                 ConstClock seen);
    [[gnu::always_inline]] const MemoryUse* use_cell(Cell& cell, const MemoryUse& use,
                                                     ConstClock seen) {
        MemoryUse* alike = nullptr;
        for (std::uint32_t i = cell.first; i != none; i = uses_[i].next) {
            MemoryUse& earlier = uses_[i].use;
            if (earlier.thread == use.thread) {
                if (is_alike(earlier, use)) alike = &earlier;
            } else if (is_race(earlier, use, seen)) {
                return &earlier;
            }
        }
        events_before_ = alike != nullptr ? alike->events : 0;
        may_be_atomic_ = cell.is_atomic;
        if (alike != nullptr) {
            *alike = use;
        } else {
            add_to(cell, use);
        }
        return nullptr;
    }
    /// Of two threads.
    static bool is_race(const MemoryUse& earlier, const MemoryUse& use, ConstClock seen) {
        const bool is_ordered =
            earlier.thread < seen.size() && seen[earlier.thread] > earlier.events;
        return !is_ordered && (earlier.bytes & use.bytes) != 0 &&
               (earlier.is_write || use.is_write) && !(earlier.is_atomic && use.is_atomic);
    }
    /// Of one thread.
    static bool is_alike(const MemoryUse& a, const MemoryUse& b) {
        return a.bytes == b.bytes && a.is_write == b.is_write && a.is_atomic == b.is_atomic;
    }
    const MemoryUse* find_race_in(const Cell& cell, const MemoryUse& use, ConstClock seen) const;
    void add_to(Cell& cell, const MemoryUse& use) {
        uses_.push_back({use, std::exchange(cell.first, static_cast<std::uint32_t>(uses_.size()))});
    }
    /// Calls `visit` for the number of each cell with what the access is there.
    void for_each_cell(std::uintptr_t address, std::size_t size, MemoryUse use, auto&& visit);
    Cell& cell_of(std::uintptr_t number) {
        Cell& cell = place_of(number);
        return cell.number == number ? cell : new_cell(number);
    }
    Cell& new_cell(std::uintptr_t number);
    /// Where the cell is, or would be.
    Cell& place_of(std::uintptr_t number) {
        std::size_t i = number * 0x9E3779B97F4A7C15U >> 32U;
        while (true) {
            Cell& cell = cells_[i++ & (cells_.size() - 1)];
            if (cell.number == number || cell.number == 0) return cell;
        }
    }
    void grow();

    std::pmr::vector<Cell> cells_;  ///< their number is a power of two
    std::size_t cells_used_ = 0;
    std::pmr::vector<Use> uses_;
    std::uint32_t events_before_ = 0;
    bool may_be_atomic_ = false;
};

}  // namespace parley::rc11
