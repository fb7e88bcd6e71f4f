#pragma once

#include "parley/checker/rc11/operation.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace parley::rc11 {

/// A block of memory that code under check has asked for.
struct Block {
    std::uintptr_t begin = 0;
    std::size_t bytes = 0;
    bool is_freed = false;
};

/// The heap of code under check: each thread has a part of its own, where blocks follow each other.
/// Nothing is reused within an execution, so that an address depends on nothing but what its thread
/// has done, and a freed block can be told from a new one.
class Arena {
 public:
    static constexpr std::size_t threads_max = 64;
    static constexpr std::size_t thread_bytes = std::size_t{1} << 26;

    Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    ~Arena();

    /// Forgets all blocks.
    void clear();
    /// Null: the thread's part is full.
    void* allocate(ThreadId thread, std::size_t bytes, std::size_t alignment);

    bool contains(std::uintptr_t address) const { return address - begin_ < bytes_; }
    /// The last block that begins at or before the address, in the same part.
    Block* block_before(std::uintptr_t address);
    const std::vector<Block>& blocks(ThreadId thread) const { return blocks_[thread]; }

 private:
    static constexpr std::size_t bytes_ = threads_max * thread_bytes;

    std::uintptr_t begin_ = 0;
    std::vector<std::vector<Block>> blocks_;  ///< by thread, ascending
};

}  // namespace parley::rc11
