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
        visit(cell_of(cell), use);
    }
}

const MemoryUse* Shadow::use_several(std::uintptr_t address, std::size_t size, MemoryUse use,
                                     ConstClock seen) {
    const MemoryUse* race = nullptr;
    for_each_cell(address, size, use, [&](Cell& cell, const MemoryUse& part) {
        const MemoryUse* const found = use_cell(cell, part, seen);
        if (race == nullptr) race = found;
    });
    events_before_ = 0;  // Of several cells, it is not worth finding out.
    return race;
}

const MemoryUse* Shadow::find_race(std::uintptr_t address, std::size_t size, MemoryUse use,
                                   ConstClock seen) {
    const MemoryUse* race = nullptr;
    for_each_cell(address, size, use, [&](const Cell& cell, const MemoryUse& part) {
        if (race == nullptr) race = find_race_in(cell, part, seen);
    });
    return race;
}

void Shadow::add(std::uintptr_t address, std::size_t size, MemoryUse use) {
    for_each_cell(address, size, use,
                  [&](Cell& cell, const MemoryUse& part) { add_to(cell, part); });
}

void Shadow::note_atomic(std::uintptr_t address, std::size_t size) {
    for_each_cell(address, size, {}, [](Cell& cell, const MemoryUse&) { cell.is_atomic = true; });
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
