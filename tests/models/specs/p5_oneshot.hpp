#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/tests/models/numbered_transport.hpp"
#include "parley/tests/models/protocols/p5_oneshot.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::p5_oneshot {

using protocols::p5_oneshot::Cancel;
using protocols::p5_oneshot::Cancelled;
using protocols::p5_oneshot::Client;
using protocols::p5_oneshot::Fired;
using protocols::p5_oneshot::Server;
using protocols::p5_oneshot::State;

inline constexpr std::string_view summary = "counted model: N cancelable one-shots";

/// NOID 1: all messages say 0 in place of their round.
/// BUG 1: the client takes a Fired that crosses its Cancel for an error. 2: the server confirms a
/// Cancel that comes too late.
struct Options {
    model::Bound K{2, 1, 16};
    model::Bound N{2};
    model::Bound NOID{0, 0, 1};
    model::Bound TR{0, 0, 3};
    model::Bound F{1, 0, 100};
    model::Bound BUG{0, 0, 2};

    int capacity() const { return K; }
    model::Transport transport() const { return tests::numbered_transport(TR, F); }
};

struct ClientScript {
    Client role;

    std::uint8_t id(const Options& options) const {
        return options.NOID == 1 ? std::uint8_t{0} : role.round;
    }
    bool can_act(const Options&) const { return role.state != State::cancelling; }
    void act(auto& port, const Options& options) {
        if (role.state == State::armed) {
            role.cancel(id(options), port);
        } else if (role.round < options.N) {
            role.arm(id(options), port);
        } else {
            role.is_finished = true;
        }
    }
    bool is_done(const Options&) const { return role.is_finished; }

    void receive(const Fired& fired, auto& port, const Options& options) {
        if (options.BUG == 1 && role.state == State::cancelling) return port.reject(fired);
        role.receive(fired, port, id(options));
    }
    void receive(const Cancelled& cancelled, auto& port, const Options& options) {
        role.receive(cancelled, port, id(options));
    }
};

struct ServerScript {
    Server role;

    bool can_act(const Options&) const { return role.state != State::idle; }
    void act(auto& port, const Options&) { role.answer(port); }
    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return true; }

    void receive(const Cancel& cancel, auto& port, const Options& options) {
        if (options.BUG == 2) {
            role = {State::cancelling, cancel.id};
        } else {
            role.receive(cancel, port);
        }
    }
};

template <parley::model::Platform P>
struct Original {
    using Options = p5_oneshot::Options;
    using Left = ClientScript;
    using Right = ServerScript;
    using Monitors = std::tuple<>;
};

using Variants = model::VariantList<Original>;

}  // namespace parley::specs::p5_oneshot
