#include "parley/stress/engine.hpp"

#include "parley/checker/progress.hpp"
#include "parley/stress/batch.hpp"
#include "parley/stress/examination.hpp"
#include "parley/stress/fibers/fiber_engine.hpp"
#include "parley/stress/tsan.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>

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
          check_(check),
          examination_(cases, subject, check, is_tsan_build() ? "tsan" : "stress") {}

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
            const std::size_t count = std::min<std::uint64_t>(
                batch_size_, check_.executions_max - examination_.executions());
            for (std::size_t i = 0; i < count; ++i) cases_.prepare(i, mix(plan.seed + i));
            const BatchResult result =
                run_batch(threads, cases_, count, plan, {.stall_ms = stall_ms});
            end = result.end;
            examination_.judge(result);
            adapt(batch_watch.seconds());
            progress.tick(examination_.executions());
        }
        checker::Report report = examination_.conclude();
        report.seconds = stopwatch.seconds();
        if (end == BatchEnd::stuck) cases_.leave_behind();
        return report;
    }

 private:
    bool goes_on(const checker::Stopwatch& stopwatch) const {
        return !examination_.is_over() && !check_.is_stopped() &&
               examination_.executions() < check_.executions_max &&
               stopwatch.seconds() < check_.seconds;
    }

    /// On a machine that is busy elsewhere a batch can take a thousand times longer.
    void adapt(double batch_s) {
        if (batch_s < batch_s_min && batch_size_ < batch_size_max) batch_size_ *= 2;
        if (batch_s > batch_s_max && batch_size_ > batch_size_min) batch_size_ /= 2;
    }

    Cases& cases_;
    const checker::CheckOptions& check_;
    Examination examination_;
    std::size_t batch_size_ = 16;
};

}  // namespace

checker::Runner stress_runner(const DescribeSubject& describe, const MakeCases& make_cases) {
    checker::Runner runner;
    runner.check = [=](const checker::CheckOptions& check) {
        const checker::Subject subject = describe(check);
#if PARLEY_HAS_FIBERS
        if (check.scheduler == fiber_scheduler) {
            return check_on_fibers(*make_cases(check, 1), subject, check);
        }
#endif
        const std::unique_ptr<Cases> cases = make_cases(check, batch_size_max);
        return Engine{*cases, subject, check}.run();
    };
#if PARLEY_HAS_FIBERS
    runner.replay = [=](const checker::CheckOptions& check, const checker::Choices& choices) {
        return replay_on_fibers(*make_cases(check, 1), describe(check), check, choices);
    };
#endif
    return runner;
}

}  // namespace parley::stress
