#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace parley::model {

/// Messages that a role has taken out of its queue before their time, the oldest first: a field of
/// a role whose page defers. `Message` is the role's inbox, or what else can be copied.
///
/// As a role defers, its queue has room again: up to `Capacity` messages more can be under way than
/// the queue holds.
template <class Message, std::size_t Capacity = 16>
struct Deferred {
    static_assert(Capacity <= 255);

    std::array<Message, Capacity> messages{};
    std::uint8_t count = 0;

    bool is_empty() const { return count == 0; }

    /// False: there is no room, and nothing has happened.
    bool add(const Message& message) {
        if (count == Capacity) return false;
        messages[count++] = message;
        return true;
    }

    /// Takes the oldest message for which `is_due(message)` is true; none: there is none.
    template <class IsDue>
    std::optional<Message> take(const IsDue& is_due) {
        const auto end = messages.begin() + count;
        const auto found = std::find_if(messages.begin(), end, is_due);
        if (found == end) return std::nullopt;
        const std::optional<Message> message{*found};
        std::move(found + 1, end, found);
        messages[--count] = Message{};
        return message;
    }

    /// For checks: what it holds, as bytes.
    template <class Archive>
    void transfer(Archive& archive) {
        archive(count);
        for (std::size_t i = 0; i < count; ++i) archive(messages[i]);
    }
};

}  // namespace parley::model
