#include "parley/checker/run.hpp"

#include "parley/checker/meaning.hpp"
#include "parley/specs/model/property.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace parley::checker {

namespace {

/// A crash or an endless loop of the code under check is a violation.
void judge_guarded(StepContext& context, const Guard& guard, GuardedEnd end) {
    namespace property = specs::model::property;
    context.judge.require(end != GuardedEnd::crashed, property::crash, "no role crashes");
    context.judge.require(end != GuardedEnd::hung, property::hang, "every step of a role ends");
    if (end == GuardedEnd::returned) return;
    context.detail = guard.signal_name();
    context.recorder->add(context.mover, EventKind::note, context.detail);
}

Verdict verdict_of(RunEnd end) {
    switch (end) {
        case RunEnd::violated:
            return Verdict::violated;
        case RunEnd::proper:
            return Verdict::passed;
        case RunEnd::cut:
            break;
    }
    return Verdict::incomplete;
}

}  // namespace

RunEnd run_to_end(TransitionSystem& system, StepContext& context, std::uint32_t steps_max,
                  const std::function<bool()>& may_go_on) {
    for (std::uint32_t step = 0; step < steps_max; ++step) {
        const bool has_moved = system.step(context);
        if (context.judge.is_violated()) return RunEnd::violated;
        if (has_moved && system.current() != system.next()) {
            system.advance();
            continue;
        }
        if (is_stuck(system)) {
            system.judge_end(context);
            return context.judge.is_violated() ? RunEnd::violated : RunEnd::proper;
        }
        if (!may_go_on()) return RunEnd::cut;
    }
    return RunEnd::cut;
}

Report replay_run(TransitionSystem& system, const Subject& subject, const CheckOptions& check,
                  const Choices& choices) {
    Report report = begin_report(subject, "explore", check);
    ReplayChooser chooser{choices};
    specs::model::Judge judge;
    Recorder recorder;
    StepContext context{chooser, judge, &recorder};
    RunEnd end = RunEnd::cut;
    Guard guard;
    judge_guarded(context, guard, guard.run([&] {
        system.begin();
        end = run_to_end(system, context, check.steps_max, [&] { return !chooser.is_at_end(); });
    }));
    if (judge.is_violated()) end = RunEnd::violated;
    report.verdict = verdict_of(end);
    report.counts = {{"executions", 1}};
    Trace trace = begin_trace(subject, report);
    trace.choices = chooser.taken();
    trace.violation = {std::string{judge.property()}, std::string{judge.sentence()},
                       context.detail};
    trace.events = recorder.events();
    report.trace = std::move(trace);
    explain(report);
    return report;
}

}  // namespace parley::checker
