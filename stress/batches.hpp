#pragma once

#include "parley/stress/batch.hpp"
#include "parley/stress/tsan.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace parley::stress {

/// How much to run.
struct BatchesOptions {
    std::size_t instances_per_batch = 256;
    double seconds = 1;  ///< looked at between batches
    std::uint64_t batches_max = UINT64_MAX;
    std::uint64_t seed = 1;
    BatchRotation rotation;
    BatchLimits limits;
    const std::atomic<bool>* stop = nullptr;
};

enum class BatchesEnd : std::uint8_t {
    finished,  ///< the time or the batches are used up
    stopped,   ///< by the flag
    failed,    ///< the workload judged an instance false
    reported,  ///< ThreadSanitizer made a report: take_tsan_reports()
    threw,
    stalled,
    stuck,  ///< as BatchEnd::stuck
};

struct BatchesResult {
    BatchesEnd end = BatchesEnd::finished;
    std::uint64_t batches = 0;
    std::uint64_t instances = 0;  ///< that both sides ran to their end
    double seconds = 0;
    BatchPlan plan;                       ///< of the last batch
    std::optional<std::size_t> instance;  ///< that failed
    std::array<SideEnd, 2> sides;         ///< of the last batch
};

/// Prepares, runs and judges batches, a plan of the rotation each, until something is found or the
/// budget is used up. A batch that both sides completed is judged whole, first instance first;
/// of one that was given up, the instances that both sides completed are judged.
template <Workload W>
BatchesResult run_batches(TwoThreads& threads, W& workload, const BatchesOptions& options) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    BatchesResult total;
    const auto finish = [&](BatchesEnd end) {
        total.end = end;
        return total;
    };
    while (total.batches < options.batches_max && total.seconds < options.seconds) {
        if (options.stop != nullptr && *options.stop) return finish(BatchesEnd::stopped);
        total.plan = options.rotation.plan(total.batches, options.seed);
        for (std::size_t i = 0; i < options.instances_per_batch; ++i) {
            workload.prepare(i, mix(total.plan.seed + i));
        }
        const BatchResult batch = run_batch(threads, workload, options.instances_per_batch,
                                            total.plan, options.limits);
        total.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        ++total.batches;
        total.sides = batch.sides;
        if (batch.end == BatchEnd::stuck) return finish(BatchesEnd::stuck);
        for (const std::size_t i : batch.finished) {
            ++total.instances;
            if (workload.judge(i, total.plan)) continue;
            total.instance = i;
            return finish(BatchesEnd::failed);
        }
        if (count_tsan_reports() > 0) return finish(BatchesEnd::reported);
        if (batch.end == BatchEnd::threw) return finish(BatchesEnd::threw);
        if (batch.end == BatchEnd::stalled) return finish(BatchesEnd::stalled);
    }
    return finish(BatchesEnd::finished);
}

}  // namespace parley::stress
