#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

/// Counted multi-reply: to each request some parts in order, then exactly one Done. Replies to
/// different requests interleave.
namespace parley::protocols::p3_multirep {

inline constexpr std::size_t requests_max = 4;

struct Request {
    std::uint8_t id = 0;
};
struct Part {
    std::uint8_t id = 0;
    std::uint8_t index = 0;
};
struct Done {
    std::uint8_t id = 0;
    std::uint8_t count = 0;
};

/// Expects the parts of each request by their index.
struct Client {
    static constexpr std::string_view name = "client";
    using Inbox = std::variant<Part, Done>;
    using Outbox = std::variant<Request>;
    enum class State : std::uint8_t { none, pending, done };
    struct Exchange {
        State state = State::none;
        std::uint8_t parts = 0;
    };

    std::uint8_t sent = 0;
    std::uint8_t done = 0;
    std::array<Exchange, requests_max> exchanges;
    bool is_finished = false;

    void request(auto& port) {
        if (port.send(Request{sent})) exchanges[sent++].state = State::pending;
    }
    void receive(const Part& part, auto& port) {
        Exchange& exchange = exchanges[part.id];
        if (exchange.state != State::pending || part.index != exchange.parts) {
            return port.reject(part);
        }
        ++exchange.parts;
    }
    void receive(const Done& message, auto& port) {
        Exchange& exchange = exchanges[message.id];
        if (exchange.state != State::pending || message.count != exchange.parts) {
            return port.reject(message);
        }
        exchange = {State::done, 0};
        ++done;
    }
};

/// Answers all requests that it has, side by side.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Request>;
    using Outbox = std::variant<Part, Done>;
    enum class State : std::uint8_t { none, active, lingering };  ///< lingering: by a bug only
    struct Exchange {
        State state = State::none;
        std::uint8_t parts = 0;
    };

    std::array<Exchange, requests_max> exchanges;

    void send_part(std::uint8_t id, auto& port) {
        Exchange& exchange = exchanges[id];
        if (port.send(Part{id, exchange.parts})) ++exchange.parts;
    }
    void finish(std::uint8_t id, State after, auto& port) {
        Exchange& exchange = exchanges[id];
        if (port.send(Done{id, exchange.parts})) exchange = {after, 0};
    }
    void receive(const Request& request, auto& port) {
        Exchange& exchange = exchanges[request.id];
        if (exchange.state != State::none) return port.reject(request);
        exchange.state = State::active;
    }
};

}  // namespace parley::protocols::p3_multirep
