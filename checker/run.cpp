#include "parley/checker/run.hpp"

#include "parley/checker/liveness.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

#include <optional>
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
        if (system.may_be_over()) {
            system.judge_end(context);
            if (context.judge.is_violated()) return RunEnd::violated;
        }
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

namespace {

/// A run under the eyes of a judge, with all that it does taken down.
class Recording {
 public:
    /// `lasso`: how the choices are to be taken, if they lead into a loop.
    Recording(TransitionSystem& system, const CheckOptions& check, const Choices& choices,
              const Guard& guard, std::optional<Lasso> lasso)
        : system_(system),
          check_(check),
          chooser_{choices},
          guard_(guard),
          lasso_(std::move(lasso)) {}

    void record() {
        judge_guarded(context_, guard_, guard_.run([&] { run(); }));
        if (judge_.is_violated()) end_ = RunEnd::violated;
    }

    RunEnd end() const { return end_; }

    void write(Trace& trace) const {
        trace.choices = chooser_.taken();
        trace.violation = {std::string{judge_.property()}, std::string{judge_.sentence()},
                           context_.detail};
        trace.events = recorder_.events();
        trace.loop_begin = loop_begin_;
        const Fairness fairness = fairness_of(check_);
        if (lasso_ && fairness != Fairness::action) {
            trace.scheduler = fmt::format("{}{}", fairness_prefix, name_of(fairness));
        }
    }

 private:
    void run() {
        system_.begin();
        if (lasso_) return run_lasso(*lasso_);
        end_ =
            run_to_end(system_, context_, check_.steps_max, [&] { return !chooser_.is_at_end(); });
    }

    void run_lasso(const Lasso& lasso) {
        for (std::size_t step = 0; step < lasso.stem_steps + lasso.loop_steps; ++step) {
            if (step == lasso.stem_steps) loop_begin_ = recorder_.events().size();
            system_.step(context_);
            system_.advance();
        }
        const Obligation owed = system_.obligations().at(lasso.obligation);
        judge_.require(false, owed.property, owed.sentence);
        context_.detail = "the run goes on like this for ever";
    }

    TransitionSystem& system_;
    const CheckOptions& check_;
    ReplayChooser chooser_;
    specs::model::Judge judge_;
    Recorder recorder_;
    StepContext context_{chooser_, judge_, &recorder_};
    Guard guard_;
    RunEnd end_ = RunEnd::cut;
    std::optional<Lasso> lasso_;
    std::optional<std::size_t> loop_begin_;
};

}  // namespace

Report replay_run(TransitionSystem& system, const Subject& subject, const CheckOptions& check,
                  const Choices& choices, Guard guard) {
    Report report = begin_report(subject, "explore", check);
    std::optional<Recording> recording;
    const auto record = [&](std::optional<Lasso> lasso) {
        recording.emplace(system, check, choices, guard, std::move(lasso));
        recording->record();
        return recording->end();
    };
    RunEnd end = record(std::nullopt);
    // Only of a run that breaks nothing: what crashes or hangs would do so again.
    if (end != RunEnd::violated) {
        std::optional<Lasso> lasso;
        guard.run([&] { lasso = lasso_of(system, choices, fairness_of(check)); });
        if (lasso) end = record(std::move(lasso));
    }
    report.verdict = verdict_of(end);
    report.counts = {{"executions", 1}};
    report.trace = begin_trace(subject, report);
    recording->write(*report.trace);
    explain(report);
    return report;
}

}  // namespace parley::checker
