#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/report.hpp"

#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace parley::checker {

/// Runs a list of choices and reports it with its trace, whatever the verdict. Any list is a run:
/// an index that is too large wraps around, what is missing is 0; the trace holds the choices that
/// were in fact made.
using Rerun = std::function<Report(const Choices&)>;

/// Runs them over queues of another capacity, down to the smallest that there may be.
struct SmallerQueues {
    int capacity_min = 0;
    std::function<Report(const Choices&, int capacity)> rerun = {};  ///< empty: there are none
};

/// When to stop looking for a smaller run. Nothing here is a clock, so that a check that is run
/// twice shows the same run.
struct ShrinkLimits {
    std::uint32_t runs_max = 5'000;
    std::uint64_t events_max = 2'000'000;  ///< of all runs together
    const std::atomic<bool>* stop = nullptr;
};

/// What makes one failing run better than another, the most important first.
struct RunCost {
    std::size_t messages = 0;     ///< sent or received
    std::size_t switches = 0;     ///< from one party to the other
    std::size_t stale_reads = 0;  ///< loads of something older than what they could have read
    int capacity = 0;             ///< of the queues; 0: not known
    std::size_t events = 0;       ///< that are no memory operations
    std::size_t all_events = 0;
    std::vector<std::uint32_t> indices;  ///< of the choices

    auto operator<=>(const RunCost&) const = default;
};

/// What came out of it.
struct Shrunk {
    Report report;           ///< of the smallest failing run
    std::uint32_t runs = 0;  ///< how many were tried
    RunCost from;            ///< of the run before and after
    RunCost to;
    /// Whether the choices of `failing` broke the property again. If not, `report` is `failing`.
    bool is_reproduced = false;
};

/// Whether smaller runs are worth looking for: one that does not end takes seconds to be known for
/// that.
bool is_worth_shrinking(const Report& failing);

/// "from 14 to 12 events (9 to 7 messages, capacity 2 to 1) in 13 runs".
std::string summary(const Shrunk& shrunk);

/// Looks for a smaller run that breaks the same property as `failing`, which has a trace: in the
/// order of RunCost.
///
/// The search is ddmin's (Zeller and Hildebrandt, Simplifying and isolating failure-inducing input,
/// IEEE TSE 28(2), 2002): leave out chunks of choices, halving the chunks when none can go. We
/// differ in that only complements are tried, any list being a run; that the end is cut off first,
/// since what is missing is 0; and in further edits that leave the length as it is: zero a chunk,
/// lower an index, and move a choice ahead to join what a party does; and in that the queues are
/// made smaller as well. It ends when a round of edits gains nothing, or at a limit.
Shrunk shrink(const Report& failing, const Rerun& rerun, const ShrinkLimits& limits,
              const SmallerQueues& queues = {});

}  // namespace parley::checker
