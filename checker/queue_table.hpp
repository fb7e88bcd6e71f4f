#pragma once

#include "parley/checker/hash_index.hpp"
#include "parley/checker/number_table.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace parley::checker {

/// What a FIFO of messages has held, each content once and known by its number; so are messages.
/// A content is a shorter one and a message behind it. What taking the oldest message leaves is
/// known from the start.
class QueueTable {
 public:
    using Id = HashIndex::Id;
    static constexpr Id empty = 0;

    QueueTable() : queues_(1) {}

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
        const NumberPair recent = queues_[queue].recent[message % recent_count];
        if (recent.first == message + 1) return recent.second;
        const Id id = look_up(queue, message);
        queues_[queue].recent[message % recent_count] = {message + 1, id};
        return id;
    }

    /// See snapshot.hpp.
    template <class Archive>
    void transfer(Archive& archive) {
        archive(queues_);
        if constexpr (Archive::is_reading) {
            index_ = {};
            for (Id id = 1; id < queues_.size(); ++id) {
                const NumberPair key{queues_[id].older, queues_[id].newest};
                index_.find_or_insert(key.hash(), id, [](Id) { return false; });
            }
        }
    }

    std::size_t memory_bytes() const {
        return queues_.capacity() * sizeof(Queue) + index_.memory_bytes();
    }

 private:
    static constexpr std::size_t recent_count = 4;

    struct Queue {
        Id older = empty;
        Id newest = 0;
        Id oldest = 0;
        Id rest = empty;
        std::uint32_t size = 0;
        /// Some queues with one more message: the message's number and 1, and the queue.
        std::array<NumberPair, recent_count> recent{};
    };

    Id look_up(Id queue, Id message) {
        const auto candidate = static_cast<Id>(queues_.size());
        const Id id =
            index_.find_or_insert(NumberPair{queue, message}.hash(), candidate, [&](Id other) {
                return queues_[other].older == queue && queues_[other].newest == message;
            });
        if (id == candidate) insert(queue, message);
        return id;
    }

    void insert(Id older, Id message) {
        const std::size_t id = queues_.size();
        const Queue before = queues_[older];
        queues_.push_back({older, message, message, empty, before.size + 1, {}});
        if (older == empty) return;
        queues_[id].oldest = before.oldest;
        const Id rest = push(before.rest, message);
        queues_[id].rest = rest;
    }

    std::vector<Queue> queues_;
    HashIndex index_;
};

}  // namespace parley::checker
