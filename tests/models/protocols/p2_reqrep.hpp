#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// Counted request and reply: requests with ids, as many under way as fit, replies in any order.
namespace parley::protocols::p2_reqrep {

/// A set of ids below 16.
struct IdSet {
    std::uint16_t bits = 0;

    bool has(std::uint8_t id) const { return (bits >> id & 1U) != 0; }
    bool is_empty() const { return bits == 0; }
    void add(std::uint8_t id) { bits = static_cast<std::uint16_t>(bits | 1U << id); }
    void remove(std::uint8_t id) { bits = static_cast<std::uint16_t>(bits & ~(1U << id)); }
};

struct Request {
    std::uint8_t id = 0;
};
struct Reply {
    std::uint8_t id = 0;
};

/// Expects one reply to each of its requests.
struct Client {
    static constexpr std::string_view name = "client";
    using Inbox = std::variant<Reply>;
    using Outbox = std::variant<Request>;

    std::uint8_t sent = 0;
    std::uint8_t done = 0;
    IdSet pending;
    bool is_finished = false;

    void request(auto& port) {
        if (!port.send(Request{sent})) return;
        pending.add(sent);
        ++sent;
    }
    void receive(const Reply& reply, auto& port) {
        if (!pending.has(reply.id)) return port.reject(reply);
        pending.remove(reply.id);
        ++done;
    }
};

/// Owes a reply to each request that it holds.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Request>;
    using Outbox = std::variant<Reply>;

    IdSet pending;

    bool reply(std::uint8_t id, auto& port) {
        if (!port.send(Reply{id})) return false;
        pending.remove(id);
        return true;
    }
    void receive(const Request& request, auto& port) {
        if (pending.has(request.id)) return port.reject(request);
        pending.add(request.id);
    }
};

}  // namespace parley::protocols::p2_reqrep
