#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/tests/models/menu.hpp"
#include "parley/tests/models/numbered_transport.hpp"
#include "parley/tests/models/protocols/p4_subscr.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::p4_subscr {

using protocols::p4_subscr::Client;
using protocols::p4_subscr::Note;
using protocols::p4_subscr::Reason;
using protocols::p4_subscr::Server;
using protocols::p4_subscr::Unsubscribe;

inline constexpr std::string_view summary = "counted model: N subscriptions with a final message";

/// SVEND 1: the server may end a session as well, and then absorbs an Unsubscribe that crosses.
/// BUG 1: the server may send one note after an acknowledgement. 2: the client expects no note
/// after its Unsubscribe. 3: the server acknowledges an Unsubscribe that crossed its end.
struct Options {
    model::Bound K{2, 1, 16};
    model::Bound N{2};
    model::Bound Q{4};
    model::Bound SVEND{0, 0, 1};
    model::Bound TR{0, 0, 3};
    model::Bound F{1, 0, 100};
    model::Bound BUG{0, 0, 3};

    int capacity() const { return K; }
    model::Transport transport() const { return tests::numbered_transport(TR, F); }
};

struct ClientScript {
    using State = Client::State;

    Client role;

    bool can_act(const Options&) const { return role.state != State::unsubscribing; }
    void act(auto& port, const Options& options) {
        if (role.state == State::subscribed) {
            role.unsubscribe(port);
        } else if (role.session < options.N) {
            role.subscribe(port);
        } else {
            role.is_finished = true;
        }
    }
    bool is_done(const Options&) const { return role.is_finished; }

    void receive(const Note& note, auto& port, const Options& options) {
        if (options.BUG == 2 && role.state == State::unsubscribing) return port.reject(note);
        role.receive(note, port, options.Q);
    }
};

struct ServerScript {
    enum class Command : std::uint8_t { notify, end, acknowledge, notify_late };
    using State = Server::State;

    Server role;
    bool has_acknowledged = false;  ///< BUG 1: and not yet sent its late note

    tests::Menu<Command, 3> menu(const Options& options) const {
        tests::Menu<Command, 3> commands;
        if (role.state == State::active) commands.add(Command::notify);
        if (role.state == State::active && options.SVEND == 1) commands.add(Command::end);
        if (role.state == State::closing) commands.add(Command::acknowledge);
        if (has_acknowledged) commands.add(Command::notify_late);
        return commands;
    }
    bool can_act(const Options& options) const { return !menu(options).is_empty(); }
    void act(auto& port, const Options& options) {
        switch (menu(options).choose(port)) {
            case Command::notify:
                return role.notify(port, options.Q);
            case Command::end:
                role.finish(Reason::ended, port);
                return;
            case Command::acknowledge:
                if (role.finish(Reason::acknowledged, port) && options.BUG == 1) {
                    has_acknowledged = true;
                }
                return;
            case Command::notify_late:
                if (port.send(Note{0})) has_acknowledged = false;
                return;
        }
    }
    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return true; }

    void receive(const Unsubscribe& message, auto& port, const Options& options) {
        if (options.SVEND == 0 || role.is_active(message.session)) {
            role.receive(message, port);
        } else if (options.BUG == 3) {
            role.state = State::closing;
            role.session = message.session;
        }
    }
};

template <parley::model::Platform P>
struct Original {
    using Options = p4_subscr::Options;
    using Left = ClientScript;
    using Right = ServerScript;
    using Monitors = std::tuple<>;
};

using Variants = model::VariantList<Original>;

}  // namespace parley::specs::p4_subscr
