#pragma once

#include "parley/checker/rc11/execution.hpp"
#include "parley/checker/rc11/graph.hpp"
#include "parley/checker/rc11/state_bytes.hpp"
#include "parley/checker/rc11/state_tallies.hpp"
#include "parley/checker/rc11/units.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace parley::rc11 {

struct MergeOptions {
    std::uint64_t executions_max = UINT64_MAX;
    std::size_t events_max = 100'000;                   ///< of one execution
    std::size_t writes_max = SIZE_MAX;                  ///< to a location, in any execution
    std::size_t states_max = StateTallies::states_max;  ///< more are looked at each time
    /// The search may end, as refused, when so few executions come to the same states that running
    /// each of them takes less time.
    bool may_give_up = false;
    /// Asked after each run.
    std::function<bool()> must_stop = [] { return false; };
    /// Appends all that decides how the program goes on from where it is in this run, each of its
    /// threads being at a load, waiting for another one to end, or at its end. False: this cannot
    /// be said, and what follows is looked at each time. Called from next_thread().
    std::function<bool(StateBytes&)> write_state;
    /// Called at the end of each run, with the program as it is then. Whether it is one that counts
    /// as complete: one in which a thread is still at a load is not.
    std::function<bool(const Graph&)> on_end;
    /// Executions have been found: one that has ended, or all that go on from a state that had been
    /// looked at.
    std::function<void(const Tally&)> on_found = [](const Tally&) {};
    /// What the search is divided into, and how far from its root that is, or null. Below, a search
    /// merges what is its own.
    Units* units = nullptr;
    std::uint32_t units_level = 0;
};

struct MergeResult {
    Tally found;  ///< so far
    std::uint64_t states = 0;
    std::uint64_t runs = 0;  ///< of the program
    std::string limit;       ///< why the search ended early; empty: it is complete
    /// The program does what cannot be merged, or for nothing. Nothing is known.
    bool is_refused = false;
};

/// As explore(), for a program in which each location is written by one thread, and nothing is
/// seq_cst or a fence or a read-modify-write: the counters of a queue, and flags. Its executions
/// are counted one by one, but what follows where several of them have come to the same state is
/// looked at once.
///
/// The modification order of such a location is that of its thread's stores: a write takes nothing
/// away from reads that are still to come, and comes after all that have been. So no read has ever
/// to be revisited: it reads one of the writes that are there, or its thread waits for a newer one.
/// Each graph comes about in one way, in one order, and what can follow depends on the state alone.
/// (A search that reverses races has to know more of a state than that: Yang, Chen, Gopalakrishnan,
/// Kirby, Efficient stateful dynamic partial order reduction, SPIN 2008.)
///
/// Memory grows with the number of states, up to StateTallies::states_max. A run that comes back to
/// a state of its own goes on: an execution that never ends comes to its limit.
///
/// Requires a program that does the same again when it is run again.
MergeResult explore_merging(Program& program, const MergeOptions& options);

}  // namespace parley::rc11
