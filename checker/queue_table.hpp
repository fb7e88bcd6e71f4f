#pragma once

#include "parley/checker/chunked.hpp"
#include "parley/checker/hash_index.hpp"
#include "parley/checker/number_table.hpp"
#include "parley/checker/require.hpp"

#include <cstddef>
#include <cstdint>

namespace parley::checker {

/// What a FIFO of messages has held, each content once and known by its number; so are messages.
/// A content is a shorter one and a message behind it. What taking the oldest message leaves is
/// known from the start.
class QueueTable {
 public:
    using Id = HashIndex::Id;
    static constexpr Id empty = 0;

    QueueTable() { queues_.push_back({}); }

    std::size_t size() const { return queues_.size(); }
    std::size_t size_of(Id queue) const { return queues_[queue].size; }
    /// The message at the head of a queue that is not empty.
    Id oldest(Id queue) const { return queues_[queue].oldest; }
    Id newest(Id queue) const { return queues_[queue].newest; }
    /// The queue without its oldest message.
    Id rest(Id queue) const { return queues_[queue].rest; }
    /// The queue without its newest message.
    Id older(Id queue) const { return queues_[queue].older; }

    /// The queue with one more message.
    Id push(Id queue, Id message) {
        const auto candidate = static_cast<Id>(queues_.size());
        const Id id =
            index_.find_or_insert(NumberPair{queue, message}.hash(), candidate, [&](Id other) {
                return queues_[other].older == queue && queues_[other].newest == message;
            });
        if (id == candidate) insert(queue, message);
        return id;
    }

    /// The queue with all messages of another one behind its own.
    Id append(Id queue, Id more) {
        if (more == empty) return queue;
        return push(append(queue, older(more)), newest(more));
    }

    /// Makes a question about a queue that comes soon not wait for memory.
    void prefetch(Id queue) const { __builtin_prefetch(&queues_[queue]); }

    /// See snapshot.hpp.
    template <class Archive>
    void transfer(Archive& archive) {
        queues_.transfer(archive);
        if constexpr (Archive::is_reading) {
            index_ = {};
            for (Id id = 1; id < queues_.size(); ++id) {
                const NumberPair key{queues_[id].older, queues_[id].newest};
                index_.find_or_insert(key.hash(), id, [](Id) { return false; });
            }
        }
    }

    std::size_t growth_bytes() const { return index_.growth_bytes(); }
    std::size_t memory_bytes() const { return queues_.memory_bytes() + index_.memory_bytes(); }

 private:
    struct Queue {
        Id older = empty;
        Id rest = empty;
        Id newest = 0;
        Id oldest : 26 = 0;
        Id size : 6 = 0;
    };

    void insert(Id older, Id message) {
        const std::size_t size = size_of(older) + 1;
        require(size < 64 && message < (1U << 26U),
                "there are fewer than 2^26 messages, and fewer than 64 in a queue");
        const std::size_t id = queues_.size();
        Queue queue{.older = older, .newest = message};
        queue.oldest = (older == empty ? message : oldest(older)) & ((1U << 26U) - 1);
        queue.size = static_cast<Id>(size) & 63U;
        queues_.push_back(queue);
        if (older == empty) return;
        const Id rest = push(this->rest(older), message);
        queues_[id].rest = rest;
    }

    Chunked<Queue> queues_;
    HashIndex index_;
};

}  // namespace parley::checker
