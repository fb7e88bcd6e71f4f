#include "parley/checker/rc11/runtime/shadow.hpp"

#include <algorithm>
#include <utility>

namespace parley::rc11 {

namespace {

bool is_ordered(const MemoryUse& earlier, ConstClock seen) {
    return earlier.thread < seen.size() && seen[earlier.thread] > earlier.events;
}

bool is_race(const MemoryUse& earlier, const MemoryUse& use, ConstClock seen) {
    return earlier.thread != use.thread && (earlier.bytes & use.bytes) != 0 &&
           (earlier.is_write || use.is_write) && !(earlier.is_atomic && use.is_atomic) &&
           !is_ordered(earlier, seen);
}

bool is_alike(const MemoryUse& a, const MemoryUse& b) {
    return a.thread == b.thread && a.bytes == b.bytes && a.is_write == b.is_write &&
           a.is_atomic == b.is_atomic;
}

}  // namespace

std::optional<MemoryUse> Shadow::use(std::uintptr_t address, std::size_t size, MemoryUse use,
                                     ConstClock seen) {
    std::optional<MemoryUse> race;
    const std::uintptr_t end = address + size;
    for (std::uintptr_t cell = address / 8; cell * 8 < end; ++cell) {
        const std::uintptr_t first = std::max(address, cell * 8) - cell * 8;
        const std::uintptr_t last = std::min(end, cell * 8 + 8) - cell * 8;
        use.bytes = static_cast<std::uint8_t>((1U << last) - (1U << first));
        const auto found = use_cell(cell_of(cell), use, seen);
        if (!race) race = found;
    }
    return race;
}

std::optional<MemoryUse> Shadow::use_cell(Cell& cell, const MemoryUse& use, ConstClock seen) {
    std::uint32_t alike = none;
    for (std::uint32_t i = cell.first; i != none; i = uses_[i].next) {
        if (is_race(uses_[i].use, use, seen)) return uses_[i].use;
        if (is_alike(uses_[i].use, use)) alike = i;
    }
    if (alike != none) {
        uses_[alike].use = use;
    } else {
        uses_.push_back({use, std::exchange(cell.first, static_cast<std::uint32_t>(uses_.size()))});
    }
    return std::nullopt;
}

Shadow::Cell& Shadow::cell_of(std::uintptr_t number) {
    Cell* cell = &place_of(number);
    if (cell->number == number) return *cell;
    if (2 * (cells_used_ + 1) > cells_.size()) {
        grow();
        cell = &place_of(number);
    }
    ++cells_used_;
    cell->number = number;
    return *cell;
}

/// Where the cell is, or would be.
Shadow::Cell& Shadow::place_of(std::uintptr_t number) {
    std::size_t i = number * 0x9E3779B97F4A7C15U >> 32U;
    while (true) {
        Cell& cell = cells_[i++ & (cells_.size() - 1)];
        if (cell.number == number || cell.number == 0) return cell;
    }
}

void Shadow::grow() {
    std::pmr::vector<Cell> old(2 * cells_.size(), cells_.get_allocator());
    old.swap(cells_);
    for (const Cell& cell : old) {
        if (cell.number != 0) place_of(cell.number) = cell;
    }
}

}  // namespace parley::rc11
