#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// A skeleton of the page specs/greeting.md, to be filled in. It sends and receives what the page
/// says; messages carry nothing yet.
namespace parley::protocols::greeting {

/// host to guest
struct Hello {};

/// guest to host
struct Hi {};

/// The host. Its states are those of its diagram.
struct Host {
    static constexpr std::string_view name = "host";
    using Inbox = std::variant<Hi>;
    using Outbox = std::variant<Hello>;
    enum class State : std::uint8_t { silent, asked, heard };

    State state = State::silent;

    /// Whether it may be left as it is.
    bool may_stop() const { return state == State::silent; }

    bool can_send_hello() const { return state == State::silent || state == State::heard; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_hello(auto& port) {
        if (!can_send_hello() || !port.send(Hello{})) return false;
        switch (state) {
            case State::heard:
                state = State::silent;
                break;
            case State::silent:
                state = State::asked;
                break;
            default:
                break;
        }
        return true;
    }

    void receive(const Hi& message, auto& port) {
        switch (state) {
            case State::asked:
                state = State::silent;
                return;
            case State::silent:
                state = State::heard;
                return;
            default:
                return port.reject(message);
        }
    }
};

/// The guest. Its states are those of its diagram.
struct Guest {
    static constexpr std::string_view name = "guest";
    using Inbox = std::variant<Hello>;
    using Outbox = std::variant<Hi>;
    enum class State : std::uint8_t { silent, asked, heard };

    State state = State::silent;

    /// Whether it may be left as it is.
    bool may_stop() const { return state == State::silent; }

    bool can_send_hi() const { return state == State::silent || state == State::heard; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_hi(auto& port) {
        if (!can_send_hi() || !port.send(Hi{})) return false;
        switch (state) {
            case State::heard:
                state = State::silent;
                break;
            case State::silent:
                state = State::asked;
                break;
            default:
                break;
        }
        return true;
    }

    void receive(const Hello& message, auto& port) {
        switch (state) {
            case State::asked:
                state = State::silent;
                return;
            case State::silent:
                state = State::heard;
                return;
            default:
                return port.reject(message);
        }
    }
};

}  // namespace parley::protocols::greeting
