#pragma once

#include "parley/checker/bounds.hpp"
#include "parley/checker/catalog.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/run.hpp"
#include "parley/stress/batch.hpp"
#include "parley/stress/finding.hpp"
#include "parley/stress/instance.hpp"
#include "parley/stress/judgement.hpp"
#include "parley/stress/outcome.hpp"
#include "parley/stress/tsan.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::stress {

/// The stress engine: batches of instances on two real threads, judged after each batch by the
/// monitors of the spec, and by ThreadSanitizer when this program is built with it.
template <class V, class C>
class Engine {
   public:
    Engine(std::string_view protocol, const checker::CheckOptions& check)
        : check_(check),
          options_(checker::options_with<typename V::Options>(check.bounds)),
          report_(checker::describe_check<C>(protocol, is_tsan_build() ? "tsan" : "stress", check)) {
    }

    /// The main loop of this engine.
    checker::Report run() {
        const checker::Stopwatch stopwatch;
        checker::Progress progress{check_, check_.seconds};
        const BatchRotation rotation;
        TwoThreads threads;
        instances_.resize(batch_size);
        BatchEnd end = BatchEnd::completed;
        for (std::uint64_t number = 0; goes_on(stopwatch); ++number) {
            const BatchPlan plan = rotation.plan(number, check_.seed);
            for (std::size_t i = 0; i < batch_size; ++i) prepare(i, mix(plan.seed + i));
            const BatchResult result = run_batch(threads, *this, batch_size, plan);
            end = result.end;
            judge_batch(result);
            progress.tick(executions_);
        }
        report_.seconds = stopwatch.seconds();
        conclude();
        if (end == BatchEnd::stuck) leave_behind();
        return std::move(report_);
    }

    // What run_batch() needs: see the concept Workload.
    void prepare(std::size_t i, std::uint64_t seed) {
        Slot& slot = instances_[i];
        for (auto& log : slot.logs) log.clear();
        slot.instance = std::make_unique<Instance<V, C>>(options_, seed, slot.logs);
    }
    void left(std::size_t i, Side& side) {
        instances_[i].instance->template run<model::Party::left>(side);
    }
    void right(std::size_t i, Side& side) {
        instances_[i].instance->template run<model::Party::right>(side);
    }
    bool judge(std::size_t, const BatchPlan&) { return !report_.trace; }

   private:
    using Witness = checker::WitnessOf<C>;
    using Entry = LogEntryOf<C>;
    static constexpr std::size_t batch_size = 256;

    struct Slot {
        Logs<Entry> logs;
        std::unique_ptr<Instance<V, C>> instance;
    };

    bool goes_on(const checker::Stopwatch& stopwatch) const {
        return !report_.trace && !check_.is_stopped() && executions_ < check_.executions_max &&
               stopwatch.seconds() < check_.seconds;
    }

    void judge_batch(const BatchResult& result) {
        for (const std::size_t i : result.finished) {
            if (report_.trace) return;
            ++executions_;
            const bool is_over = instances_[i].instance->is_over();
            if (!is_over) ++cut_;
            judge_instance(i, is_over, {});
        }
        if (count_tsan_reports() > 0) judge_races();
        if (result.end != BatchEnd::completed && !report_.trace) judge_end_of_batch(result);
    }

    /// Judges one instance; `given` is a violation that its logs do not show.
    void judge_instance(std::size_t i, bool is_over, const std::optional<checker::Violation>& given) {
        const auto capacity = static_cast<std::size_t>(options_.capacity);
        Witness witness{capacity};
        Judgement<Witness, Entry>{witness, capacity}.judge(instances_[i].logs, is_over);
        sent_kinds_ |= witness.sent_kinds();
        outcomes_.add(outcome_of(instances_[i].logs));
        if (!witness.is_violated() && !given) return;
        checker::Recorder recorder;
        Witness recording{capacity, &recorder};
        Judgement<Witness, Entry>{recording, capacity}.judge(instances_[i].logs, is_over);
        checker::Trace trace = checker::describe_trace<C>(report_);
        trace.violation = recording.is_violated() ? recording.violation() : *given;
        trace.events = recorder.events();
        report_.trace = std::move(trace);
    }

    void judge_races() {
        for (const TsanReport& race : take_tsan_reports()) {
            if (report_.trace) return;
            const std::size_t i = race.instance.value_or(0);
            judge_instance(i, false, violation_of(race));
            report_.trace->violation = violation_of(race);
            report_.trace->race = race_ends(race);
        }
    }

    void judge_end_of_batch(const BatchResult& result) {
        for (const model::Party party : {model::Party::left, model::Party::right}) {
            const SideEnd& side = result.sides[model::index_of(party)];
            if (report_.trace || !side.instance) continue;
            ++executions_;
            judge_instance(*side.instance, false, violation_of(result.end, party, side));
        }
    }

    void conclude() {
        report_.counts = {{"executions", executions_}, {"cut", cut_}};
        report_.outcomes = outcomes_.rows(outcome_names<C>());
        if (report_.trace) {
            report_.verdict = checker::Verdict::violated;
        } else if (const auto missing = checker::message_never_sent<C>(sent_kinds_);
                   executions_ == cut_ || !missing.empty()) {
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

    /// A thread still runs in an instance: what it uses must outlive this engine.
    void leave_behind() {
        for (Slot& slot : instances_) static_cast<void>(slot.instance.release());
        static_cast<void>(new std::vector<Slot>(std::move(instances_)));
    }

    const checker::CheckOptions& check_;
    typename V::Options options_;
    checker::Report report_;
    std::vector<Slot> instances_;
    OutcomeTable outcomes_;
    std::uint64_t executions_ = 0;
    std::uint64_t cut_ = 0;  ///< executions that took too many steps
    std::uint64_t sent_kinds_ = 0;
};

}  // namespace parley::stress
