#pragma once

#include "parley/checker/rc11/execution.hpp"
#include "parley/checker/rc11/state_bytes.hpp"
#include "parley/checker/trace.hpp"

#include <optional>
#include <vector>

namespace parley::rc11 {

/// Two parties of a protocol as a program that can be run again and again, and what a check wants
/// to know of its last run.
class JudgedProgram : public Program {
 public:
    /// How the run failed, if it did.
    virtual const std::optional<checker::Violation>& failure() const = 0;
    /// The graph of the run, when it has failed or was left by a jump.
    virtual const Graph& failed_graph() const = 0;
    /// Which thread has taken which step.
    virtual const std::vector<ThreadId>& order() const = 0;
    /// In some run so far a party went on and on and changed nothing: not all has been looked at.
    virtual bool has_spun() const { return false; }
    /// The runs so far are for nothing: it has learned from them how to run. Until the next run.
    virtual bool must_start_over() const { return false; }
    /// Control has left the run by a jump.
    virtual void leave_behind() {}
    /// Both ends of the race that ended the run, or where it broke another property of memory, if
    /// it is the program that knows that.
    virtual std::vector<checker::RaceEnd> race() { return {}; }

    // For a search that merges states; see Machine.
    virtual bool has_states() const { return false; }
    virtual void keep_states() {}
    virtual bool write_state(StateBytes& /*to*/) { return false; }
};

}  // namespace parley::rc11
