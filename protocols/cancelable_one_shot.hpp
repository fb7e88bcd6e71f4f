#pragma once

#include "parley/protocols/model/platform.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

/// Cancelable one-shot: a timer, a delay, a completion. The requester arms it with a completion
/// object; the notifier gives the object back with exactly one outcome, fired or cancelled.
///
///     requester          notifier
///         |-- Arm(1) ------->|
///         |<------- Fired(1) |
///         |-- Arm(2) ------->|
///         |-- Cancel(2) ---->|
///         |<--- Cancelled(2) |
///         |-- Arm(3) ------->|
///         |-- Cancel(3) -.   |
///         |<-- Fired(3) --\--|  crosses Cancel(3): the outcome is fired
///         |                `>|  late: without effect
///         |-- Arm(4) ------->|
///
/// Crossing: a Cancel and a Fired of the same arm may be under way at once. Fired wins at both
/// ends: the notifier, which is idle by then, ignores the Cancel, and the requester, which waits
/// for the outcome of its Cancel, takes Fired for it. The requester may arm again at once. A Cancel
/// carries the round of its arm, so a late one never hits the next arm, even where messages
/// overtake each other; rounds wrap after 256 arms.
///
/// Ownership: the completion object belongs to the notifier from arm until the outcome is received.
///
/// Failure modes: arm, cancel and fire report a full queue and then nothing has happened. A
/// Cancelled that finds no room is kept and sent by flush; over a queue of its own that does not
/// happen, since at most one outcome is under way.
///
/// Source: Bencina, "A brief meditation on two-party message exchange", 2013 (one-shot notification
/// with cancellation).
namespace parley::protocols::cancelable_one_shot {

template <class T, model::Platform P = model::StdPlatform>
struct Arm {
    std::uint8_t round = 0;
    typename P::template Owned<T> completion;
};

struct Cancel {
    std::uint8_t round = 0;
};

template <class T, model::Platform P = model::StdPlatform>
struct Fired {
    std::uint8_t round = 0;
    typename P::template Owned<T> completion;
};

template <class T, model::Platform P = model::StdPlatform>
struct Cancelled {
    std::uint8_t round = 0;
    typename P::template Owned<T> completion;
};

enum class Outcome : std::uint8_t { none, fired, cancelled };

/// The party that wants to be told. `T` is the completion object.
template <class T, model::Platform P = model::StdPlatform>
struct Requester {
    static constexpr std::string_view name = "requester";
    using Inbox = std::variant<Fired<T, P>, Cancelled<T, P>>;
    using Outbox = std::variant<Arm<T, P>, Cancel>;
    using Owned = typename P::template Owned<T>;
    enum class State : std::uint8_t { idle, armed, cancelling };

    State state = State::idle;
    Outcome outcome = Outcome::none;  ///< of the last arm
    std::uint8_t round = 0;           ///< of the last arm, counted from 1
    Owned completion;                 ///< came back with the outcome; take it to arm again

    bool can_arm() const { return state == State::idle && !completion; }

    /// Hands `object` over until the outcome. False: the queue is full or can_arm() is not given,
    /// and nothing has happened.
    bool arm(Owned& object, auto& port) {
        if (!can_arm()) return false;
        Arm<T, P> message{static_cast<std::uint8_t>(round + 1), std::move(object)};
        if (!port.send(std::move(message))) {
            object = std::move(message.completion);
            return false;
        }
        state = State::armed;
        outcome = Outcome::none;
        ++round;
        return true;
    }

    /// Asks for the outcome to be `cancelled`; it may still be `fired`. False: the queue is full or
    /// nothing is armed, and nothing has happened.
    bool cancel(auto& port) {
        if (state != State::armed || !port.send(Cancel{round})) return false;
        state = State::cancelling;
        return true;
    }

    /// The object that came back, or nothing.
    Owned take_completion() { return std::move(completion); }

    void receive(Fired<T, P>&& fired, auto& port) {
        if (state == State::idle || fired.round != round) return port.reject(fired);
        settle(Outcome::fired, std::move(fired.completion));
    }
    void receive(Cancelled<T, P>&& cancelled, auto& port) {
        if (state != State::cancelling || cancelled.round != round) return port.reject(cancelled);
        settle(Outcome::cancelled, std::move(cancelled.completion));
    }

    void settle(Outcome settled, Owned&& object) {
        state = State::idle;
        outcome = settled;
        completion = std::move(object);
    }
};

/// The party that tells, once for each arm. `T` is the completion object.
template <class T, model::Platform P = model::StdPlatform>
struct Notifier {
    static constexpr std::string_view name = "notifier";
    using Inbox = std::variant<Arm<T, P>, Cancel>;
    using Outbox = std::variant<Fired<T, P>, Cancelled<T, P>>;
    using Owned = typename P::template Owned<T>;
    enum class State : std::uint8_t { idle, armed, cancelling };

    State state = State::idle;
    std::uint8_t round = 0;  ///< of the last arm
    Owned completion;        ///< while armed or cancelling

    bool can_fire() const { return state == State::armed; }

    /// Gives the object back with the outcome `fired`. False: the queue is full or nothing is
    /// armed, and nothing has happened.
    bool fire(auto& port) { return can_fire() && settle<Fired<T, P>>(port); }

    void receive(Arm<T, P>&& arm, auto& port) {
        if (state != State::idle) return port.reject(arm);
        state = State::armed;
        round = arm.round;
        completion = std::move(arm.completion);
    }
    void receive(const Cancel& cancel, auto& port) {
        if (state == State::idle || cancel.round != round) return;  // late: it has crossed Fired
        if (state == State::cancelling) return port.reject(cancel);
        state = State::cancelling;
        flush(port);
    }

    bool has_pending() const { return state == State::cancelling; }
    void flush(auto& port) {
        if (has_pending()) settle<Cancelled<T, P>>(port);
    }

    template <class Message>
    bool settle(auto& port) {
        Message message{round, std::move(completion)};
        if (!port.send(std::move(message))) {
            completion = std::move(message.completion);
            return false;
        }
        state = State::idle;
        return true;
    }
};

}  // namespace parley::protocols::cancelable_one_shot
