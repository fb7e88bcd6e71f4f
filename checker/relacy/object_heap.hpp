#pragma once

#include "parley/checker/relacy/race_guard.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace parley::checker::relacy {

/// What the heap knows about an object, in front of it.
struct alignas(std::max_align_t) ObjectHeader {
    ObjectHeader(std::uint32_t number_of_object, std::size_t bytes_of_block)
        : number(number_of_object), bytes(bytes_of_block) {}

    RaceGuard guard;
    std::uint32_t number;
    bool is_alive = true;
    std::size_t bytes;  ///< of the block, this header included
};

/// The objects of a simulated run. A block is used again only by the next run, so that whoever
/// touches an object after its end is always found out.
///
/// We differ from Relacy's heap, which decides by a choice whether a freed block may come back at
/// once: that doubles a search at each free and hides late accesses to a block that did come back.
/// What is lost: a protocol that takes a new object for an old one because both had the same
/// address is not found.
class ObjectHeap {
 public:
    ObjectHeap() = default;
    ~ObjectHeap();
    ObjectHeap(const ObjectHeap&) = delete;
    ObjectHeap& operator=(const ObjectHeap&) = delete;

    /// A block of `bytes` that begins with a header, for a new object.
    ObjectHeader* make(std::size_t bytes);

    /// The first object that is still alive, or null.
    const ObjectHeader* first_leak() const;

    /// Ends a run that is over: all blocks are free again.
    void recycle();

    /// Ends a run that was abandoned, after its context is gone.
    void forget();

 private:
    void* take_block(std::size_t bytes);
    void give_block(ObjectHeader* header);

    std::vector<ObjectHeader*> made_;
    std::vector<std::pair<std::size_t, std::vector<void*>>> free_blocks_;  ///< by size
};

}  // namespace parley::checker::relacy
