#pragma once

#include "../protocols/feed.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/monitor.hpp"
#include "parley/specs/model/mutant.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::feed {

namespace roles = protocols::feed;
using parley::model::Platform;

inline constexpr std::string_view summary = "a skeleton of its page";

struct Options {
    specs::model::Bound capacity{4, 1, 16};
    /// Of each party; after them only such as lead to where it may stop, or have no way back.
    specs::model::Bound commands{4, 1, 200};
};

/// What the source_of_items does in a check.
template <class R = roles::SourceOfItems>
struct SourceOfItemsScript {
    R role;
    std::uint8_t commands = 0;  ///< issued so far

    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return role.may_stop(); }
    bool can_act(const Options& options) const { return count_open(options) > 0; }
    void act(auto& port, const Options& options) {
        std::uint32_t chosen = port.choose(count_open(options));
        if (is_open_item(options) && chosen-- == 0) {
            return count(role.send_item(port));
        }
        if (is_open_last_item(options) && chosen-- == 0) {
            return count(role.send_last_item(port));
        }
    }

    std::uint32_t count_open(const Options& options) const {
        std::uint32_t open = 0;
        if (is_open_item(options)) ++open;
        if (is_open_last_item(options)) ++open;
        return open;
    }
    void count(bool is_sent) {
        if (is_sent && commands < 255) ++commands;
    }
    bool is_open_item(const Options& options) const {
        if (!role.can_send_item()) return false;
        return commands < options.commands;
    }
    bool is_open_last_item(const Options& options) const {
        if (!role.can_send_last_item()) return false;
        return commands < options.commands || role.state == R::State::new_;
    }
};

/// What the sink does in a check: it only receives.
template <class R = roles::Sink>
struct SinkScript {
    R role;

    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return role.may_stop(); }
    bool can_act(const Options&) const { return false; }
    void act(auto&, const Options&) {}
};

/// For what automata cannot say: numbers, objects, how often. A monitor has a `watch` for each
/// event that it cares about; see specs/model/ for those that are there.
struct Monitor {
    static constexpr std::string_view name = "feed";

    void watch(const auto&, specs::model::Judge&) {}
};

template <Platform P>
struct Original {
    using Options = specs::feed::Options;
    using Left = SourceOfItemsScript<>;
    using Right = SinkScript<>;
    using Monitors = std::tuple<Monitor>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

/// Mutants go behind the original.
using Variants = specs::model::VariantList<Original>;

}  // namespace parley::specs::feed
