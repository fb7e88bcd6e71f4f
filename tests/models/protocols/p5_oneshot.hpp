#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// Counted one-shots, one after another: Arm, then Fired; or Cancel, then Cancelled or, where they
/// cross, Fired. Exactly one outcome for each Arm.
namespace parley::protocols::p5_oneshot {

struct Arm {
    std::uint8_t id = 0;
};
struct Cancel {
    std::uint8_t id = 0;
};
struct Fired {
    std::uint8_t id = 0;
};
struct Cancelled {
    std::uint8_t id = 0;
};

enum class State : std::uint8_t { idle, armed, cancelling };

/// Arms, and cancels at any time. What its messages call the round is `id`.
struct Client {
    static constexpr std::string_view name = "client";
    using Inbox = std::variant<Fired, Cancelled>;
    using Outbox = std::variant<Arm, Cancel>;

    State state = State::idle;
    std::uint8_t round = 0;
    bool is_finished = false;

    void arm(std::uint8_t id, auto& port) {
        if (port.send(Arm{id})) state = State::armed;
    }
    void cancel(std::uint8_t id, auto& port) {
        if (port.send(Cancel{id})) state = State::cancelling;
    }
    void receive(const Fired& fired, auto& port, std::uint8_t id) {
        if (state == State::idle || fired.id != id) return port.reject(fired);
        settle();
    }
    void receive(const Cancelled& cancelled, auto& port, std::uint8_t id) {
        if (state != State::cancelling || cancelled.id != id) return port.reject(cancelled);
        settle();
    }

    void settle() {
        state = State::idle;
        ++round;
    }
};

/// Fires or confirms what is armed; a Cancel that comes too late is without effect.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Arm, Cancel>;
    using Outbox = std::variant<Fired, Cancelled>;

    State state = State::idle;
    std::uint8_t id = 0;

    void answer(auto& port) {
        const bool is_sent =
            state == State::armed ? port.send(Fired{id}) : port.send(Cancelled{id});
        if (is_sent) *this = Server{};
    }
    void receive(const Arm& arm, auto& port) {
        if (state != State::idle) return port.reject(arm);
        state = State::armed;
        id = arm.id;
    }
    void receive(const Cancel& cancel, auto&) {
        if (state == State::armed && cancel.id == id) state = State::cancelling;
    }
};

}  // namespace parley::protocols::p5_oneshot
