#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// Counted request and reply over a transport that may lose and double: the client sends a request
/// again, the server answers every copy, and stale replies are ignored.
namespace parley::protocols::p2r_reliable {

struct Request {
    std::uint8_t id = 0;
};
struct Reply {
    std::uint8_t id = 0;
};

/// Has one request open at a time. Once finished it takes whatever is still on its way.
struct Client {
    static constexpr std::string_view name = "client";
    using Inbox = std::variant<Reply>;
    using Outbox = std::variant<Request>;

    std::uint8_t id = 0;
    bool is_waiting = false;
    bool is_finished = false;

    /// Sends the request, or once more. False: the queue is full.
    bool request(auto& port) {
        if (!port.send(Request{id})) return false;
        is_waiting = true;
        return true;
    }
    void receive(const Reply& reply, auto& port) {
        if (is_finished) return;
        const bool is_answer = is_waiting && reply.id == id;
        if (!is_answer && reply.id >= id) return port.reject(reply);
        if (!is_answer) return;
        ++id;
        is_waiting = false;
    }
};

/// Remembers the next id that it has not seen, and takes no request while it owes a reply.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Request>;
    using Outbox = std::variant<Reply>;

    std::uint8_t next = 0;
    std::uint8_t id = 0;  ///< of the reply that it owes
    bool owes_reply = false;

    void reply(auto& port) {
        if (!port.send(Reply{id})) return;
        id = 0;
        owes_reply = false;
    }
    void receive(const Request& request, auto& port) {
        if (request.id > next) return port.reject(request);
        if (request.id == next) ++next;
        id = request.id;
        owes_reply = true;
    }
};

}  // namespace parley::protocols::p2r_reliable
