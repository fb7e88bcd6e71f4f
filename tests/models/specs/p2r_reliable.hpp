#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/tests/models/numbered_transport.hpp"
#include "parley/tests/models/protocols/p2r_reliable.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::p2r_reliable {

inline constexpr std::string_view summary = "counted model: N requests, sent again when in doubt";

/// RT: how often the client sends a request again, in all; 0: without limit.
struct Options {
    model::Bound K{2, 1, 16};
    model::Bound N{2};
    model::Bound TR{0, 0, 3};
    model::Bound F{1, 0, 100};
    model::Bound RT{2, 0, 100};

    int capacity() const { return K; }
    model::Transport transport() const { return tests::numbered_transport(TR, F); }
};

struct ClientScript {
    protocols::p2r_reliable::Client role;
    std::uint8_t retransmissions = 0;  ///< counted when there is a limit

    bool can_act(const Options& options) const {
        if (role.is_finished) return false;
        return !role.is_waiting || options.RT == 0 || retransmissions < options.RT;
    }
    void act(auto& port, const Options& options) {
        const bool is_again = role.is_waiting;
        if (role.id == options.N) {
            role.is_finished = true;
        } else if (role.request(port) && is_again && options.RT > 0) {
            ++retransmissions;
        }
    }
    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return role.is_finished; }
};

struct ServerScript {
    protocols::p2r_reliable::Server role;

    bool can_act(const Options&) const { return role.owes_reply; }
    void act(auto& port, const Options&) { role.reply(port); }
    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return true; }
    bool can_receive(const Options&) const { return !role.owes_reply; }
};

template <parley::model::Platform P>
struct Original {
    using Options = p2r_reliable::Options;
    using Left = ClientScript;
    using Right = ServerScript;
    using Monitors = std::tuple<>;
};

using Variants = model::VariantList<Original>;

}  // namespace parley::specs::p2r_reliable
