#include "parley/stress/engine.hpp"

#include "parley/checker/meaning.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/require.hpp"
#include "parley/stress/batch.hpp"
#include "parley/stress/finding.hpp"
#include "parley/stress/outcome.hpp"
#include "parley/stress/tsan.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace parley::stress {

namespace {

constexpr std::size_t batch_size_min = 4;
constexpr std::size_t batch_size_max = 256;
constexpr double batch_s_min = 0.02;  ///< shorter batches are mostly preparation
constexpr double batch_s_max = 0.1;   ///< longer ones overrun the time budget
constexpr int stall_ms = 500;

class Engine {
 public:
    Engine(Cases& cases, const checker::Subject& subject, const checker::CheckOptions& check)
        : cases_(cases),
          subject_(subject),
          check_(check),
          report_(checker::begin_report(subject, is_tsan_build() ? "tsan" : "stress", check)) {
        report_.coverage = checker::coverage_of(subject, true);
    }

    /// The main loop of this engine.
    checker::Report run() {
        const checker::Stopwatch stopwatch;
        checker::Progress progress{check_, check_.seconds};
        const BatchRotation rotation;
        TwoThreads threads;
        BatchEnd end = BatchEnd::completed;
        for (std::uint64_t number = 0; goes_on(stopwatch); ++number) {
            const checker::Stopwatch batch_watch;
            const BatchPlan plan = rotation.plan(number, check_.seed);
            const std::size_t count =
                std::min<std::uint64_t>(batch_size_, check_.executions_max - executions_);
            for (std::size_t i = 0; i < count; ++i) cases_.prepare(i, mix(plan.seed + i));
            const BatchResult result =
                run_batch(threads, cases_, count, plan, {.stall_ms = stall_ms});
            end = result.end;
            try {
                judge_batch(result);
            } catch (const checker::LimitReached& reached) {
                limit_ = reached.limit;
            }
            adapt(batch_watch.seconds());
            progress.tick(executions_);
        }
        report_.seconds = stopwatch.seconds();
        conclude();
        if (end == BatchEnd::stuck) cases_.leave_behind();
        return std::move(report_);
    }

 private:
    bool goes_on(const checker::Stopwatch& stopwatch) const {
        return !report_.trace && limit_.empty() && !check_.is_stopped() &&
               executions_ < check_.executions_max && stopwatch.seconds() < check_.seconds;
    }

    /// On a machine that is busy elsewhere a batch can take a thousand times longer.
    void adapt(double batch_s) {
        if (batch_s < batch_s_min && batch_size_ < batch_size_max) batch_size_ *= 2;
        if (batch_s > batch_s_max && batch_size_ > batch_size_min) batch_size_ /= 2;
    }

    void judge_batch(const BatchResult& result) {
        for (const std::size_t i : result.finished) {
            if (report_.trace) return;
            const bool is_over = cases_.is_over(i);
            ++executions_;
            if (!is_over) ++cut_;
            judge_case(i, is_over, std::nullopt);
        }
        if (count_tsan_reports() > 0) judge_races();
        if (result.end != BatchEnd::completed && !report_.trace) judge_end_of_batch(result);
    }

    /// `given` is a violation that the logs of the execution do not show.
    void judge_case(std::size_t i, bool is_over, const std::optional<checker::Violation>& given) {
        const CaseFinding finding =
            cases_.look_at(i, is_over, nullptr, report_.coverage ? &*report_.coverage : nullptr);
        sent_kinds_ |= finding.sent_kinds;
        outcomes_.add(finding.outcome);
        if (finding.violation || given) {
            take_down(i, is_over, finding.violation ? *finding.violation : *given);
        }
    }

    void take_down(std::size_t i, bool is_over, checker::Violation violation) {
        checker::Recorder recorder;
        cases_.look_at(i, is_over, &recorder, nullptr);
        report_.trace = checker::begin_trace(subject_, report_);
        report_.trace->violation = std::move(violation);
        report_.trace->events = recorder.events();
    }

    void judge_races() {
        for (const TsanReport& race : take_tsan_reports()) {
            if (report_.trace) return;
            take_down(race.instance.value_or(0), false, violation_of(race));
            report_.trace->race = race_ends(race);
        }
    }

    void judge_end_of_batch(const BatchResult& result) {
        // The party that is behind has not come out of an execution that the other one has left.
        const bool is_left_ahead = result.sides[0].completed > result.sides[1].completed;
        const model::Party behind = is_left_ahead ? model::Party::right : model::Party::left;
        for (const model::Party party : {behind, model::other(behind)}) {
            const SideEnd& side = result.sides[model::index_of(party)];
            if (report_.trace || !side.instance) continue;
            ++executions_;
            judge_case(*side.instance, false, violation_of(result.end, party, side));
        }
    }

    void conclude() {
        report_.counts = {{"executions", executions_}, {"cut", cut_}};
        report_.outcomes = outcomes_.rows(subject_);
        const std::string missing = checker::message_never_sent(subject_, sent_kinds_);
        if (report_.trace) {
            report_.verdict = checker::Verdict::violated;
        } else if (!limit_.empty()) {
            report_.verdict = checker::Verdict::incomplete;
            report_.reason = limit_;
        } else if (executions_ == cut_ || !missing.empty()) {
            report_.verdict = checker::Verdict::vacuous;
            report_.reason = executions_ == cut_ ? "no execution came to its end" : missing;
        } else if (check_.is_stopped()) {
            report_.verdict = checker::Verdict::incomplete;
            report_.reason = "interrupted";
        } else {
            report_.verdict = checker::Verdict::passed;
        }
        checker::explain(report_);
    }

    Cases& cases_;
    const checker::Subject& subject_;
    const checker::CheckOptions& check_;
    checker::Report report_;
    OutcomeTable outcomes_;
    std::size_t batch_size_ = 16;
    std::uint64_t executions_ = 0;
    std::uint64_t cut_ = 0;  ///< executions that took too many steps
    std::uint64_t sent_kinds_ = 0;
    std::string limit_;  ///< of the check itself, if one ended it
};

}  // namespace

checker::Runner stress_runner(const DescribeSubject& describe, const MakeCases& make_cases) {
    checker::Runner runner;
    runner.check = [=](const checker::CheckOptions& check) {
        const checker::Subject subject = describe(check);
        const std::unique_ptr<Cases> cases = make_cases(check, batch_size_max);
        return Engine{*cases, subject, check}.run();
    };
    return runner;
}

}  // namespace parley::stress
