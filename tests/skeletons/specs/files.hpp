#pragma once

#include "../protocols/files.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/monitor.hpp"
#include "parley/specs/model/mutant.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::files {

namespace roles = protocols::files;
using parley::model::Platform;

inline constexpr std::string_view summary = "a skeleton of its page";

struct Options {
    specs::model::Bound capacity{4, 1, 16};
    /// Of each party; after them only such as lead to where it may stop, or have no way back.
    specs::model::Bound commands{6, 1, 200};
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
        if (is_open_write(options) && chosen-- == 0) {
            return count(role.send_write(port));
        }
        if (is_open_read(options) && chosen-- == 0) {
            return count(role.send_read(port));
        }
        if (is_open_cancel(options) && chosen-- == 0) {
            return count(role.send_cancel(port));
        }
    }

    std::uint32_t count_open(const Options& options) const {
        std::uint32_t open = 0;
        if (is_open_write(options)) ++open;
        if (is_open_read(options)) ++open;
        if (is_open_cancel(options)) ++open;
        return open;
    }
    void count(bool is_sent) {
        if (is_sent && commands < 255) ++commands;
    }
    bool is_open_write(const Options& options) const {
        if (!role.can_send_write()) return false;
        return commands < options.commands;
    }
    bool is_open_read(const Options& options) const {
        if (!role.can_send_read()) return false;
        return commands < options.commands;
    }
    bool is_open_cancel(const Options& options) const {
        if (!role.can_send_cancel()) return false;
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
        if (is_open_written(options) && chosen-- == 0) {
            return count(role.send_written(port));
        }
        if (is_open_data(options) && chosen-- == 0) {
            return count(role.send_data(port));
        }
    }

    std::uint32_t count_open(const Options& options) const {
        std::uint32_t open = 0;
        if (is_open_written(options)) ++open;
        if (is_open_data(options)) ++open;
        return open;
    }
    void count(bool is_sent) {
        if (is_sent && commands < 255) ++commands;
    }
    bool is_open_written(const Options& options) const {
        if (!role.can_send_written()) return false;
        return commands < options.commands || role.state == R::State::writing ||
               role.state == R::State::cancelled;
    }
    bool is_open_data(const Options& options) const {
        if (!role.can_send_data()) return false;
        return commands < options.commands || role.state == R::State::reading;
    }
};

/// For what automata cannot say: numbers, objects, how often. A monitor has a `watch` for each
/// event that it cares about; see specs/model/ for those that are there.
struct Monitor {
    static constexpr std::string_view name = "files";

    void watch(const auto&, specs::model::Judge&) {}
};

template <Platform P>
struct Original {
    using Options = specs::files::Options;
    using Left = ClientScript<>;
    using Right = ServerScript<>;
    using Monitors = std::tuple<Monitor>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

/// Mutants go behind the original.
using Variants = specs::model::VariantList<Original>;

}  // namespace parley::specs::files
