#include "parley/checker/rc11/runtime/arena.hpp"

#include "parley/checker/require.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

namespace parley::rc11 {

namespace {
/// Between two blocks, so that the end of one is not the beginning of the next.
constexpr std::size_t gap_bytes = 16;
}  // namespace

Arena::Arena() : blocks_(threads_max) {
    void* const memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    checker::require(memory != MAP_FAILED, "there is address space for the heap under check");
    begin_ = reinterpret_cast<std::uintptr_t>(memory);
}

Arena::~Arena() {
    munmap(reinterpret_cast<void*>(begin_), bytes_);
}

void Arena::clear() {
    for (auto& blocks : blocks_) blocks.clear();
}

void* Arena::allocate(ThreadId thread, std::size_t bytes, std::size_t alignment) {
    std::vector<Block>& blocks = blocks_[thread];
    const std::uintptr_t part = begin_ + thread * thread_bytes;
    const std::uintptr_t free = blocks.empty() ? part : blocks.back().begin + blocks.back().bytes;
    alignment = std::max(alignment, gap_bytes);
    const std::uintptr_t begin = (free + gap_bytes + alignment - 1) / alignment * alignment;
    if (bytes > thread_bytes || begin + bytes > part + thread_bytes) return nullptr;
    blocks.push_back({begin, bytes, false});
    // The same in each execution, and no value that a program hopes for.
    std::memset(reinterpret_cast<void*>(begin), 0xA5, bytes);
    return reinterpret_cast<void*>(begin);
}

Block* Arena::block_before(std::uintptr_t address) {
    std::vector<Block>& blocks = blocks_[(address - begin_) / thread_bytes];
    const auto after = std::ranges::upper_bound(blocks, address, {}, &Block::begin);
    return after == blocks.begin() ? nullptr : &*(after - 1);
}

}  // namespace parley::rc11
