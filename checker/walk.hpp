#pragma once

#include "parley/checker/meaning.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/run.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace parley::checker {

/// The seed of one run of a campaign: neighbours must not resemble each other (Steele, Lea, Flood,
/// Fast splittable pseudorandom number generators, OOPSLA 2014).
constexpr std::uint64_t run_seed(std::uint64_t seed, std::uint64_t run) {
    std::uint64_t z = seed * 0x9e3779b97f4a7c15U + run + 0x632be59bd9b4e019U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}

/// Runs drawn at random (`Chooser` is RandomChooser or PctChooser, made by `make_chooser(seed)`),
/// for worlds too large to explore.
template <class V, class MakeChooser>
Report walk(std::string_view protocol, const CheckOptions& check, const MakeChooser& make_chooser) {
    using W = World<V>;
    Report report = describe_check<V>(protocol, "explore", check);
    const Stepper<W> stepper{options_with<typename V::Options>(check.bounds)};
    const Stopwatch stopwatch;
    Progress progress{check, check.seconds};
    std::uint64_t executions = 0;
    std::uint64_t cut = 0;
    std::uint64_t sent_kinds = 0;
    report.verdict = Verdict::passed;
    while (executions < check.executions_max && !check.is_stopped() &&
           (executions % 64 != 0 || stopwatch.seconds() < check.seconds)) {
        auto chooser = make_chooser(run_seed(check.seed, executions));
        specs::model::Judge judge;
        StepContext context{chooser, judge};
        W world{};
        ++executions;
        const RunEnd end =
            run_to_end(stepper, world, context, check.steps_max, [] { return true; });
        sent_kinds |= context.sent_kinds;
        if (end == RunEnd::cut) ++cut;
        if (end == RunEnd::violated) {
            report.verdict = Verdict::violated;
            report.trace = replay<V>(protocol, check, chooser.taken()).trace;
            break;
        }
        progress.tick(executions);
    }
    report.counts = {{"executions", executions}, {"cut", cut}};
    report.seconds = stopwatch.seconds();
    if (report.verdict == Verdict::passed && executions == cut) {
        report.verdict = Verdict::vacuous;
        report.reason = "no run reached its end";
    } else if (report.verdict == Verdict::passed && !message_never_sent<V>(sent_kinds).empty()) {
        report.verdict = Verdict::vacuous;
        report.reason = message_never_sent<V>(sent_kinds);
    } else if (report.verdict == Verdict::passed && check.is_stopped()) {
        report.verdict = Verdict::incomplete;
        report.reason = "interrupted";
    }
    explain(report);
    return report;
}

}  // namespace parley::checker
