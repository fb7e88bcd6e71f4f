#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/coverage.hpp"
#include "parley/checker/trace.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::checker {

/// What a check found out. Only `verified` and `passed` are good news.
enum class Verdict : std::uint8_t {
    verified,    ///< complete within the stated bounds
    passed,      ///< a number of executions, no violation, not complete
    violated,    ///< a property failed; there is a trace
    incomplete,  ///< a named limit was reached first
    vacuous,     ///< something that must be reached was not
};

/// 0 verified or passed, 1 violated, 3 incomplete or vacuous. 2 is bad input and 4 a bug of ours.
int exit_code(Verdict verdict);

/// "verified", "passed", ...: the word for a verdict in every output.
std::string_view name_of(Verdict verdict);

/// Input that cannot be used: one line for the user, exit code 2.
struct InputError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What a check is asked to do.
struct CheckOptions {
    std::map<std::string, int> bounds;  ///< values for bounds of the spec, by name
    std::uint64_t seed = 1;
    double seconds = 3;  ///< time budget of an engine that samples
    /// When a search ends undecided. Engines that sample have `seconds` for that.
    std::optional<std::chrono::steady_clock::time_point> deadline;
    /// Of an engine that draws its runs: how many of this seed have been had before, so that it
    /// goes on with the next one.
    std::uint64_t executions_before = 0;
    std::uint64_t executions_max = UINT64_MAX;
    std::uint64_t states_max = 20'000'000;  ///< explore
    std::uint64_t memory_max = UINT64_MAX;  ///< explore: bytes that its tables may take
    /// explore, rc11: the file that keeps what an exhaustive search knows, and from which it goes
    /// on; empty: none.
    std::string checkpoint;
    double checkpoint_seconds = 30;    ///< between two of them
    std::uint32_t steps_max = 10'000;  ///< steps of one run
    /// explore with random runs, rc11: of each `shards` runs, or parts of the search, the one
    /// number `shard`, counted from 1.
    std::uint32_t shard = 1;
    std::uint32_t shards = 1;
    /// explore: "exhaustive", "random", "pct", "bursty"; relacy: "random", "context_bound", "full";
    /// rc11: the queue, "real" or "channel".
    std::string scheduler;
    std::uint32_t depth = 3;          ///< pct depth or context bound
    std::string fairness = "action";  ///< explore: see Fairness
    bool is_safety_only = false;      ///< explore: runs without end are not looked for
    /// explore: interleavings are left out that make no difference, where that is known.
    bool is_reduced = false;
    /// explore: of states that differ in the names of interchangeable values only, one is looked
    /// at.
    bool is_symmetric = false;
    /// explore: threads of an exhaustive search; rc11: processes. 0: one thread, and as many
    /// processes as there are cores, where it pays.
    std::uint32_t threads = 0;
    const std::atomic<bool>* stop = nullptr;  ///< set when the user has had enough
    std::function<void(double done, double rate_per_s)> progress;  ///< done: 0 to 1

    /// Why to end now; "": go on.
    std::string_view stop_reason() const {
        if (stop != nullptr && stop->load(std::memory_order_relaxed)) return "interrupted";
        const bool is_late = deadline && std::chrono::steady_clock::now() >= *deadline;
        return is_late ? "out of time" : "";
    }
    bool is_stopped() const { return !stop_reason().empty(); }
};

/// What came out of it.
struct Report {
    std::string protocol;
    std::string mutant;
    std::string engine;
    std::string scheduler;
    Verdict verdict = Verdict::incomplete;
    std::string reason;   ///< the limit that was reached, or what was never reached
    std::string meaning;  ///< what the verdict means, in a sentence
    std::vector<std::pair<std::string, std::uint64_t>> counts;  ///< "states", "executions", ...
    std::vector<std::pair<std::string, int>> bounds;
    std::vector<std::pair<std::string, std::uint64_t>> outcomes;  ///< stress: outcome table
    std::uint64_t seed = 0;
    std::uint32_t depth = 0;  ///< of a scheduler that has one
    /// Parts of a campaign, each as "seed:shard/shards"; none: the one with this seed, all of it.
    std::vector<std::string> parts;
    double seconds = 0;
    std::string fairness;        ///< explore: which endless runs counted, if they were looked at
    bool is_reduced = false;     ///< explore: interleavings were left out that make no difference
    bool has_orbits = false;     ///< explore: one state of each orbit was looked at
    std::string asymmetry;       ///< explore: why not, although the protocol declares a symmetry
    std::optional<Trace> trace;  ///< of a violation
    std::optional<Coverage> coverage;    ///< of the page, if there is one
    std::vector<std::string> unreached;  ///< vacuous: the promises of the page that were not kept
    std::string lifted;  ///< stress: how the failure was found again in the model, or why not
    std::string shrunk;  ///< from what the failing run was made smaller, and in how many runs

    std::uint64_t count(const std::string& name) const;
};

/// Why a systematic search has seen less than all.
inline constexpr const char* search_did_not_end = "the search did not end";

/// Makes a clean report `vacuous`, or `incomplete` if its search did not end, if `coverage` has not
/// reached all that the page promises.
void require_promises(Report& report, const std::optional<Coverage>& coverage);

/// Settles the checks of one protocol by several engines. What its page promises and none of them
/// has reached makes each that has passed `vacuous`: together they have not looked at it. What only
/// others have reached is said of one that has passed, and no fault of it: an engine that samples
/// need not come to everything that is rare. A complete search has judged itself.
void settle_coverage(std::span<Report> reports);

/// The exit code of several checks: the worst of all, a violation before anything undecided. Checks
/// that were stopped before they were all done are undecided.
int exit_code(const std::vector<Report>& reports, bool is_stopped);

/// One engine on one variant of one protocol. What an engine cannot do is empty.
struct Runner {
    std::function<Report(const CheckOptions&)> check;
    /// One run by its choices, with its trace in the report whatever the verdict.
    std::function<Report(const CheckOptions&, const Choices&)> replay;
    /// Choices that fail with the messages of a trace of another engine, if there are any.
    std::function<std::optional<Choices>(const CheckOptions&, const Trace&)> lift;
};

}  // namespace parley::checker
