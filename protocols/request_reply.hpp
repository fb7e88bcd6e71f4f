#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

/// Request-reply: a function call, a query. Several requests may be outstanding; replies come in
/// any order and carry the id of their request.
///
///     requester               server
///         |-- Request(0, a) ---->|
///         |-- Request(1, b) ---->|
///         |<----- Reply(1, f(b)) |
///         |-- Request(1, c) ---->|  id 1 is free again
///         |<----- Reply(0, f(a)) |
///         |<----- Reply(1, f(c)) |
///
/// Each request gets exactly one reply. At most `window` requests are outstanding, counted from the
/// sending of a request until its reply has been received. With a window that is not larger than
/// the capacity of the queues, a reply always finds room, and so does a request within the window.
///
/// Crossing: a request may cross any reply; they belong to different ids, and an id is used again
/// only when its reply has been received.
///
/// Failure modes: request reports a full window or queue, reply a full queue, and then nothing has
/// happened; the server tries again. Where the window fits that does not happen.
///
/// Source: Bencina, "A brief meditation on two-party message exchange", 2013 (request-reply); the
/// window is that of Cerf and Kahn, "A protocol for packet network intercommunication", IEEE
/// Transactions on Communications 22(5), 1974, with ids from a set in place of a sequence.
namespace parley::protocols::request_reply {

/// Ids are below it.
inline constexpr std::size_t window_max = 8;

struct Request {
    std::uint8_t id = 0;
    std::uint32_t argument = 0;

    bool operator==(const Request&) const = default;
};

struct Reply {
    std::uint8_t id = 0;
    std::uint32_t result = 0;

    bool operator==(const Reply&) const = default;
};

/// A set of ids below window_max.
struct IdSet {
    std::uint8_t bits = 0;

    bool operator==(const IdSet&) const = default;

    constexpr bool has(std::size_t id) const { return id < window_max && (bits >> id & 1U) != 0; }
    constexpr void add(std::size_t id) { bits = static_cast<std::uint8_t>(bits | 1U << id); }
    constexpr void remove(std::size_t id) { bits = static_cast<std::uint8_t>(bits & ~(1U << id)); }
    constexpr int size() const { return std::popcount(bits); }
    constexpr bool is_empty() const { return bits == 0; }
    /// The lowest id that is not in it; window_max when all are.
    constexpr std::size_t lowest_free() const {
        return static_cast<std::size_t>(std::countr_one(bits));
    }
    /// The id in it that has `index` others below it. Requires index < size().
    constexpr std::size_t at(int index) const {
        std::uint8_t rest = bits;
        for (; index > 0; --index) rest = static_cast<std::uint8_t>(rest & (rest - 1U));
        return static_cast<std::size_t>(std::countr_zero(rest));
    }
};

/// The party that asks. Its owner sets `window`, from 1 to window_max, and at most the capacity of
/// the queues.
struct Requester {
    static constexpr std::string_view name = "requester";
    using Inbox = std::variant<Reply>;
    using Outbox = std::variant<Request>;

    std::uint8_t window = 1;
    IdSet open{};  ///< requests without a reply
    Reply last{};  ///< the last reply

    bool operator==(const Requester&) const = default;

    bool can_request() const { return open.size() < window; }

    /// Asks; the answer is the id that the reply will carry. None: the window or the queue is full,
    /// and nothing has happened.
    std::optional<std::uint8_t> request(std::uint32_t argument, auto& port) {
        if (!can_request()) return std::nullopt;
        const auto id = static_cast<std::uint8_t>(open.lowest_free());
        if (!port.send(Request{id, argument})) return std::nullopt;
        open.add(id);
        return id;
    }

    void receive(const Reply& reply, auto& port) {
        if (!open.has(reply.id)) return port.reject(reply);
        open.remove(reply.id);
        last = reply;
    }
};

/// The party that answers, in any order.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Request>;
    using Outbox = std::variant<Reply>;

    IdSet open{};                                       ///< requests that it has not answered
    std::array<std::uint32_t, window_max> arguments{};  ///< of these, by id

    bool operator==(const Server&) const = default;

    /// Answers the request `id`. False: the queue is full or there is no such request, and nothing
    /// has happened.
    bool reply(std::uint8_t id, std::uint32_t result, auto& port) {
        if (!open.has(id) || !port.send(Reply{id, result})) return false;
        open.remove(id);
        arguments[id] = 0;
        return true;
    }

    void receive(const Request& request, auto& port) {
        if (request.id >= window_max || open.has(request.id)) return port.reject(request);
        open.add(request.id);
        arguments[request.id] = request.argument;
    }
};

}  // namespace parley::protocols::request_reply
