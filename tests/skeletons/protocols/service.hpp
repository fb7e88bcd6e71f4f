#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// A skeleton of the page specs/service.md, to be filled in. It sends and receives what the page
/// says; messages carry nothing yet.
namespace parley::protocols::service {

/// client to server
struct Ask {};

/// server to client
struct Answer {};

/// server to client
struct Shutdown {};

/// The client. Its states are those of its diagram.
struct Client {
    static constexpr std::string_view name = "client";
    using Inbox = std::variant<Answer, Shutdown>;
    using Outbox = std::variant<Ask>;
    enum class State : std::uint8_t { on, waiting, off };

    State state = State::on;

    /// Whether it may be left as it is.
    bool may_stop() const { return state == State::off; }

    bool can_send_ask() const { return state == State::on; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_ask(auto& port) {
        if (!can_send_ask() || !port.send(Ask{})) return false;
        state = State::waiting;
        return true;
    }

    void receive(const Answer& message, auto& port) {
        switch (state) {
            case State::waiting:
                state = State::on;
                return;
            default:
                return port.reject(message);
        }
    }

    void receive(const Shutdown& message, auto& port) {
        switch (state) {
            case State::on:
            case State::waiting:
                state = State::off;
                return;
            default:
                return port.reject(message);
        }
    }
};

/// The server. Its states are those of its diagram.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Ask>;
    using Outbox = std::variant<Answer, Shutdown>;
    enum class State : std::uint8_t { up, busy, down };

    State state = State::up;

    /// Whether it may be left as it is.
    bool may_stop() const { return state == State::up || state == State::down; }

    bool can_send_answer() const { return state == State::busy; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_answer(auto& port) {
        if (!can_send_answer() || !port.send(Answer{})) return false;
        state = State::up;
        return true;
    }

    bool can_send_shutdown() const { return state == State::up; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_shutdown(auto& port) {
        if (!can_send_shutdown() || !port.send(Shutdown{})) return false;
        state = State::down;
        return true;
    }

    void receive(const Ask& message, auto& port) {
        switch (state) {
            case State::up:
                state = State::busy;
                return;
            case State::down:
                return;  // without effect
            default:
                return port.reject(message);
        }
    }
};

}  // namespace parley::protocols::service
