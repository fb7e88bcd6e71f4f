#pragma once

#include "parley/protocols/model/platform.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

/// Send: one-way, a finite stream of items from a sender to a receiver, then the end.
///
///     sender            receiver
///        |-- Item(0) ------>|
///        |-- Item(1) ------>|
///        |-- Item(2) ------>|  refused: freed and counted
///        |       ...        |
///        |-- End(3) ------->|
///
/// Items arrive in order, each exactly once; End is the last message and there is one. The receiver
/// says nothing, so nothing can cross.
///
/// Ownership: the buffer of an item belongs to the sender until send has returned true and to the
/// receiver from then on, which ends it.
///
/// Failure modes: a full queue is reported and then nothing has happened, the buffer stays with
/// the sender; an item that was only offered is freed and counted as `lost` (transmission failure),
/// and takes no number. The receiver may refuse an item, and does so by itself when
/// the one before has not been taken yet; the buffer is freed and `refused` counts it (receiver
/// failure).
///
/// Source: Bencina, "A brief meditation on two-party message exchange", 2013 (send, sequence,
/// finite stream).
namespace parley::protocols::send {

template <class T, model::Platform P = model::StdPlatform>
struct Item {
    std::uint32_t number = 0;
    typename P::template Owned<T> buffer;
};

struct End {
    std::uint32_t count = 0;  ///< of the items before it
};

/// `T` is what a buffer holds.
template <class T, model::Platform P = model::StdPlatform>
struct Sender {
    static constexpr std::string_view name = "sender";
    using Inbox = std::variant<std::monostate>;
    using Outbox = std::variant<Item<T, P>, End>;
    using Owned = typename P::template Owned<T>;
    enum class State : std::uint8_t { open, ended };

    State state = State::open;
    std::uint32_t count = 0;  ///< items sent
    std::uint32_t lost = 0;   ///< items offered that found the queue full

    /// Hands `buffer` over. False: the queue is full or the stream has ended, and nothing has
    /// happened.
    bool send(Owned& buffer, auto& port) {
        if (state != State::open) return false;
        Item<T, P> item{count, std::move(buffer)};
        if (!port.send(std::move(item))) {
            buffer = std::move(item.buffer);
            return false;
        }
        ++count;
        return true;
    }

    /// Best effort: hands `buffer` over, or frees it and counts it as lost when the queue is full.
    /// Requires that the stream has not ended.
    void offer(Owned&& buffer, auto& port) {
        if (send(buffer, port)) return;
        ++lost;
        port.destroy(std::move(buffer));
    }

    /// Ends the stream. False: the queue is full or it has ended, and nothing has happened.
    bool end(auto& port) {
        if (state != State::open || !port.send(End{count})) return false;
        state = State::ended;
        return true;
    }
};

/// `T` is what a buffer holds.
template <class T, model::Platform P = model::StdPlatform>
struct Receiver {
    static constexpr std::string_view name = "receiver";
    using Inbox = std::variant<Item<T, P>, End>;
    using Outbox = std::variant<std::monostate>;
    using Owned = typename P::template Owned<T>;
    enum class State : std::uint8_t { open, ended };

    State state = State::open;
    std::uint32_t count = 0;    ///< items received, the refused ones included
    std::uint32_t refused = 0;  ///< items that were not processed
    Owned buffer;               ///< of the last item, until it is taken or refused

    bool has_item() const { return static_cast<bool>(buffer); }

    /// The buffer of the last item, or nothing.
    Owned take() { return std::move(buffer); }

    /// Frees the last item without processing it. Requires has_item().
    void refuse(auto& port) { drop(std::move(buffer), port); }

    void receive(Item<T, P>&& item, auto& port) {
        if (state != State::open || item.number != count) return port.reject(item);
        ++count;
        if (has_item()) {
            drop(std::move(item.buffer), port);
        } else {
            buffer = std::move(item.buffer);
        }
    }
    void receive(const End& end, auto& port) {
        if (state != State::open || end.count != count) return port.reject(end);
        state = State::ended;
    }

    void drop(Owned&& item, auto& port) {
        ++refused;
        port.destroy(std::move(item));
    }
};

}  // namespace parley::protocols::send
