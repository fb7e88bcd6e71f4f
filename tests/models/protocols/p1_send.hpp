#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// A counted send: 0, 1, 2, ... in order.
namespace parley::protocols::p1_send {

struct Number {
    std::uint8_t value = 0;
};

/// Sends the numbers.
struct Client {
    static constexpr std::string_view name = "client";
    using Inbox = std::variant<std::monostate>;
    using Outbox = std::variant<Number>;

    std::uint8_t sent = 0;
    bool is_finished = false;

    void send(auto& port) {
        if (port.send(Number{sent})) ++sent;
    }
};

/// Takes them in order only.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Number>;
    using Outbox = std::variant<std::monostate>;

    std::uint8_t expected = 0;

    void receive(const Number& number, auto& port) {
        if (number.value != expected) return port.reject(number);
        ++expected;
    }
};

}  // namespace parley::protocols::p1_send
