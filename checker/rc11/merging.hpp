#pragma once

#include "parley/checker/rc11/execution.hpp"
#include "parley/checker/rc11/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace parley::rc11 {

struct MergeOptions {
    std::uint64_t runs_max = UINT64_MAX;
    std::size_t events_max = 100'000;  ///< of one execution
    /// Asked after each run.
    std::function<bool()> must_stop = [] { return false; };
    /// Appends all that decides how the program goes on from where it is in this run, each of its
    /// threads being at a load, or at its beginning, or at its end.
    std::function<void(std::vector<std::byte>&)> write_state;
    /// Called at the end of each execution, with the program as it is then. Whether it is one that
    /// counts as complete.
    std::function<bool(const Graph&)> on_end;
};

struct MergeResult {
    // Of a complete search; at most the highest number that there is.
    std::uint64_t complete = 0;
    std::uint64_t blocked = 0;

    std::uint64_t states = 0;
    std::uint64_t runs = 0;  ///< of the program
    std::string limit;       ///< why the search ended early; empty: it is complete
};

/// As explore(), for a program in which every location is a flag: raised once at most, and not by
/// seq_cst. Its executions are counted one by one, but what follows where several of them have come
/// to the same state is looked at once.
///
/// A flag has one write: a read that misses it can be added whenever the thread does not know of
/// it, and a write takes nothing away from reads that are still to come. So no read has ever to be
/// revisited: where its flag is down it misses it, or its thread waits until it is up. Each
/// graph comes about in one way, in one order, and what can follow depends on the state alone. (A
/// search that reverses races has to know more of a state than that: Yang, Chen, Gopalakrishnan,
/// Kirby, Efficient stateful dynamic partial order reduction, SPIN 2008.)
///
/// Memory grows with the number of states. A run that comes back to a state of its own goes on: an
/// execution that never ends comes to its limit.
///
/// Requires a program that does the same again when it is run again, and only begins and ends its
/// threads, loads, stores and chooses.
MergeResult explore_merging(Program& program, const MergeOptions& options);

}  // namespace parley::rc11
