#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// Multi-reply: one request, progress while it is worked on, one final reply.
///
///     requester                  worker
///         |-- Request(1, a) ------->|
///         |<------- Progress(1, 1) -|
///         |        (queue full)     |  phases 2 and 3 are merged
///         |<------- Progress(1, 3) -|
///         |<-- Final(1, 4, f(a)) ---|  phase 4 is in it
///         |-- Request(2, b) ------->|
///
/// Phases are counted from 1 and grow from one progress message to the next; the final reply is the
/// last message of its request and there is exactly one. One request is open at a time.
///
/// Crossing: while a request is open the requester says nothing, so nothing can cross.
///
/// Failure modes: progress that finds the queue full is merged: when there is room, flush sends the
/// newest phase, unless the work has ended by then. The final reply is never left out: it is kept
/// until there is room. Request reports a full queue and then nothing has happened.
///
/// Source: Bencina, "A brief meditation on two-party message exchange", 2013 (multi-reply).
namespace parley::protocols::multi_reply {

struct Request {
    std::uint8_t round = 0;
    std::uint32_t argument = 0;
};

struct Progress {
    std::uint8_t round = 0;
    std::uint32_t phase = 0;
};

struct Final {
    std::uint8_t round = 0;
    std::uint32_t phases = 0;  ///< how many there were
    std::uint32_t result = 0;
};

/// The party that asks.
struct Requester {
    static constexpr std::string_view name = "requester";
    using Inbox = std::variant<Progress, Final>;
    using Outbox = std::variant<Request>;
    enum class State : std::uint8_t { idle, waiting };

    State state = State::idle;
    std::uint8_t round = 0;    ///< of the last request, counted from 1
    std::uint32_t phase = 0;   ///< the newest phase that has been reported
    std::uint32_t result = 0;  ///< of the last request that has ended

    bool operator==(const Requester&) const = default;

    bool can_request() const { return state == State::idle; }

    /// Asks. False: the queue is full or a request is open, and nothing has happened.
    bool request(std::uint32_t argument, auto& port) {
        const auto next = static_cast<std::uint8_t>(round + 1);
        if (!can_request() || !port.send(Request{next, argument})) return false;
        state = State::waiting;
        round = next;
        phase = 0;
        return true;
    }

    void receive(const Progress& progress, auto& port) {
        const bool is_expected =
            state == State::waiting && progress.round == round && progress.phase > phase;
        if (!is_expected) return port.reject(progress);
        phase = progress.phase;
    }
    void receive(const Final& final, auto& port) {
        const bool is_expected =
            state == State::waiting && final.round == round && final.phases >= phase;
        if (!is_expected) return port.reject(final);
        state = State::idle;
        phase = final.phases;
        result = final.result;
    }
};

/// The party that works.
struct Worker {
    static constexpr std::string_view name = "worker";
    using Inbox = std::variant<Request>;
    using Outbox = std::variant<Progress, Final>;
    enum class State : std::uint8_t { idle, working, finishing };

    State state = State::idle;
    std::uint8_t round = 0;      ///< of the last request
    std::uint32_t argument = 0;  ///< of the last request
    std::uint32_t phase = 0;     ///< that has been reached
    std::uint32_t reported = 0;  ///< the newest phase that has been sent
    std::uint32_t result = 0;    ///< while finishing

    bool operator==(const Worker&) const = default;

    bool is_working() const { return state == State::working; }

    /// Reaches the next phase and reports it, now or when there is room. Requires is_working().
    void advance(auto& port) {
        ++phase;
        flush(port);
    }

    /// Ends the work; the final reply is sent now or when there is room. Requires is_working().
    void finish(std::uint32_t outcome, auto& port) {
        state = State::finishing;
        result = outcome;
        flush(port);
    }

    void receive(const Request& request, auto& port) {
        if (state != State::idle) return port.reject(request);
        state = State::working;
        round = request.round;
        argument = request.argument;
        phase = 0;
        reported = 0;
    }

    bool has_pending() const {
        return state == State::finishing || (state == State::working && reported < phase);
    }
    void flush(auto& port) {
        if (!has_pending()) return;
        if (state == State::finishing) {
            if (port.send(Final{round, phase, result})) state = State::idle;
        } else {
            if (port.send(Progress{round, phase})) reported = phase;
        }
    }
};

}  // namespace parley::protocols::multi_reply
