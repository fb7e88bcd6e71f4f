#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

/// Unreliable send: messages over a transport that may lose, double or reorder them, each delivered
/// at most once and in order. What is lost is known to be lost.
///
///     sender             receiver
///        |-- Datagram(1) ---->|  delivered
///        |-- Datagram(2) --x  |  lost: transmission failure
///        |-- Datagram(3) ---->|  delivered, one is missed
///        |-- Datagram(3) ---->|  a copy: stale, without effect
///        |-- Datagram(4) ---->|  the receiver is busy: refused, receiver failure
///
/// The sender numbers what it sends, also what finds the queue full, and never looks back: it gets
/// no answer, so nothing can cross. The receiver takes the numbers that are above all that it has
/// seen. A gap in them is counted as `missed`; what is below, a copy or a message that has been
/// overtaken, as `stale`. A message that has been overtaken has been counted as missed before, and
/// stays so.
///
/// Failure modes: transmission failure, when a full queue or the transport loses a message: the
/// sender knows of the first, the receiver of both as soon as a later message arrives. Receiver
/// failure, when a message arrives and is not processed: the receiver refuses it while it holds one
/// already, or by choice, and counts it as `refused`. Every number is processed, refused or missed.
///
/// Source: Bencina, "A brief meditation on two-party message exchange", 2013 (send, with both kinds
/// of failure; sequences whose disorder is detected).
namespace parley::protocols::unreliable_send {

/// `T` is a value that may be copied.
template <class T>
struct Datagram {
    std::uint32_t number = 0;  ///< counted from 1
    T value{};
};

template <class T>
struct Sender {
    static constexpr std::string_view name = "sender";
    using Inbox = std::variant<std::monostate>;
    using Outbox = std::variant<Datagram<T>>;

    std::uint32_t number = 0;  ///< of the last message
    std::uint32_t lost = 0;    ///< of them, those that found the queue full

    /// Sends `value`, or loses it when the queue is full. False: it is lost.
    bool send(const T& value, auto& port) {
        ++number;
        const bool is_sent = port.send(Datagram<T>{number, value});
        if (!is_sent) ++lost;
        return is_sent;
    }
};

template <class T>
struct Receiver {
    static constexpr std::string_view name = "receiver";
    using Inbox = std::variant<Datagram<T>>;
    using Outbox = std::variant<std::monostate>;

    std::uint32_t number = 0;   ///< the highest that has arrived
    std::uint32_t missed = 0;   ///< numbers that had not arrived when a higher one did
    std::uint32_t refused = 0;  ///< messages that were not processed
    std::uint32_t stale = 0;    ///< copies, and messages that have been overtaken
    bool has_value = false;
    T value{};  ///< of the last message, until it is taken or refused

    /// The value of the last message. Requires has_value.
    T take() {
        has_value = false;
        return std::exchange(value, T{});
    }

    /// Leaves the last message unprocessed. Requires has_value.
    void refuse() {
        take();
        ++refused;
    }

    void receive(const Datagram<T>& datagram, auto&) {
        if (datagram.number <= number) {
            ++stale;
            return;
        }
        missed += datagram.number - number - 1;
        number = datagram.number;
        if (has_value) {
            ++refused;
        } else {
            has_value = true;
            value = datagram.value;
        }
    }
};

}  // namespace parley::protocols::unreliable_send
