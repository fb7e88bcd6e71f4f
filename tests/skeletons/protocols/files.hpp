#pragma once

#include "parley/protocols/model/deferred.hpp"

#include <cstdint>
#include <string_view>
#include <variant>

/// A skeleton of the page specs/files.md, to be filled in. It sends and receives what the page
/// says; messages carry nothing yet.
namespace parley::protocols::files {

/// client to server
struct Write {};

/// client to server
struct Read {};

/// client to server
struct Cancel {};

/// server to client
struct Written {};

/// server to client
struct Data {};

/// The client. Its states are those of its diagram.
struct Client {
    static constexpr std::string_view name = "client";
    using Inbox = std::variant<Written, Data>;
    using Outbox = std::variant<Write, Read, Cancel>;
    enum class State : std::uint8_t { idle, writing, reading, both, cancelling };

    State state = State::idle;

    /// Whether it may be left as it is.
    bool may_stop() const { return state == State::idle; }

    bool can_send_write() const { return state == State::idle; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_write(auto& port) {
        if (!can_send_write() || !port.send(Write{})) return false;
        state = State::writing;
        return true;
    }

    bool can_send_read() const { return state == State::idle || state == State::writing; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_read(auto& port) {
        if (!can_send_read() || !port.send(Read{})) return false;
        switch (state) {
            case State::idle:
                state = State::reading;
                break;
            case State::writing:
                state = State::both;
                break;
            default:
                break;
        }
        return true;
    }

    bool can_send_cancel() const { return state == State::both; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_cancel(auto& port) {
        if (!can_send_cancel() || !port.send(Cancel{})) return false;
        state = State::cancelling;
        return true;
    }

    void receive(const Written& message, auto& port) {
        switch (state) {
            case State::writing:
                state = State::idle;
                return;
            case State::both:
            case State::cancelling:
                state = State::reading;
                return;
            default:
                return port.reject(message);
        }
    }

    void receive(const Data& message, auto& port) {
        switch (state) {
            case State::reading:
                state = State::idle;
                return;
            default:
                return port.reject(message);
        }
    }
};

/// The server. Its states are those of its diagram.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Write, Read, Cancel>;
    using Outbox = std::variant<Written, Data>;
    enum class State : std::uint8_t { idle, writing, reading, cancelled };

    State state = State::idle;
    model::Deferred<Inbox> deferred;

    /// Whether it may be left as it is.
    bool may_stop() const {
        if (!deferred.is_empty()) return false;
        return state == State::idle;
    }

    bool can_send_written() const { return state == State::writing || state == State::cancelled; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_written(auto& port) {
        if (!can_send_written() || !port.send(Written{})) return false;
        state = State::idle;
        recall(port);
        return true;
    }

    bool can_send_data() const { return state == State::reading; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_data(auto& port) {
        if (!can_send_data() || !port.send(Data{})) return false;
        state = State::idle;
        recall(port);
        return true;
    }

    void receive(const Write& message, auto& port) {
        switch (state) {
            case State::idle:
                state = State::writing;
                return recall(port);
            default:
                return port.reject(message);
        }
    }

    void receive(const Read& message, auto& port) {
        switch (state) {
            case State::idle:
                state = State::reading;
                return recall(port);
            case State::writing:
            case State::cancelled:
                if (!deferred.add(message)) port.reject(message);
                return;
            default:
                return port.reject(message);
        }
    }

    void receive(const Cancel& message, auto& port) {
        switch (state) {
            case State::writing:
                state = State::cancelled;
                return recall(port);
            case State::idle:
            case State::reading:
                return;  // without effect
            default:
                return port.reject(message);
        }
    }

    bool is_deferred(const Write&) const { return false; }
    bool is_deferred(const Read&) const {
        return state == State::writing || state == State::cancelled;
    }
    bool is_deferred(const Cancel&) const { return false; }

    /// Handles what was deferred and is not any more.
    void recall(auto& port) {
        const auto is_due = [&](const Inbox& inbox) {
            return std::visit([&](const auto& each) { return !is_deferred(each); }, inbox);
        };
        while (const auto inbox = deferred.take(is_due)) {
            std::visit([&](const auto& each) { receive(each, port); }, *inbox);
        }
    }
};

}  // namespace parley::protocols::files
