#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

/// A subscription and several cancelable one-shots over one pair of queues: the model for counts
/// and speed. The one-shots have a slot each and are used in rounds.
namespace parley::protocols::subshot {

inline constexpr std::size_t slots_max = 4;

struct Subscribe {
    std::uint8_t session = 0;
};
struct Unsubscribe {
    std::uint8_t session = 0;
};
struct Arm {
    std::uint8_t slot = 0;
    std::uint8_t round = 0;
};
struct Cancel {
    std::uint8_t slot = 0;
    std::uint8_t round = 0;
};
struct Note {
    std::uint8_t number = 0;  ///< modulo Q
};
struct Ack {
    std::uint8_t session = 0;
};
struct Fired {
    std::uint8_t slot = 0;
    std::uint8_t round = 0;
};
struct Cancelled {
    std::uint8_t slot = 0;
    std::uint8_t round = 0;
};

struct OneShot {
    enum class State : std::uint8_t { idle, armed, cancelling };

    State state = State::idle;
    std::uint8_t round = 0;
};

/// Subscribes and arms, and takes both back at any time.
struct Client {
    static constexpr std::string_view name = "client";
    using Inbox = std::variant<Note, Ack, Fired, Cancelled>;
    using Outbox = std::variant<Subscribe, Unsubscribe, Arm, Cancel>;
    enum class State : std::uint8_t { idle, subscribed, unsubscribing };

    State state = State::idle;
    std::uint8_t session = 0;
    std::uint8_t next_note = 0;
    std::array<OneShot, slots_max> slots;
    bool is_finished = false;

    void subscribe(auto& port) {
        if (!port.send(Subscribe{session})) return;
        state = State::subscribed;
        next_note = 0;
    }
    void unsubscribe(auto& port) {
        if (port.send(Unsubscribe{session})) state = State::unsubscribing;
    }
    void arm(std::uint8_t slot, auto& port) {
        OneShot& shot = slots[slot];
        if (port.send(Arm{slot, shot.round})) shot.state = OneShot::State::armed;
    }
    void cancel(std::uint8_t slot, auto& port) {
        OneShot& shot = slots[slot];
        if (port.send(Cancel{slot, shot.round})) shot.state = OneShot::State::cancelling;
    }

    /// Notes are numbered modulo `modulus`.
    void receive(const Note& note, auto& port, int modulus) {
        if (state == State::idle || note.number != next_note) return port.reject(note);
        next_note = static_cast<std::uint8_t>((next_note + 1) % modulus);
    }
    void receive(const Ack& ack, auto& port) {
        if (state != State::unsubscribing || ack.session != session) return port.reject(ack);
        state = State::idle;
        ++session;
        next_note = 0;
    }
    void receive(const Fired& fired, auto& port) {
        OneShot& shot = slots[fired.slot];
        if (shot.state == OneShot::State::idle || fired.round != shot.round) {
            return port.reject(fired);
        }
        settle(shot);
    }
    void receive(const Cancelled& cancelled, auto& port) {
        OneShot& shot = slots[cancelled.slot];
        if (shot.state != OneShot::State::cancelling || cancelled.round != shot.round) {
            return port.reject(cancelled);
        }
        settle(shot);
    }

    static void settle(OneShot& shot) {
        shot.state = OneShot::State::idle;
        ++shot.round;
    }
};

/// Notifies, acknowledges, fires and confirms. A Cancel that comes too late is without effect.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Subscribe, Unsubscribe, Arm, Cancel>;
    using Outbox = std::variant<Note, Ack, Fired, Cancelled>;
    enum class State : std::uint8_t { none, active, closing };

    State state = State::none;
    std::uint8_t session = 0;  ///< that is closing
    std::uint8_t next_note = 0;
    std::array<OneShot, slots_max> slots;

    void notify(auto& port, int modulus) {
        if (!port.send(Note{next_note})) return;
        next_note = static_cast<std::uint8_t>((next_note + 1) % modulus);
    }
    void acknowledge(auto& port) {
        if (!port.send(Ack{session})) return;
        state = State::none;
        session = 0;
        next_note = 0;
    }
    /// Fires what is armed and confirms what is cancelled.
    void answer(std::uint8_t slot, auto& port) {
        OneShot& shot = slots[slot];
        const bool is_sent = shot.state == OneShot::State::armed
                                 ? port.send(Fired{slot, shot.round})
                                 : port.send(Cancelled{slot, shot.round});
        if (is_sent) shot = OneShot{};
    }

    void receive(const Subscribe& message, auto& port) {
        if (state != State::none) return port.reject(message);
        state = State::active;
    }
    void receive(const Unsubscribe& message, auto& port) {
        if (state != State::active) return port.reject(message);
        state = State::closing;
        session = message.session;
    }
    void receive(const Arm& arm, auto& port) {
        OneShot& shot = slots[arm.slot];
        if (shot.state != OneShot::State::idle) return port.reject(arm);
        shot = {OneShot::State::armed, arm.round};
    }
    void receive(const Cancel& cancel, auto&) {
        OneShot& shot = slots[cancel.slot];
        if (shot.state == OneShot::State::armed && shot.round == cancel.round) {
            shot.state = OneShot::State::cancelling;
        }
    }
};

}  // namespace parley::protocols::subshot
