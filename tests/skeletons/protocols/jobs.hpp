#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

/// A skeleton of the page specs/jobs.md, to be filled in. It sends and receives what the page
/// says; messages carry nothing yet but their id.
namespace parley::protocols::jobs {

/// client to server
struct Start {
    std::uint8_t id = 0;
};

/// client to server
struct Stop {
    std::uint8_t id = 0;
};

/// server to client
struct Done {
    std::uint8_t id = 0;
};

/// server to client
struct Stopped {
    std::uint8_t id = 0;
};

/// The client. Its states are those of its diagram.
struct Client {
    static constexpr std::string_view name = "client";
    using Inbox = std::variant<Done, Stopped>;
    using Outbox = std::variant<Start, Stop>;
    enum class State : std::uint8_t { free, running, stopping };

    std::array<State, 2> states{};  ///< by id

    /// Whether it may be left as it is.
    bool may_stop() const {
        return std::ranges::all_of(states, [](State state) { return state == State::free; });
    }

    bool can_send_start(std::uint8_t key) const { return states[key] == State::free; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_start(std::uint8_t key, auto& port) {
        if (!can_send_start(key) || !port.send(Start{key})) return false;
        State& state = states[key];
        state = State::running;
        return true;
    }

    bool can_send_stop(std::uint8_t key) const { return states[key] == State::running; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_stop(std::uint8_t key, auto& port) {
        if (!can_send_stop(key) || !port.send(Stop{key})) return false;
        State& state = states[key];
        state = State::stopping;
        return true;
    }

    void receive(const Done& message, auto& port) {
        if (message.id >= states.size()) return port.reject(message);
        State& state = states[message.id];
        switch (state) {
            case State::running:
            case State::stopping:
                state = State::free;
                return;
            default:
                return port.reject(message);
        }
    }

    void receive(const Stopped& message, auto& port) {
        if (message.id >= states.size()) return port.reject(message);
        State& state = states[message.id];
        switch (state) {
            case State::stopping:
                state = State::free;
                return;
            default:
                return port.reject(message);
        }
    }
};

/// The server. Its states are those of its diagram.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Start, Stop>;
    using Outbox = std::variant<Done, Stopped>;
    enum class State : std::uint8_t { free, running, stopping };

    std::array<State, 2> states{};  ///< by id

    /// Whether it may be left as it is.
    bool may_stop() const {
        return std::ranges::all_of(states, [](State state) { return state == State::free; });
    }

    bool can_send_done(std::uint8_t key) const { return states[key] == State::running; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_done(std::uint8_t key, auto& port) {
        if (!can_send_done(key) || !port.send(Done{key})) return false;
        State& state = states[key];
        state = State::free;
        return true;
    }

    bool can_send_stopped(std::uint8_t key) const { return states[key] == State::stopping; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_stopped(std::uint8_t key, auto& port) {
        if (!can_send_stopped(key) || !port.send(Stopped{key})) return false;
        State& state = states[key];
        state = State::free;
        return true;
    }

    void receive(const Start& message, auto& port) {
        if (message.id >= states.size()) return port.reject(message);
        State& state = states[message.id];
        switch (state) {
            case State::free:
                state = State::running;
                return;
            default:
                return port.reject(message);
        }
    }

    void receive(const Stop& message, auto& port) {
        if (message.id >= states.size()) return port.reject(message);
        State& state = states[message.id];
        switch (state) {
            case State::running:
                state = State::stopping;
                return;
            case State::free:
                return;  // without effect
            default:
                return port.reject(message);
        }
    }
};

}  // namespace parley::protocols::jobs
