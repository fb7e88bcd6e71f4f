#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// A counted subscription: sessions one after another, each with notes until its final message.
/// Notes cross Unsubscribe; none comes after the final message.
namespace parley::protocols::p4_subscr {

enum class Reason : std::uint8_t { acknowledged, ended };

struct Subscribe {
    std::uint8_t session = 0;
};
struct Unsubscribe {
    std::uint8_t session = 0;
};
struct Note {
    std::uint8_t number = 0;  ///< modulo Q
};
/// The last message of a session: the acknowledgement of Unsubscribe, or the server's own end.
struct Final {
    Reason reason = Reason::acknowledged;
    std::uint8_t session = 0;
};

/// Subscribes, and unsubscribes at any time.
struct Client {
    static constexpr std::string_view name = "client";
    using Inbox = std::variant<Note, Final>;
    using Outbox = std::variant<Subscribe, Unsubscribe>;
    enum class State : std::uint8_t { idle, subscribed, unsubscribing };

    State state = State::idle;
    std::uint8_t session = 0;
    std::uint8_t next_note = 0;
    bool is_finished = false;

    void subscribe(auto& port) {
        if (port.send(Subscribe{session})) state = State::subscribed;
    }
    void unsubscribe(auto& port) {
        if (port.send(Unsubscribe{session})) state = State::unsubscribing;
    }
    /// Notes are numbered modulo `modulus`.
    void receive(const Note& note, auto& port, int modulus) {
        if (state == State::idle || note.number != next_note) return port.reject(note);
        next_note = static_cast<std::uint8_t>((next_note + 1) % modulus);
    }
    void receive(const Final& final, auto& port) {
        const bool is_expected =
            final.reason == Reason::ended ? state != State::idle : state == State::unsubscribing;
        if (!is_expected || final.session != session) return port.reject(final);
        state = State::idle;
        ++session;
        next_note = 0;
    }
};

/// Sends notes while it has a subscriber.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Subscribe, Unsubscribe>;
    using Outbox = std::variant<Note, Final>;
    enum class State : std::uint8_t { none, active, closing };

    State state = State::none;
    std::uint8_t session = 0;
    std::uint8_t next_note = 0;

    bool is_active(std::uint8_t which) const { return state == State::active && session == which; }

    void notify(auto& port, int modulus) {
        if (!port.send(Note{next_note})) return;
        next_note = static_cast<std::uint8_t>((next_note + 1) % modulus);
    }
    /// Ends the session. False: the queue is full.
    bool finish(Reason reason, auto& port) {
        if (!port.send(Final{reason, session})) return false;
        *this = Server{};
        return true;
    }
    void receive(const Subscribe& message, auto& port) {
        if (state != State::none) return port.reject(message);
        state = State::active;
        session = message.session;
    }
    void receive(const Unsubscribe& message, auto& port) {
        if (!is_active(message.session)) return port.reject(message);
        state = State::closing;
    }
};

}  // namespace parley::protocols::p4_subscr
