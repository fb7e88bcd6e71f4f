#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/tests/models/numbered_transport.hpp"
#include "parley/tests/models/protocols/p1_send.hpp"

#include <string_view>
#include <tuple>

namespace parley::specs::p1_send {

inline constexpr std::string_view summary = "counted model: N numbers in order";

struct Options {
    model::Bound K{2, 1, 16};
    model::Bound N{2};
    model::Bound TR{0, 0, 3};
    model::Bound F{1, 0, 100};

    int capacity() const { return K; }
    model::Transport transport() const { return tests::numbered_transport(TR, F); }
};

struct ClientScript {
    protocols::p1_send::Client role;

    bool can_act(const Options& options) const { return !is_done(options); }
    void act(auto& port, const Options& options) {
        if (role.sent < options.N) {
            role.send(port);
        } else {
            role.is_finished = true;
        }
    }
    bool is_done(const Options&) const { return role.is_finished; }
};

struct ServerScript {
    protocols::p1_send::Server role;

    bool can_act(const Options&) const { return false; }
    void act(auto&, const Options&) {}
    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return true; }
};

template <parley::model::Platform P>
struct Original {
    using Options = p1_send::Options;
    using Left = ClientScript;
    using Right = ServerScript;
    using Monitors = std::tuple<>;
};

using Variants = model::VariantList<Original>;

}  // namespace parley::specs::p1_send
