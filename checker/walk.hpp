#pragma once

#include "parley/checker/meaning.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/run.hpp"

#include <cstdint>
#include <optional>
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

/// Runs drawn at random, for worlds too large to explore. `MakeChooser` makes the chooser of a run
/// (a RandomChooser or a PctChooser) from its seed.
template <class V, class MakeChooser>
class Walker {
   public:
    Walker(std::string_view protocol, const CheckOptions& check, MakeChooser make_chooser)
        : protocol_(protocol),
          check_(check),
          make_chooser_(std::move(make_chooser)),
          stepper_(options_with<typename V::Options>(check.bounds)) {}

    Report run() {
        Report report = describe_check<V>(protocol_, "explore", check_);
        const Stopwatch stopwatch;
        Guard guard;
        const GuardedEnd end = guard.run([&] { walk(stopwatch); });
        if (end != GuardedEnd::returned) is_violated_ = true;
        report.counts = {{"executions", executions_}, {"cut", cut_}};
        report.seconds = stopwatch.seconds();
        conclude(report);
        return report;
    }

   private:
    using W = World<V>;

    /// The main loop of this engine.
    void walk(const Stopwatch& stopwatch) {
        Progress progress{check_, check_.seconds};
        while (!is_violated_ && executions_ < check_.executions_max && !check_.is_stopped() &&
               (executions_ % 64 != 0 || stopwatch.seconds() < check_.seconds)) {
            chooser_.emplace(make_chooser_(run_seed(check_.seed, executions_)));
            specs::model::Judge judge;
            StepContext context{*chooser_, judge};
            W world{};
            ++executions_;
            const RunEnd end =
                run_to_end(stepper_, world, context, check_.steps_max, [] { return true; });
            sent_kinds_ |= context.sent_kinds;
            if (end == RunEnd::cut) ++cut_;
            is_violated_ = end == RunEnd::violated;
            progress.tick(executions_);
        }
    }

    void conclude(Report& report) const {
        report.verdict = Verdict::passed;
        if (is_violated_) {
            report.verdict = Verdict::violated;
            report.trace = replay<V>(protocol_, check_, chooser_->taken()).trace;
        } else if (executions_ == cut_) {
            report.verdict = Verdict::vacuous;
            report.reason = "no run reached its end";
        } else if (const auto missing = message_never_sent<V>(sent_kinds_); !missing.empty()) {
            report.verdict = Verdict::vacuous;
            report.reason = missing;
        } else if (check_.is_stopped()) {
            report.verdict = Verdict::incomplete;
            report.reason = "interrupted";
        }
        explain(report);
    }

    std::string_view protocol_;
    const CheckOptions& check_;
    MakeChooser make_chooser_;
    Stepper<W> stepper_;
    std::optional<decltype(std::declval<MakeChooser>()(0))> chooser_;  ///< of the current run
    std::uint64_t executions_ = 0;
    std::uint64_t cut_ = 0;
    std::uint64_t sent_kinds_ = 0;
    bool is_violated_ = false;
};

}  // namespace parley::checker
