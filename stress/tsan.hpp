#pragma once

#include "parley/checker/symbolizer.hpp"
#include "parley/protocols/model/role.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::stress {

using checker::Frame;
using checker::Stack;

struct Suppression;

/// One access of a report.
struct TsanAccess {
    bool is_write = false;
    bool is_atomic = false;
    int size_bytes = 0;
    std::string thread;  ///< its name ("left", "right"), or "T3"
    Stack stack;

    bool operator==(const TsanAccess&) const = default;
};

/// The memory that a report is about.
struct TsanMemory {
    std::string kind;  ///< "heap", "global", "stack", "tls"
    std::size_t size_bytes = 0;
    Stack allocated;  ///< of the heap: where

    bool operator==(const TsanMemory&) const = default;
};

/// What ThreadSanitizer found, as values (Serebryany, Iskhodzhanov: ThreadSanitizer: data race
/// detection in practice, WBIA 2009). Taken in process, through the hook that the runtime calls for
/// each report; its text is neither printed nor parsed.
///
/// Limits: a race is seen only if both accesses run in this execution, unordered by happens-before,
/// and if the runtime can still restore the earlier one's stack (option history_size). Fences
/// (std::atomic_thread_fence) are not understood by the runtime.
struct TsanReport {
    std::string kind;                  ///< "data-race", "heap-use-after-free", ...
    std::vector<TsanAccess> accesses;  ///< the latest first
    std::optional<TsanMemory> memory;
    /// The instance that the reporting thread was running, if it was running one.
    std::optional<std::uint64_t> instance;
    std::uint64_t count = 0;  ///< reports at this pair of places
    /// Where the code under check has come to fences so far: with them the report may be false.
    std::vector<Frame> fences;

    bool operator==(const TsanReport&) const = default;
};

/// Whether this program was built with -fsanitize=thread. Without it all lists here are empty.
bool is_tsan_build();

/// Reports made since the last take_tsan_reports(); cheap, from any thread.
std::uint64_t count_tsan_reports();

/// The reports since the last call, one for each kind and pair of places, with their source lines.
/// Runs a subprocess. Requires that no other thread runs code under check.
std::vector<TsanReport> take_tsan_reports();

/// From now on reports that one of them matches are not taken, and the same ones not even counted.
void suppress_tsan_reports(std::vector<Suppression> suppressions);

/// How many reports each suppression has matched, in their order.
std::vector<std::uint64_t> count_suppressed_reports();

/// Turns the runtime's own text off, plants a data race and says whether it was reported: what a
/// silent runtime says is worth nothing. Requires that no other thread runs code under check.
bool is_tsan_seeing();

}  // namespace parley::stress
