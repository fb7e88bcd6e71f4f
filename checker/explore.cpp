#include "parley/checker/explore.hpp"

#include "parley/checker/guard.hpp"
#include "parley/checker/liveness.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/require.hpp"
#include "parley/checker/run.hpp"

#include <utility>
#include <vector>

namespace parley::checker {

Report Explorer::run() {
    Report report = begin_report(subject_, "explore", check_);
    report.scheduler = "exhaustive";
    if (!check_.is_safety_only) report.fairness = check_.fairness;
    const Stopwatch stopwatch;
    std::string limit;
    Guard guard;
    const GuardedEnd end = guard.run([&] { limit = search(); });
    if (end != GuardedEnd::returned) fail(current_, {odometer_.digits()});
    store_.settle();
    report.counts = {{"states", store_.size()},
                     {"transitions", transitions_},
                     {"ends", ends_},
                     {"bytes", store_.memory_bytes()}};
    report.seconds = stopwatch.seconds();
    conclude(report, limit);
    return report;
}

/// The main loop of this engine. Returns the limit that ended it, or "".
std::string Explorer::search() {
    Progress progress{check_, 0};
    system_.begin();
    store_.number_of(system_.current());
    try {
        for (current_ = 0; !is_violated_ && store_.has(current_); ++current_) {
            if (store_.size() > check_.states_max) return "states";
            if (check_.is_stopped()) return "interrupted";
            expand(current_);
            progress.tick(current_);
        }
        if (!is_violated_ && !check_.is_safety_only) look_for_loops();
    } catch (const LimitReached& reached) {
        return std::string{reached.limit};
    }
    return {};
}

/// Nothing is owed for ever.
void Explorer::look_for_loops() {
    const auto lasso = Liveness{system_, store_, check_}.find();
    if (!lasso) return;
    is_violated_ = true;
    failing_ = lasso->choices;
    failing_steps_ = lasso->stem_steps + lasso->loop_steps;
}

/// Takes every step of one state.
void Explorer::expand(StateStore::Id id) {
    system_.load(store_[id]);
    odometer_ = {};
    bool is_end = true;
    for (std::uint32_t step = 0;; ++step) {
        specs::model::Judge judge;
        StepContext context{odometer_, judge};
        if (coverage_) context.coverage = &*coverage_;
        if (!system_.step(context)) break;
        sent_kinds_ |= context.sent_kinds;
        if (judge.is_violated()) return fail(id, {odometer_.digits()});
        if (store_.add(system_.next(), {id, step})) {
            is_end = false;
            ++transitions_;
        }
        if (!odometer_.advance()) break;
    }
    if (is_end) finish(id);
}

void Explorer::finish(StateStore::Id id) {
    OdometerChooser nobody;
    specs::model::Judge judge;
    StepContext context{nobody, judge};
    system_.judge_end(context);
    if (judge.is_violated()) return fail(id, {});
    ++ends_;
}

/// Keeps the run that leads from the initial state to another and on. `backwards` has the steps
/// from there on, the last one first, and gets the others.
void Explorer::fail(StateStore::Id id, std::vector<Choices> backwards) {
    backwards = steps_back_from(system_, store_, id, std::move(backwards));
    is_violated_ = true;
    failing_ = joined_backwards(backwards);
    failing_steps_ = backwards.size();
}

void Explorer::conclude(Report& report, const std::string& limit) {
    if (is_violated_) {
        report.verdict = Verdict::violated;
        report.counts.emplace_back("steps", failing_steps_);
        report.trace = replay_run(system_, subject_, check_, failing_).trace;
        require(!report.trace->violation.property.empty(),
                "a failing run fails again when it is recorded");
    } else if (!limit.empty()) {
        report.verdict = Verdict::incomplete;
        report.reason = limit;
    } else if (ends_ == 0) {
        report.verdict = Verdict::vacuous;
        report.reason = "no run reaches its end";
    } else if (const auto missing = message_never_sent(subject_, sent_kinds_); !missing.empty()) {
        report.verdict = Verdict::vacuous;
        report.reason = missing;
    } else {
        report.verdict = Verdict::verified;
        require_promises(report, coverage_);
    }
    report.coverage = std::move(coverage_);
    explain(report);
}

}  // namespace parley::checker
