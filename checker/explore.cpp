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
    if (guard.run([&] { limit = search(); }) != GuardedEnd::returned) {
        // Once more, step by step, for the choices that lead there.
        const GuardedEnd end = guard.run([&] { fail_in(current_); });
        require(end != GuardedEnd::returned, "a step that crashes does so again");
        fail(current_, {odometer_.digits()});
    }
    space_.settle();
    report.counts = {{"states", space_.size()},
                     {"transitions", transitions_},
                     {"ends", ends_},
                     {"bytes", space_.memory_bytes() + numbers_.memory_bytes()}};
    report.seconds = stopwatch.seconds();
    conclude(report, limit);
    if (limit.empty()) checkpoint_.remove();
    return report;
}

/// The main loop of this engine. Returns the limit that ended it, or "".
std::string Explorer::search() {
    Progress progress{check_, 0};
    numbers_.count(coverage_ ? &*coverage_ : nullptr);
    begin();
    try {
        for (; !is_violated_ && space_.has(current_); ++current_) {
            if (const std::string limit = limit_here(); !limit.empty()) return limit;
            expand(current_);
            progress.tick(current_);
        }
        if (!is_violated_ && !check_.is_safety_only) look_for_loops();
    } catch (const LimitReached& reached) {
        return std::string{reached.limit};
    }
    return {};
}

template <class Archive>
void Explorer::transfer(Archive& archive) {
    numbers_.transfer(archive);
    space_.transfer(archive);
    archive(current_);
    archive(transitions_);
    archive(ends_);
    if (coverage_) coverage_->transfer(archive);
}

void Explorer::begin() {
    const bool goes_on = checkpoint_.read([&](SnapshotReader& reader) { transfer(reader); });
    if (!goes_on) space_.begin(numbers_.begin());
}

/// The limit that is reached before a state is expanded, or "". Also keeps the checkpoint new.
std::string Explorer::limit_here() {
    constexpr StateSpace::Id states_per_look = 256;
    std::string limit;
    if (check_.is_stopped()) limit = "interrupted";
    if (space_.size() > check_.states_max) limit = "states";
    if (limit.empty() && current_ % states_per_look != 0) return limit;
    const std::uint64_t needed_bytes = space_.memory_bytes() + space_.edge_bytes() +
                                       space_.growth_bytes() + numbers_.memory_bytes();
    if (limit.empty() && needed_bytes > check_.memory_max) limit = "memory";
    if (!limit.empty() || checkpoint_.is_due()) save();
    return limit;
}

void Explorer::save() {
    space_.settle();
    checkpoint_.write([&](SnapshotWriter& writer) { transfer(writer); });
}

/// Nothing is owed for ever.
void Explorer::look_for_loops() {
    numbers_.count(nullptr);
    const auto lasso = Liveness{system_, numbers_, space_, check_}.find();
    if (!lasso) return;
    is_violated_ = true;
    failing_ = lasso->choices;
    failing_steps_ = lasso->stem_steps + lasso->loop_steps;
}

/// Takes every step of one state.
void Explorer::expand(StateSpace::Id id) {
    const NumberedState from = space_.read(id);
    const std::uint64_t transitions = transitions_;
    const auto add = [&](std::uint32_t step, const NumberedState& to, ActionTable::Action) {
        space_.add(to, {id, step});
        ++transitions_;
    };
    if (!numbers_.for_each_move(from, add)) return fail_in(id);
    if (transitions_ == transitions) finish(from);
}

void Explorer::finish(const NumberedState& state) {
    OdometerChooser nobody;
    specs::model::Judge judge;
    StepContext context{nobody, judge};
    system_.load(numbers_.state_of(state));
    system_.judge_end(context);
    if (judge.is_violated()) return fail(current_, {});
    ++ends_;
}

/// Finds the step of a state that fails, among all of them and as a whole. Throws what it throws.
void Explorer::fail_in(StateSpace::Id id) {
    system_.load(numbers_.state_of(space_.read(id)));
    odometer_ = {};
    do {
        specs::model::Judge judge;
        StepContext context{odometer_, judge};
        if (!system_.step(context)) break;
        if (judge.is_violated()) return fail(id, {odometer_.digits()});
    } while (odometer_.advance());
    require(false, "a step that fails does so again");
}

/// Keeps the run that leads from the initial state to another and on. `backwards` has the steps
/// from there on, the last one first, and gets the others.
void Explorer::fail(StateSpace::Id id, std::vector<Choices> backwards) {
    backwards = steps_back_from(system_, numbers_, space_, id, std::move(backwards));
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
    } else if (const auto missing = message_never_sent(subject_, numbers_.sent_kinds());
               !missing.empty()) {
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
