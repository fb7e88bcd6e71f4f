#include "parley/checker/rc11/runtime/shadow.hpp"

#include <algorithm>

namespace parley::rc11 {

void Shadow::for_each_cell(std::uintptr_t address, std::size_t size, MemoryUse use, auto&& visit) {
    const std::uintptr_t end = address + size;
    for (std::uintptr_t cell = address / cell_bytes; cell * cell_bytes < end; ++cell) {
        const std::uintptr_t begin = cell * cell_bytes;
        const std::uintptr_t first = std::max(address, begin) - begin;
        const std::uintptr_t last = std::min(end, begin + cell_bytes) - begin;
        use.bytes = static_cast<std::uint8_t>((1U << last) - (1U << first));
        visit(cell, use);
    }
}

const MemoryUse* Shadow::use_several(std::uintptr_t address, std::size_t size, MemoryUse use,
                                     ConstClock seen) {
    const MemoryUse* race = nullptr;
    for_each_cell(address, size, use, [&](std::uintptr_t cell, const MemoryUse& part) {
        const MemoryUse* const found = use_cell(cell_of(cell), part, seen);
        if (race == nullptr) race = found;
    });
    // Of several cells, it is not worth finding out.
    events_before_ = 0;
    may_be_atomic_ = true;
    return race;
}

const MemoryUse* Shadow::find_race(std::uintptr_t address, std::size_t size, MemoryUse use,
                                   ConstClock seen) {
    const MemoryUse* race = nullptr;
    may_be_atomic_ = false;
    for_each_cell(address, size, use, [&](std::uintptr_t number, const MemoryUse& part) {
        const Cell& cell = place_of(number);
        may_be_atomic_ = may_be_atomic_ || cell.is_atomic;
        if (race == nullptr) race = find_race_in(cell, part, seen);
    });
    return race;
}

void Shadow::add(std::uintptr_t address, std::size_t size, MemoryUse use) {
    for_each_cell(address, size, use,
                  [&](std::uintptr_t cell, const MemoryUse& part) { add_to(cell_of(cell), part); });
}

void Shadow::forget(std::uintptr_t address, std::size_t size) {
    for_each_cell(address, size, {}, [&](std::uintptr_t number, const MemoryUse& part) {
        for (std::uint32_t i = place_of(number).first; i != none; i = uses_[i].next) {
            uses_[i].use.bytes &= static_cast<std::uint8_t>(~part.bytes);
        }
    });
}

void Shadow::note_atomic(std::uintptr_t address, std::size_t size) {
    for_each_cell(address, size, {},
                  [&](std::uintptr_t cell, const MemoryUse&) { cell_of(cell).is_atomic = true; });
}

const MemoryUse* Shadow::find_race_in(const Cell& cell, const MemoryUse& use,
                                      ConstClock seen) const {
    for (std::uint32_t i = cell.first; i != none; i = uses_[i].next) {
        const MemoryUse& earlier = uses_[i].use;
        if (earlier.thread != use.thread && is_race(earlier, use, seen)) return &earlier;
    }
    return nullptr;
}

Shadow::Cell& Shadow::new_cell(std::uintptr_t number) {
    if (2 * (cells_used_ + 1) > cells_.size()) grow();
    ++cells_used_;
    Cell& cell = place_of(number);
    cell.number = number;
    return cell;
}

void Shadow::grow() {
    std::pmr::vector<Cell> old(2 * cells_.size(), cells_.get_allocator());
    old.swap(cells_);
    for (const Cell& cell : old) {
        if (cell.number != 0) place_of(cell.number) = cell;
    }
}

}  // namespace parley::rc11
