#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/report.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace parley::checker {

/// Runs a list of choices and reports it with its trace, whatever the verdict. Any list is a run:
/// an index that is too large wraps around, what is missing is 0; the trace holds the choices that
/// were in fact made.
using Rerun = std::function<Report(const Choices&)>;

/// When to stop looking for a smaller run. Nothing here is a clock, so that a check that is run
/// twice shows the same run.
struct ShrinkLimits {
    std::uint32_t runs_max = 5'000;
    std::uint64_t events_max = 2'000'000;  ///< of all runs together
    const std::atomic<bool>* stop = nullptr;
};

/// What came out of it.
struct Shrunk {
    Report report;           ///< of the smallest failing run
    std::uint32_t runs = 0;  ///< how many were tried
    /// Events of the run before and after, memory operations not counted.
    std::size_t events_from = 0;
    std::size_t events_to = 0;
    /// Whether the choices of `failing` broke the property again. If not, `report` is `failing`.
    bool is_reproduced = false;
};

/// Looks for a smaller run that breaks the same property as `failing`, which has a trace: fewest
/// events first (those of memory operations come last), then fewest context switches, then the
/// lexicographically smallest choices.
///
/// The search is ddmin's (Zeller and Hildebrandt, Simplifying and isolating failure-inducing input,
/// IEEE TSE 28(2), 2002): leave out chunks of choices, halving the chunks when none can go. We
/// differ in that only complements are tried, any list being a run; that the end is cut off first,
/// since what is missing is 0; and in further edits that leave the length as it is: zero a chunk,
/// lower an index, and move a choice ahead to join what a party does. It ends when a round of edits
/// gains nothing, or at a limit.
Shrunk shrink(const Report& failing, const Rerun& rerun, const ShrinkLimits& limits);

}  // namespace parley::checker
