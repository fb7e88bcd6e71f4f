#pragma once

#include "parley/protocols/model/role.hpp"
#include "parley/specs/model/script.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

namespace parley::checker {

/// Gives a received message to a script: to its own `receive` if it has one for it, else to its
/// role.
template <class Script, class Message, class Port, class Options>
void hand_over(Script& script, Message&& message, Port& port, const Options& options) {
    if constexpr (requires { script.receive(std::forward<Message>(message), port, options); }) {
        script.receive(std::forward<Message>(message), port, options);
    } else {
        script.role.receive(std::forward<Message>(message), port);
    }
}

/// Whether a script may be left as it is, if nothing is under way to it.
template <class Script, class Options>
bool may_end(const Script& script, const Options& options) {
    if constexpr (specs::model::MayEnd<Script, Options>) {
        return script.may_end(options);
    } else {
        return false;
    }
}

/// Whether a role owes something that it has found no room for.
template <class Role>
bool has_pending(const Role& role) {
    if constexpr (model::HasPending<Role>) {
        return role.has_pending();
    } else {
        return false;
    }
}

/// Whether a script may be left as it is and does nothing more until it receives something.
template <class Script, class Options>
bool is_at_rest(const Script& script, const Options& options) {
    return !has_pending(script.role) && may_end(script, options) && !script.can_act(options);
}

/// Whether a script may be left as it is although it could do something.
template <class Script, class Options>
bool may_be_left(const Script& script, const Options& options) {
    return !script.is_done(options) && may_end(script, options) && script.can_act(options) &&
           specs::model::can_receive(script, options);
}

/// Lets a role send what it owes.
template <class Role, class Port>
void flush(Role& role, Port& port) {
    if constexpr (model::HasPending<Role>) role.flush(port);
}

/// A copy, to see whether a script has changed.
template <class Script>
class ScriptBytes {
 public:
    ScriptBytes(const Script& script, bool is_wanted) {
        if (is_wanted) std::memcpy(bytes_.data(), static_cast<const void*>(&script), bytes_.size());
    }
    bool are_those_of(const Script& script) const {
        return std::memcmp(bytes_.data(), static_cast<const void*>(&script), bytes_.size()) == 0;
    }

 private:
    std::array<std::byte, sizeof(Script)> bytes_;
};

/// What one thread does in a check over real queues: takes the steps of its script until it is
/// done. `Port` adds to a role's port what a thread needs:
/// - `receive_one()`: handles one message if there is one, which `has_message()` says,
/// - `take_moved()`: whether anything has happened since the last call,
/// - `end_step()`, `wait()`, `is_abandoned()`: the run is over although the script is not,
/// - `is_other_done()`: the other party has said finish(), and what it sent before can be seen,
/// - `is_all_at_rest()`: this party does nothing more by itself, and neither does the other one,
/// - `may_leave()`: the script may be left as it is, but can act: whether it is. Without
///   is_other_done() it may not come back before the run is over, and one that can go on is none,
/// - `puts_off()`: whether a message that is there and what the party owes may wait for something
///   else that it can do, as they may in production code; else it receives, then sends what it
///   owes, then acts.
template <class Script, class Options, class Port>
void drive(Script& script, const Options& options, Port& port) {
    bool may_put_off = true;
    const auto puts_off = [&](bool does_else) {
        return Port::puts_off() && may_put_off && does_else && port.choose(2) == 1;
    };
    while (!script.is_done(options) && !port.is_abandoned()) {
        const bool may_stop = may_end(script, options) && port.is_other_done();
        const bool acts = script.can_act(options);
        const bool owes = has_pending(script.role);
        const bool finds = specs::model::can_receive(script, options) && port.has_message();
        const bool receives = finds && !puts_off(acts || owes);
        const bool flushes = owes && !receives && !puts_off(acts);
        const bool has_put_off = receives != finds || flushes != (owes && !receives);
        const ScriptBytes<Script> before(script, Port::puts_off() && has_put_off);
        bool moves = receives;
        if (receives) {
            port.receive_one();
        } else {
            if (!finds && may_be_left(script, options) && (may_stop || port.may_leave())) break;
            if (flushes) flush(script.role, port);
            moves = port.take_moved();
            if (!moves && acts) {
                script.act(port, options);
                moves = port.take_moved();
            }
        }
        // What was put off for nothing comes next.
        may_put_off = moves || !has_put_off || !before.are_those_of(script);
        if (moves) {
            port.end_step();
        } else if (has_put_off) {
            continue;
        } else if ((may_stop && !acts && !port.has_message()) ||
                   (is_at_rest(script, options) && port.is_all_at_rest())) {
            break;
        } else {
            port.wait();
        }
    }
    port.finish();
}

}  // namespace parley::checker
