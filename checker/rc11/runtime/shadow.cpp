#include "parley/checker/rc11/runtime/shadow.hpp"

#include <algorithm>

namespace parley::rc11 {

namespace {

bool is_ordered(const MemoryUse& earlier, ConstClock seen) {
    return earlier.thread < seen.size() && seen[earlier.thread] > earlier.events;
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
        const auto found = use_cell(cells_[cell], use, seen);
        if (!race) race = found;
    }
    return race;
}

std::optional<MemoryUse> Shadow::use_cell(std::vector<MemoryUse>& cell, const MemoryUse& use,
                                          ConstClock seen) {
    for (const MemoryUse& other : cell) {
        if (other.thread == use.thread || (other.bytes & use.bytes) == 0) continue;
        if (!other.is_write && !use.is_write) continue;
        if (other.is_atomic && use.is_atomic) continue;
        if (!is_ordered(other, seen)) return other;
    }
    const auto alike = std::ranges::find_if(cell, [&](const MemoryUse& other) {
        return other.thread == use.thread && other.bytes == use.bytes &&
               other.is_write == use.is_write && other.is_atomic == use.is_atomic;
    });
    if (alike == cell.end()) {
        cell.push_back(use);
    } else {
        *alike = use;
    }
    return std::nullopt;
}

}  // namespace parley::rc11
