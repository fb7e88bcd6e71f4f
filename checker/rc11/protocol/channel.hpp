#pragma once

#include "parley/checker/rc11/protocol/machine.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <source_location>
#include <utility>

namespace parley::rc11 {

/// What a queue promises, as a primitive of the engine: bounded, first in, first out, from one
/// thread to the other; a send is a release and the receive of that message an acquire, and so are
/// a receive and the send that its room is for. It has the part of SpscQueue that an endpoint
/// uses.
///
/// Each message is sent, and taken, in a place of its own, so that what a party may read is that
/// it is or is not, where a queue's counters have as many values as there are messages: a protocol
/// has far fewer executions. Nothing is ordered that a queue does not order: a consumer that finds
/// a message synchronises with that send alone.
template <class T>
class Channel {
 public:
    explicit Channel(std::size_t capacity)
        : ends_(Machine::current().make_channel()), capacity_(capacity) {}
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// False: the channel is full and nothing has happened.
    template <class... Args>
    bool try_emplace(Args&&... args) {
        Machine& machine = Machine::current();
        const auto number = static_cast<std::uint32_t>(messages_.size());
        const bool has_room =
            number < capacity_ ||
            machine.look(ends_, ChannelEnd::taken, number - static_cast<std::uint32_t>(capacity_));
        if (!has_room) return false;
        messages_.emplace_back(std::in_place, std::forward<Args>(args)...);
        machine.signal(ends_, ChannelEnd::sent, number);
        return true;
    }

    /// The oldest message, or null. It stays until pop().
    T* front() {
        if (!has_seen_) has_seen_ = Machine::current().look(ends_, ChannelEnd::sent, taken_);
        return has_seen_ ? &*messages_[taken_] : nullptr;
    }

    /// Destroys the oldest message. Requires that front() has returned it.
    void pop() {
        messages_[taken_].reset();
        has_seen_ = false;
        Machine::current().signal(ends_, ChannelEnd::taken, taken_++);
    }

    std::size_t capacity() const { return capacity_; }

 private:
    std::uint32_t ends_;
    std::size_t capacity_;
    std::deque<std::optional<T>> messages_;  ///< all that have been sent
    std::uint32_t taken_ = 0;
    bool has_seen_ = false;  ///< the consumer: the next one
};

}  // namespace parley::rc11
