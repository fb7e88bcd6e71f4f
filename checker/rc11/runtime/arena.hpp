#pragma once

#include "parley/checker/rc11/operation.hpp"

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

namespace parley::rc11 {

/// A block of memory that code under check has asked for.
/// Where a block comes from.
enum class Allocator : std::uint8_t {
    heap,         ///< malloc and its like
    single,       ///< new
    array,        ///< new[]
    shared_text,  ///< the C++ library, for the message of an exception, whose copies share it
};

struct Block {
    std::uintptr_t begin = 0;
    std::size_t bytes = 0;
    bool is_freed = false;
    Allocator allocator = Allocator::heap;
};

/// The heap of code under check: each thread has a part of its own, where blocks follow each other.
/// Nothing is reused within an execution, so that an address depends on nothing but what its thread
/// has done, and a freed block can be told from a new one.
class Arena {
 public:
    static constexpr std::size_t threads_max = 64;
    static constexpr std::size_t thread_bytes = std::size_t{1} << 26;
    /// Between two blocks, so that the end of one is not the beginning of the next.
    static constexpr std::size_t gap_bytes = 16;

    Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    ~Arena();

    bool contains(std::uintptr_t address) const { return address - begin_ < all_bytes; }
    ThreadId thread_of(std::uintptr_t address) const {
        return static_cast<ThreadId>((address - begin_) / thread_bytes);
    }
    std::uintptr_t part(ThreadId thread) const { return begin_ + thread * thread_bytes; }

 private:
    static constexpr std::size_t all_bytes = threads_max * thread_bytes;

    std::uintptr_t begin_ = 0;
};

/// The blocks of one thread in one execution, ascending.
class Blocks {
 public:
    Blocks(std::uintptr_t part, std::pmr::memory_resource* memory) : part_(part), blocks_(memory) {}

    /// Null: the thread's part is full.
    void* allocate(std::size_t bytes, std::size_t alignment, Allocator allocator);
    /// The last block that begins at or before the address. `place` may be anything: blocks do not
    /// overlap, so that the one at that place is it when the address is in it. Then it is its
    /// place.
    Block* block_before(std::uintptr_t address, std::uint32_t& place) {
        const bool is_there =
            place < blocks_.size() && address - blocks_[place].begin < blocks_[place].bytes;
        return is_there ? &blocks_[place] : find_block_before(address, place);
    }
    const std::pmr::vector<Block>& all() const { return blocks_; }
    /// What the blocks take up.
    std::span<const std::byte> memory() const;

 private:
    Block* find_block_before(std::uintptr_t address, std::uint32_t& place);
    std::uintptr_t end() const {
        return blocks_.empty() ? part_ : blocks_.back().begin + blocks_.back().bytes;
    }

    std::uintptr_t part_;
    std::pmr::vector<Block> blocks_;
};

}  // namespace parley::rc11
