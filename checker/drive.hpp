#pragma once

#include "parley/protocols/model/role.hpp"
#include "parley/specs/model/script.hpp"

#include <type_traits>

namespace parley::checker {

/// What one thread does in a check over real queues: takes the steps of its script until it is
/// done. `Port` adds to a role's port what a thread needs:
/// - `receive_one()`: handles one message if there is one,
/// - `take_moved()`: whether anything has happened since the last call,
/// - `end_step()`, `wait()`, `is_abandoned()`: the run is over although the script is not,
/// - `is_other_done()`: the other party has said finish(), and what it sent before can be seen.
template <class Script, class Options, class Port>
void drive(Script& script, const Options& options, Port& port) {
    while (!script.is_done(options) && !port.is_abandoned()) {
        bool may_end = false;
        if constexpr (specs::model::MayEnd<Script, Options>) {
            may_end = script.may_end(options) && port.is_other_done();
        }
        if (port.receive_one()) {
            port.end_step();
            continue;
        }
        if (may_end) break;
        if constexpr (model::HasPending<std::remove_cvref_t<decltype(script.role)>>) {
            if (script.role.has_pending()) script.role.flush(port);
        }
        if (script.can_act(options)) script.act(port, options);
        if (port.take_moved()) {
            port.end_step();
        } else {
            port.wait();
        }
    }
    port.finish();
}

}  // namespace parley::checker
