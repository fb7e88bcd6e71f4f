#include "parley/checker/explore_runner.hpp"

#include "parley/checker/bursty_chooser.hpp"
#include "parley/checker/explore.hpp"
#include "parley/checker/lift.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/run.hpp"
#include "parley/checker/walk.hpp"
#include "parley/checker/walkthrough.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace parley::checker {

namespace {

/// A reduced search. Which party should come first is not known before, and may make it several
/// times larger: both are tried by turns, with more and more states. Nothing: only a search of all
/// can tell.
std::optional<Report> check_reduced(TransitionSystem& system, const Subject& subject,
                                    const CheckOptions& check) {
    constexpr std::uint64_t first_states_max = 20'000;
    constexpr std::uint64_t growth = 4;
    const Stopwatch stopwatch;
    CheckOptions trial = check;
    for (std::uint64_t states_max = first_states_max;; states_max *= growth) {
        trial.states_max = std::min(check.states_max, states_max);
        for (const model::Party first : {model::Party::left, model::Party::right}) {
            auto report = Explorer{system, subject, trial}.run_reduced(first);
            if (report) report->seconds = stopwatch.seconds();
            const bool is_tried_again =
                report && report->reason == "states" &&
                (first == model::Party::left || states_max < check.states_max);
            if (!is_tried_again) return report;
        }
    }
}

/// A search of orbits where a symmetry is declared, or else of all states. A violation is one
/// whatever is declared; without one a symmetry that the code does not have is bad input.
Report check_orbits(TransitionSystem& system, const Subject& subject, const CheckOptions& check) {
    std::string asymmetry;
    // A checkpoint keeps all states.
    if (check.is_symmetric && system.symmetry() != nullptr && check.checkpoint.empty()) {
        Explorer explorer{system, subject, check};
        if (auto report = explorer.run_orbits()) return *report;
        asymmetry = explorer.asymmetry();
    }
    Report report = Explorer{system, subject, check}.run();
    if (asymmetry.empty()) return report;
    if (report.verdict != Verdict::violated) {
        throw InputError(fmt::format(
            "{}: values that its spec declares interchangeable are not: {} (--symmetry off takes "
            "no notice of them)",
            subject.protocol, asymmetry));
    }
    report.asymmetry = asymmetry;
    explain(report);
    return report;
}

Report check_system(TransitionSystem& system, const Subject& subject, const CheckOptions& check) {
    if (check.scheduler == "random") {
        return Walker{system, subject, check,
                      [](std::uint64_t seed) { return std::make_unique<RandomChooser>(seed); }}
            .run();
    }
    if (check.scheduler == "pct") {
        constexpr std::uint32_t steps_expected = 100;
        return Walker{system, subject, check,
                      [&](std::uint64_t seed) {
                          return std::make_unique<PctChooser>(seed, check.depth, steps_expected);
                      }}
            .run();
    }
    if (check.scheduler == "bursty") {
        return Walker{system, subject, check,
                      [](std::uint64_t seed) { return std::make_unique<BurstyChooser>(seed); }}
            .run();
    }
    if (check.is_reduced) {
        if (auto report = check_reduced(system, subject, check)) return *report;
    }
    return check_orbits(system, subject, check);
}

}  // namespace

Runner explore_runner(const DescribeSubject& describe, const MakeSystem& make_system) {
    Runner runner;
    runner.check = [=](const CheckOptions& check) {
        return check_system(*make_system(check), describe(check), check);
    };
    runner.replay = [=](const CheckOptions& check, const Choices& choices) {
        return replay_run(*make_system(check), describe(check), check, choices);
    };
    runner.lift = [=](const CheckOptions& check, const Trace& trace) {
        return lift(*make_system(check), trace);
    };
    return runner;
}

Walks explore_walks(const DescribeSubject& describe, const MakeSystem& make_system) {
    Walks walks;
    walks.through = [=](const CheckOptions& check, const StepNumbers& steps) {
        return walk_through(*make_system(check), describe(check), check, steps);
    };
    walks.steps_of = [=](const CheckOptions& check, const Choices& choices) {
        return checker::steps_of(*make_system(check), check, choices);
    };
    walks.everywhere = [=](const CheckOptions& check, std::size_t states_max, const Visit& visit) {
        walk_everywhere(*make_system(check), describe(check), check, states_max, visit);
    };
    return walks;
}

}  // namespace parley::checker
