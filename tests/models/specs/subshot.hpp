#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/interchangeable.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/tests/models/menu.hpp"
#include "parley/tests/models/numbered_transport.hpp"
#include "parley/tests/models/protocols/subshot.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::subshot {

using protocols::subshot::Arm;
using protocols::subshot::Cancel;
using protocols::subshot::Cancelled;
using protocols::subshot::Client;
using protocols::subshot::Fired;
using protocols::subshot::Note;
using protocols::subshot::OneShot;
using protocols::subshot::Server;
using protocols::subshot::slots_max;

inline constexpr std::string_view summary = "counted model: S subscriptions beside P one-shots";

/// P one-shots, each used R times; S sessions one after another; notes are numbered modulo Q.
/// BUG 2: the client expects no note after its Unsubscribe.
struct Options {
    model::Bound K{2, 1, 16};
    model::Bound P{1, 1, slots_max};
    model::Bound R{1, 1, 15};
    model::Bound Q{4};
    model::Bound S{1};
    model::Bound TR{0, 0, 3};
    model::Bound F{1, 0, 100};
    model::Bound BUG{0, 0, 2};

    int capacity() const { return K; }
    model::Transport transport() const { return tests::numbered_transport(TR, F); }
};

struct ClientScript {
    enum class Kind : std::uint8_t { subscribe, unsubscribe, arm, cancel, finish };
    struct Command {
        Kind kind = Kind::finish;
        std::uint8_t slot = 0;
    };
    using Menu = tests::Menu<Command, 1 + slots_max>;
    using State = Client::State;

    Client role;

    Menu menu(const Options& options) const {
        Menu commands;
        bool has_finished = role.state == State::idle && role.session == options.S;
        if (role.state == State::idle && role.session < options.S) commands.add({Kind::subscribe});
        if (role.state == State::subscribed) commands.add({Kind::unsubscribe});
        for (std::uint8_t slot = 0; slot < options.P; ++slot) {
            const auto& [state, round] = role.slots[slot];
            const bool is_idle = state == OneShot::State::idle;
            if (is_idle && round < options.R) commands.add({Kind::arm, slot});
            if (state == OneShot::State::armed) commands.add({Kind::cancel, slot});
            has_finished = has_finished && is_idle && round == options.R;
        }
        if (has_finished) commands.add({Kind::finish});
        return commands;
    }
    bool can_act(const Options& options) const { return !menu(options).is_empty(); }
    void act(auto& port, const Options& options) {
        const Command command = menu(options).choose(port);
        switch (command.kind) {
            case Kind::subscribe:
                return role.subscribe(port);
            case Kind::unsubscribe:
                return role.unsubscribe(port);
            case Kind::arm:
                return role.arm(command.slot, port);
            case Kind::cancel:
                return role.cancel(command.slot, port);
            case Kind::finish:
                role.is_finished = true;
                return;
        }
    }
    bool is_done(const Options&) const { return role.is_finished; }

    void receive(const Note& note, auto& port, const Options& options) {
        if (options.BUG == 2 && role.state == State::unsubscribing) return port.reject(note);
        role.receive(note, port, options.Q);
    }
};

struct ServerScript {
    enum class Kind : std::uint8_t { notify, acknowledge, answer };
    struct Command {
        Kind kind = Kind::notify;
        std::uint8_t slot = 0;
    };
    using Menu = tests::Menu<Command, 1 + slots_max>;
    using State = Server::State;

    Server role;

    Menu menu() const {
        Menu commands;
        if (role.state == State::active) commands.add({Kind::notify});
        if (role.state == State::closing) commands.add({Kind::acknowledge});
        for (std::uint8_t slot = 0; slot < slots_max; ++slot) {
            if (role.slots[slot].state != OneShot::State::idle) commands.add({Kind::answer, slot});
        }
        return commands;
    }
    bool can_act(const Options&) const { return !menu().is_empty(); }
    void act(auto& port, const Options& options) {
        const Command command = menu().choose(port);
        switch (command.kind) {
            case Kind::notify:
                return role.notify(port, options.Q);
            case Kind::acknowledge:
                return role.acknowledge(port);
            case Kind::answer:
                return role.answer(command.slot, port);
        }
    }
    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return true; }
};

template <parley::model::Platform P>
struct Original {
    using Options = subshot::Options;
    using Left = ClientScript;
    using Right = ServerScript;
    using Monitors = std::tuple<>;
    using Symmetry = model::Interchangeable<&Options::P, &Arm::slot, &Cancel::slot, &Fired::slot,
                                            &Cancelled::slot, &Client::slots, &Server::slots>;
};

using Variants = model::VariantList<Original>;

}  // namespace parley::specs::subshot
