#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/monitor.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>
#include <variant>

/// Small protocols whose numbers of states and transitions are known: counted by Spin and by an
/// independent checker of guarded commands. Each client has a step of its own that ends it.
namespace parley::tests {

using specs::model::Bound;
using specs::model::Judge;
using specs::model::Received;

/// A client sends 0 to n-1 in order.
struct CountedSend {
    struct Number {
        std::uint8_t value = 0;
    };
    struct Client {
        static constexpr std::string_view name = "client";
        using Inbox = std::variant<std::monostate>;
        using Outbox = std::variant<Number>;
        std::uint8_t sent = 0;
        bool is_finished = false;
    };
    struct Server {
        static constexpr std::string_view name = "server";
        using Inbox = std::variant<Number>;
        using Outbox = std::variant<std::monostate>;
        std::uint8_t expected = 0;
        void receive(const Number& message, auto& port) {
            if (message.value != expected) port.reject(message);
            ++expected;
        }
    };

    struct Options {
        Bound capacity{1, 1, 16};
        Bound messages{2};
    };
    struct Left {
        Client role;
        bool can_act(const Options&) const { return true; }
        void act(auto& port, const Options& options) {
            if (role.sent == options.messages) {
                role.is_finished = true;
            } else if (port.send(Number{role.sent})) {
                ++role.sent;
            }
        }
        bool is_done(const Options&) const { return role.is_finished; }
    };
    struct Right {
        Server role;
        bool can_act(const Options&) const { return false; }
        void act(auto&, const Options&) {}
        bool is_done(const Options& options) const { return role.expected == options.messages; }
    };
    using Monitors = std::tuple<>;
};

/// A cancelable one-shot: arm, then fired, or cancel and cancelled; the cancel may cross fired.
/// `bug` 1: the client takes a crossing for an error. 2: the server answers a late cancel too.
template <int bug>
struct CountedOneShot {
    struct Arm {
        std::uint8_t round = 0;
    };
    struct Cancel {
        std::uint8_t round = 0;
    };
    struct Fired {
        std::uint8_t round = 0;
    };
    struct Cancelled {
        std::uint8_t round = 0;
    };
    enum class State : std::uint8_t { idle, armed, cancelling };

    struct Client {
        static constexpr std::string_view name = "client";
        using Inbox = std::variant<Fired, Cancelled>;
        using Outbox = std::variant<Arm, Cancel>;
        State state = State::idle;
        std::uint8_t round = 0;
        bool is_finished = false;
        void receive(const Fired& message, auto& port) {
            const bool is_expected = bug == 1 ? state == State::armed : state != State::idle;
            if (!is_expected || message.round != round) port.reject(message);
            next();
        }
        void receive(const Cancelled& message, auto& port) {
            if (state != State::cancelling || message.round != round) port.reject(message);
            next();
        }
        void next() {
            state = State::idle;
            ++round;
        }
    };
    struct Server {
        static constexpr std::string_view name = "server";
        using Inbox = std::variant<Arm, Cancel>;
        using Outbox = std::variant<Fired, Cancelled>;
        State state = State::idle;
        std::uint8_t round = 0;
        void receive(const Arm& message, auto& port) {
            if (state != State::idle) port.reject(message);
            state = State::armed;
            round = message.round;
        }
        void receive(const Cancel& message, auto&) {
            if (bug == 2 || (state == State::armed && round == message.round)) {
                state = State::cancelling;
                round = message.round;
            }
        }
    };

    struct Options {
        Bound capacity{1, 1, 16};
        Bound rounds{1};
    };
    struct Left {
        Client role;
        bool can_act(const Options&) const { return role.state != State::cancelling; }
        void act(auto& port, const Options& options) {
            if (role.state == State::armed) {
                if (port.send(Cancel{role.round})) role.state = State::cancelling;
            } else if (role.round == options.rounds) {
                role.is_finished = true;
            } else if (port.send(Arm{role.round})) {
                role.state = State::armed;
            }
        }
        bool is_done(const Options&) const { return role.is_finished; }
    };
    struct Right {
        Server role;
        bool can_act(const Options&) const { return role.state != State::idle; }
        void act(auto& port, const Options&) {
            const bool is_sent = role.state == State::armed ? port.send(Fired{role.round})
                                                            : port.send(Cancelled{role.round});
            if (is_sent) role = Server{};
        }
        bool is_done(const Options&) const { return false; }
        bool may_end(const Options&) const { return role.state == State::idle; }
    };
    using Monitors = std::tuple<>;
};

/// A subscription whose server notifies as long as it likes; the client may end it at any time, and
/// notifications cross its wish. `is_forgetful`: the server may forget the wish once.
template <bool is_forgetful = false>
struct CountedSubscription {
    struct Subscribe {
        std::uint8_t session = 0;
    };
    struct Unsubscribe {
        std::uint8_t session = 0;
    };
    struct Note {
        std::uint8_t number = 0;
    };
    struct Acknowledged {
        std::uint8_t session = 0;
    };
    enum class State : std::uint8_t { idle, subscribed, ending };

    struct Client {
        static constexpr std::string_view name = "client";
        using Inbox = std::variant<Note, Acknowledged>;
        using Outbox = std::variant<Subscribe, Unsubscribe>;
        State state = State::idle;
        std::uint8_t session = 0;
        std::uint8_t expected = 0;
        bool is_finished = false;
        void receive(const Note& message, auto& port) {
            if (state == State::idle || message.number != expected) port.reject(message);
            expected = (expected + 1U) & 15U;
        }
        void receive(const Acknowledged& message, auto& port) {
            if (state != State::ending || message.session != session) port.reject(message);
            state = State::idle;
            ++session;
            expected = 0;
        }
    };
    struct Server {
        static constexpr std::string_view name = "server";
        using Inbox = std::variant<Subscribe, Unsubscribe>;
        using Outbox = std::variant<Note, Acknowledged>;
        State state = State::idle;
        std::uint8_t session = 0;
        std::uint8_t next = 0;
        void receive(const Subscribe& message, auto& port) {
            if (state != State::idle) port.reject(message);
            state = State::subscribed;
            session = message.session;
        }
        void receive(const Unsubscribe& message, auto& port) {
            if (state != State::subscribed || message.session != session) port.reject(message);
            if (!is_forgetful || port.choose(2) == 1) state = State::ending;
        }
    };

    struct Options {
        Bound capacity{1, 1, 16};
        Bound sessions{1};
    };
    struct Left {
        Client role;
        bool can_act(const Options&) const { return role.state != State::ending; }
        void act(auto& port, const Options& options) {
            if (role.state == State::subscribed) {
                if (port.send(Unsubscribe{role.session})) role.state = State::ending;
            } else if (role.session == options.sessions) {
                role.is_finished = true;
            } else if (port.send(Subscribe{role.session})) {
                role.state = State::subscribed;
            }
        }
        bool is_done(const Options&) const { return role.is_finished; }
    };
    struct Right {
        Server role;
        bool can_act(const Options&) const { return role.state != State::idle; }
        void act(auto& port, const Options&) {
            if (role.state == State::subscribed) {
                if (port.send(Note{role.next})) role.next = (role.next + 1U) & 15U;
            } else if (port.send(Acknowledged{role.session})) {
                role = Server{};
            }
        }
        bool is_done(const Options&) const { return false; }
        bool may_end(const Options&) const { return role.state == State::idle; }
    };
    using Monitors = std::tuple<>;
};

}  // namespace parley::tests
