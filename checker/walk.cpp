#include "parley/checker/walk.hpp"

#include "parley/checker/determinism.hpp"
#include "parley/checker/guard.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/merge.hpp"
#include "parley/checker/mix.hpp"
#include "parley/checker/run.hpp"

#include <cstddef>
#include <vector>

namespace parley::checker {

namespace {

constexpr std::uint64_t runs_per_repetition = 256;

std::vector<std::byte> bytes_of(State state) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < state.size(); ++i) {
        bytes.insert(bytes.end(), state[i].begin(), state[i].end());
    }
    return bytes;
}

/// The seed of one run of a campaign: neighbours must not resemble each other.
std::uint64_t run_seed(std::uint64_t seed, std::uint64_t run) {
    return mix(seed * mix_step + run + 0x632be59bd9b4e019U);
}

}  // namespace

Report Walker::run() {
    Report report = begin_report(subject_, "explore", check_);
    const Stopwatch stopwatch;
    try {
        if (guard_.run([&] { walk(stopwatch); }) != GuardedEnd::returned) is_violated_ = true;
    } catch (const LimitReached& reached) {
        limit_ = reached.limit;
    }
    report.counts = {{"executions", executions_}, {"cut", cut_}};
    if (check_.shards > 1) report.parts = {part_of_campaign(check_)};
    report.seconds = stopwatch.seconds();
    conclude(report);
    return report;
}

/// The main loop of this engine.
void Walker::walk(const Stopwatch& stopwatch) {
    Progress progress{check_, check_.seconds};
    for (std::uint64_t run = check_.shard - 1 + check_.executions_before * check_.shards;
         !is_violated_ && run < check_.executions_max && !check_.is_stopped() &&
         (executions_ % 64 != 0 || stopwatch.seconds() < check_.seconds);
         run += check_.shards) {
        chooser_ = make_chooser_(run_seed(check_.seed, run));
        specs::model::Judge judge;
        StepContext context{*chooser_, judge};
        if (coverage_) context.coverage = &*coverage_;
        ++executions_;
        system_.begin();
        const RunEnd end = run_to_end(system_, context, check_.steps_max, [] { return true; });
        sent_kinds_ |= context.sent_kinds;
        if (end == RunEnd::cut) ++cut_;
        is_violated_ = end == RunEnd::violated;
        if (!is_violated_ && executions_ % runs_per_repetition == 1) {
            is_deterministic_ = is_same_again(end);
            is_violated_ = !is_deterministic_;
        }
        progress.tick(executions_);
    }
}

/// Whether the run that has just ended comes to the same when it is had again.
bool Walker::is_same_again(RunEnd end) {
    const std::vector<std::byte> state = bytes_of(system_.current());
    ReplayChooser again{chooser_->taken()};
    specs::model::Judge judge;
    StepContext context{again, judge};
    system_.begin();
    const RunEnd end_again = run_to_end(system_, context, check_.steps_max, [] { return true; });
    return end_again == end && again.taken() == chooser_->taken() &&
           bytes_of(system_.current()) == state;
}

void Walker::conclude(Report& report) {
    report.verdict = Verdict::passed;
    if (is_violated_) {
        report.verdict = Verdict::violated;
        report.trace = replay_run(system_, subject_, check_, chooser_->taken(), guard_).trace;
        if (!is_deterministic_) {
            report.trace->violation =
                not_deterministic("it came to something else the second time");
        }
    } else if (!limit_.empty()) {
        report.verdict = Verdict::incomplete;
        report.reason = limit_;
    } else if (executions_ == cut_) {
        report.verdict = Verdict::vacuous;
        report.reason = "no run reached its end";
    } else if (const auto missing = message_never_sent(subject_, sent_kinds_); !missing.empty()) {
        report.verdict = Verdict::vacuous;
        report.reason = missing;
    } else if (check_.is_stopped()) {
        report.verdict = Verdict::incomplete;
        report.reason = check_.stop_reason();
    }
    report.coverage = std::move(coverage_);
    explain(report);
}

}  // namespace parley::checker
