#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/tests/models/menu.hpp"
#include "parley/tests/models/numbered_transport.hpp"
#include "parley/tests/models/protocols/p3_multirep.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::p3_multirep {

using protocols::p3_multirep::Client;
using protocols::p3_multirep::requests_max;
using protocols::p3_multirep::Server;

inline constexpr std::string_view summary = "counted model: N requests, up to M parts and one Done";

/// BUG 1: the server may send parts after Done.
struct Options {
    model::Bound K{2, 1, 16};
    model::Bound N{2, 1, requests_max};
    model::Bound M{2, 1, 15};
    model::Bound TR{0, 0, 3};
    model::Bound F{1, 0, 100};
    model::Bound BUG{0, 0, 1};

    int capacity() const { return K; }
    model::Transport transport() const { return tests::numbered_transport(TR, F); }
};

struct ClientScript {
    Client role;

    bool can_act(const Options& options) const {
        return role.sent < options.N || role.done == options.N;
    }
    void act(auto& port, const Options& options) {
        if (role.sent < options.N) {
            role.request(port);
        } else {
            role.is_finished = true;
        }
    }
    bool is_done(const Options&) const { return role.is_finished; }
};

struct ServerScript {
    struct Command {
        bool is_part = false;
        std::uint8_t id = 0;
    };
    using State = Server::State;

    Server role;

    tests::Menu<Command, 2 * requests_max> menu(const Options& options) const {
        tests::Menu<Command, 2 * requests_max> commands;
        for (std::uint8_t id = 0; id < requests_max; ++id) {
            const auto& [state, parts] = role.exchanges[id];
            if (state != State::none && parts < options.M) commands.add({true, id});
            if (state == State::active) commands.add({false, id});
        }
        return commands;
    }
    bool can_act(const Options& options) const { return !menu(options).is_empty(); }
    void act(auto& port, const Options& options) {
        const Command command = menu(options).choose(port);
        if (command.is_part) {
            role.send_part(command.id, port);
        } else {
            role.finish(command.id, options.BUG == 1 ? State::lingering : State::none, port);
        }
    }
    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return true; }
};

template <parley::model::Platform P>
struct Original {
    using Options = p3_multirep::Options;
    using Left = ClientScript;
    using Right = ServerScript;
    using Monitors = std::tuple<>;
};

using Variants = model::VariantList<Original>;

}  // namespace parley::specs::p3_multirep
