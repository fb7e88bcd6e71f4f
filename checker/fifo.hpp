#pragma once

#include "parley/checker/require.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace parley::checker {

/// A bounded FIFO as a value: what explore puts in place of a queue.
template <class Message>
class Fifo {
 public:
    static constexpr std::size_t capacity_max = 16;

    std::size_t size() const { return size_; }
    bool is_empty() const { return size_ == 0; }

    void push(Message message) {
        require(size_ < capacity_max, "a FIFO under check holds at most 16 messages");
        messages_[(head_ + size_++) % capacity_max] = std::move(message);
    }

    Message pop() {
        require(size_ > 0, "a message is taken from a FIFO that has one");
        Message message = std::move(messages_[head_]);
        head_ = static_cast<std::uint8_t>((head_ + 1) % capacity_max);
        --size_;
        return message;
    }

    void clear() { head_ = size_ = 0; }

    /// Calls `visit` with each message, head first.
    template <class Visit>
    void for_each(const Visit& visit) {
        for (std::size_t i = 0; i < size_; ++i) visit(messages_[(head_ + i) % capacity_max]);
    }

    /// Puts a copy of the oldest message behind the newest.
    void duplicate() {
        require(size_ > 0, "a message is copied in a FIFO that has one");
        push(messages_[head_]);
    }

    /// Reads or writes the messages that are in it, head first (see codec.hpp).
    template <class Archive>
    void transfer(Archive& archive) {
        archive(size_);
        for_each([&](Message& message) { archive(message); });
    }

 private:
    std::array<Message, capacity_max> messages_{};
    std::uint8_t head_ = 0;
    std::uint8_t size_ = 0;
};

}  // namespace parley::checker
