#include "parley/checker/rc11/runtime/arena.hpp"

#include "parley/checker/require.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

namespace parley::rc11 {

Arena::Arena() {
    void* const memory = mmap(nullptr, all_bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    checker::require(memory != MAP_FAILED, "there is address space for the heap under check");
    begin_ = reinterpret_cast<std::uintptr_t>(memory);
}

Arena::~Arena() {
    munmap(reinterpret_cast<void*>(begin_), all_bytes);
}

void* Blocks::allocate(std::size_t bytes, std::size_t alignment, Allocator allocator) {
    alignment = std::max(alignment, Arena::gap_bytes);
    const std::uintptr_t begin = (end() + Arena::gap_bytes + alignment - 1) / alignment * alignment;
    if (bytes > Arena::thread_bytes || begin + bytes > part_ + Arena::thread_bytes) return nullptr;
    blocks_.push_back({begin, bytes, false, allocator});
    // The same in each execution, and no value that a program hopes for.
    std::memset(reinterpret_cast<void*>(begin), 0xA5, bytes);
    return reinterpret_cast<void*>(begin);
}

std::span<const std::byte> Blocks::memory() const {
    return {reinterpret_cast<const std::byte*>(part_), end() - part_};
}

Block* Blocks::find_block_before(std::uintptr_t address, std::uint32_t& place) {
    const auto after = std::ranges::upper_bound(blocks_, address, {}, &Block::begin);
    if (after == blocks_.begin()) return nullptr;
    place = static_cast<std::uint32_t>(after - blocks_.begin()) - 1;
    return &blocks_[place];
}

}  // namespace parley::rc11
