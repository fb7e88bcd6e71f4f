#include "parley/stress/fibers/fiber_engine.hpp"

#include "parley/checker/progress.hpp"
#include "parley/checker/require.hpp"
#include "parley/stress/crash.hpp"
#include "parley/stress/examination.hpp"
#include "parley/stress/fibers/burst_chooser.hpp"
#include "parley/stress/fibers/fiber_run.hpp"
#include "parley/stress/fibers/hang_watch.hpp"
#include "parley/stress/tsan_hook.hpp"

#include <memory>

namespace parley::stress {

namespace {

class FiberEngine {
 public:
    FiberEngine(Cases& cases, const checker::Subject& subject, const checker::CheckOptions& check)
        : cases_(cases), check_(check), examination_(cases, subject, check, "fibers") {}

    /// The main loop of this engine.
    checker::Report run() {
        const checker::Stopwatch stopwatch;
        for (std::uint64_t number = 0; goes_on(number, stopwatch); ++number) {
            const auto chooser = chooser_of(number);
            run_once(*chooser);
            if (examination_.is_over()) return conclude(stopwatch, chooser->taken());
        }
        return conclude(stopwatch, {});
    }

    checker::Report replay(const checker::Choices& choices) {
        checker::ReplayChooser chooser(choices);
        run_once(chooser);
        examination_.show(0);
        return conclude({}, chooser.taken());
    }

 private:
    /// Requires a check that goes by numbers or by time.
    bool goes_on(std::uint64_t number, const checker::Stopwatch& stopwatch) const {
        const bool has_time = check_.seconds == 0 || stopwatch.seconds() < check_.seconds;
        return has_time && !check_.is_stopped() && number < check_.executions_max;
    }

    std::unique_ptr<checker::RandomChooser> chooser_of(std::uint64_t number) const {
        const std::uint64_t seed = mix(check_.seed ^ mix(number));
        switch (number % 3) {
            case 0:
                return std::make_unique<BurstChooser>(seed);
            case 1:
                return std::make_unique<checker::RandomChooser>(seed);
            default:
                return std::make_unique<checker::PctChooser>(seed, check_.depth, operations_last_);
        }
    }

    void run_once(checker::Chooser& chooser) {
        cases_.prepare(0, 0);
        FiberRun execution(fibers_, cases_, chooser);
        const BatchResult result = execution.run();
        examination_.judge(result);
        switches_ += execution.switches();
        operations_ += execution.operations();
        operations_last_ = static_cast<std::uint32_t>(execution.operations() + 1);
        if (result.end == BatchEnd::stuck) cases_.leave_behind();
    }

    checker::Report conclude(const checker::Stopwatch& stopwatch, const checker::Choices& choices) {
        checker::Report report = examination_.conclude();
        report.counts.emplace_back("switches", switches_);
        report.counts.emplace_back("operations", operations_);
        if (check_.seconds > 0) report.seconds = stopwatch.seconds();
        if (report.trace) report.trace->choices = choices;
        return report;
    }

    Cases& cases_;
    const checker::CheckOptions& check_;
    Examination examination_;
    AlternateStack signal_stack_;
    PartyFibers fibers_;
    HangWatch watch_;
    std::uint64_t switches_ = 0;
    std::uint64_t operations_ = 0;
    std::uint32_t operations_last_ = 1;  ///< of the last execution
};

/// What a runtime that takes both fibers for one thread says is worth nothing.
bool is_race_seen() {
    forget_raw_reports();
    volatile int plain = 0;
    PartyFibers fibers;
    fibers.start([](void* it, model::Party) { *static_cast<volatile int*>(it) = 1; },
                 const_cast<int*>(&plain));
    for (const model::Party party : {model::Party::left, model::Party::right}) {
        fibers.resume(party);
    }
    const bool is_seen = count_raw_reports() > 0;
    forget_raw_reports();
    return is_seen;
}

/// A check that names neither a number of executions nor a time gets a number. The engine's name
/// says all that there is to say of its scheduler.
checker::CheckOptions bounded(checker::CheckOptions check) {
    const bool has_bound = check.seconds > 0 || check.executions_max != UINT64_MAX;
    if (!has_bound) check.executions_max = fiber_executions_default;
    check.scheduler.clear();
    return check;
}

}  // namespace

checker::Report check_on_fibers(Cases& cases, const checker::Subject& subject,
                                const checker::CheckOptions& check) {
    checker::require(is_race_seen(), "ThreadSanitizer reports a race that is planted on fibers");
    const checker::CheckOptions options = bounded(check);
    return FiberEngine(cases, subject, options).run();
}

checker::Report replay_on_fibers(Cases& cases, const checker::Subject& subject,
                                 const checker::CheckOptions& check,
                                 const checker::Choices& choices) {
    const checker::CheckOptions options = bounded(check);
    return FiberEngine(cases, subject, options).replay(choices);
}

}  // namespace parley::stress
