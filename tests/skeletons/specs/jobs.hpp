#pragma once

#include "../protocols/jobs.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/monitor.hpp"
#include "parley/specs/model/mutant.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::jobs {

namespace roles = protocols::jobs;
using parley::model::Platform;

inline constexpr std::string_view summary = "a skeleton of its page";

struct Options {
    specs::model::Bound capacity{2, 1, 16};
    /// Of each party; after them only such as lead to where it may stop, or have no way back.
    specs::model::Bound commands{4, 1, 200};
    specs::model::Bound conversations{2, 1, 2};  ///< side by side, by id
};

/// What the client does in a check.
template <class R = roles::Client>
struct ClientScript {
    R role;
    std::uint8_t commands = 0;  ///< issued so far

    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return role.may_stop(); }
    bool can_act(const Options& options) const { return count_open(options) > 0; }
    void act(auto& port, const Options& options) {
        std::uint32_t chosen = port.choose(count_open(options));
        for (std::uint8_t key = 0; key < options.conversations; ++key) {
            if (is_open_start(key, options) && chosen-- == 0) {
                return count(role.send_start(key, port));
            }
            if (is_open_stop(key, options) && chosen-- == 0) {
                return count(role.send_stop(key, port));
            }
        }
    }

    std::uint32_t count_open(const Options& options) const {
        std::uint32_t open = 0;
        for (std::uint8_t key = 0; key < options.conversations; ++key) {
            if (is_open_start(key, options)) ++open;
            if (is_open_stop(key, options)) ++open;
        }
        return open;
    }
    void count(bool is_sent) {
        if (is_sent && commands < 255) ++commands;
    }
    bool is_open_start(std::uint8_t key, const Options& options) const {
        if (!role.can_send_start(key)) return false;
        return commands < options.commands;
    }
    bool is_open_stop(std::uint8_t key, const Options& options) const {
        if (!role.can_send_stop(key)) return false;
        return commands < options.commands;
    }
};

/// What the server does in a check.
template <class R = roles::Server>
struct ServerScript {
    R role;
    std::uint8_t commands = 0;  ///< issued so far

    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return role.may_stop(); }
    bool can_act(const Options& options) const { return count_open(options) > 0; }
    void act(auto& port, const Options& options) {
        std::uint32_t chosen = port.choose(count_open(options));
        for (std::uint8_t key = 0; key < options.conversations; ++key) {
            if (is_open_done(key, options) && chosen-- == 0) {
                return count(role.send_done(key, port));
            }
            if (is_open_stopped(key, options) && chosen-- == 0) {
                return count(role.send_stopped(key, port));
            }
        }
    }

    std::uint32_t count_open(const Options& options) const {
        std::uint32_t open = 0;
        for (std::uint8_t key = 0; key < options.conversations; ++key) {
            if (is_open_done(key, options)) ++open;
            if (is_open_stopped(key, options)) ++open;
        }
        return open;
    }
    void count(bool is_sent) {
        if (is_sent && commands < 255) ++commands;
    }
    bool is_open_done(std::uint8_t key, const Options& options) const {
        if (!role.can_send_done(key)) return false;
        return commands < options.commands || role.states[key] == R::State::running;
    }
    bool is_open_stopped(std::uint8_t key, const Options& options) const {
        if (!role.can_send_stopped(key)) return false;
        return commands < options.commands || role.states[key] == R::State::stopping;
    }
};

/// For what automata cannot say: numbers, objects, how often. A monitor has a `watch` for each
/// event that it cares about; see specs/model/ for those that are there.
struct Monitor {
    static constexpr std::string_view name = "jobs";

    void watch(const auto&, specs::model::Judge&) {}
};

template <Platform P>
struct Original {
    using Options = specs::jobs::Options;
    using Left = ClientScript<>;
    using Right = ServerScript<>;
    using Monitors = std::tuple<Monitor>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

/// Mutants go behind the original.
using Variants = specs::model::VariantList<Original>;

}  // namespace parley::specs::jobs
