#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/tests/models/menu.hpp"
#include "parley/tests/models/numbered_transport.hpp"
#include "parley/tests/models/protocols/p2_reqrep.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::p2_reqrep {

using protocols::p2_reqrep::Client;
using protocols::p2_reqrep::Reply;
using protocols::p2_reqrep::Request;
using protocols::p2_reqrep::Server;

inline constexpr std::string_view summary = "counted model: N requests, replies in any order";

/// BUG 1: the server replies to request 0 twice. 2: it forgets request 0. 3: no bug of a role, but
/// a deadlock in the making: the client takes no reply before it has sent all requests, and the
/// server takes no request before it has replied to the last one.
struct Options {
    model::Bound K{2, 1, 16};
    model::Bound N{2, 1, 16};
    model::Bound TR{0, 0, 3};
    model::Bound F{1, 0, 100};
    model::Bound BUG{0, 0, 3};

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
    bool can_receive(const Options& options) const {
        return options.BUG != 3 || role.sent == options.N;
    }
};

struct ServerScript {
    Server role;
    bool has_repeated = false;  ///< BUG 1

    bool can_act(const Options&) const { return !role.pending.is_empty(); }
    void act(auto& port, const Options& options) {
        tests::Menu<std::uint8_t, 17> replies;
        for (std::uint8_t id = 0; id < 16; ++id) {
            if (role.pending.has(id)) replies.add(id);
        }
        constexpr std::uint8_t again = 16;
        if (options.BUG == 1 && !has_repeated && role.pending.has(0)) replies.add(again);
        const std::uint8_t id = replies.choose(port);
        if (id != again) {
            role.reply(id, port);
        } else if (role.reply(0, port)) {
            role.pending.add(0);
            has_repeated = true;
        }
    }
    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return true; }
    bool can_receive(const Options& options) const {
        return options.BUG != 3 || role.pending.is_empty();
    }
    void receive(const Request& request, auto& port, const Options& options) {
        if (options.BUG == 2 && request.id == 0) return;
        role.receive(request, port);
    }
};

template <parley::model::Platform P>
struct Original {
    using Options = p2_reqrep::Options;
    using Left = ClientScript;
    using Right = ServerScript;
    using Monitors = std::tuple<>;
};

using Variants = model::VariantList<Original>;

}  // namespace parley::specs::p2_reqrep
