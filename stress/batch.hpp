#pragma once

#include "parley/stress/backoff.hpp"
#include "parley/stress/barrier.hpp"
#include "parley/stress/batch_plan.hpp"
#include "parley/stress/stall_clock.hpp"
#include "parley/stress/tsan.hpp"
#include "parley/stress/two_threads.hpp"
#include "parley/stress/whereabouts.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley::stress {

/// What one thread may ask for while it runs its side of an instance.
class Side {
 public:
    /// Answers what a script leaves open: one of `count`.
    using Ask = std::uint32_t (*)(std::uint32_t count);

    Side(const std::atomic<bool>& abandoned, std::atomic<std::size_t>& steps, Delays delays,
         Backoff backoff, Ask ask = nullptr)
        : abandoned_(abandoned), steps_(steps), delays_(delays), backoff_(backoff), ask_(ask) {}

    /// The instance has hung or the other side has failed: every loop of a side must end on it.
    bool is_abandoned() const { return abandoned_.load(std::memory_order_relaxed); }

    /// Between two steps: a random short delay, or none, as planned.
    void delay() { delays_.pass(); }

    /// One of `count`, drawn from `random` where nobody is to be asked.
    std::uint32_t choose(std::uint32_t count, Xorshift& random) {
        if (ask_ != nullptr) return ask_(count);
        return static_cast<std::uint32_t>(random.below(count));
    }

    /// There was nothing to do: spins, later gives the core away.
    void wait() { backoff_.wait(); }

    /// There was something to do: this side has not stalled, and the next wait() spins again.
    void moved() {
        backoff_.reset();
        // Its only writer is this thread.
        steps_.store(steps_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

 private:
    const std::atomic<bool>& abandoned_;
    std::atomic<std::size_t>& steps_;
    Delays delays_;
    Backoff backoff_;
    Ask ask_;
};

/// Independent instances of one small concurrent program, numbered from 0; `left` and `right` run
/// on a thread each. Preparing and judging them is the caller's, between two batches.
template <class W>
concept Workload = requires(W& workload, std::size_t instance, Side& side) {
    workload.left(instance, side);
    workload.right(instance, side);
};

/// Runs one side of an instance of a Workload. Returns what() of what it threw, if it threw
/// something. It is in every stack, and binutils does not know the names of constrained functions.
template <class W>
std::optional<std::string> run_side(W& workload, model::Party party, std::size_t instance,
                                    Side& side) {
    try {
        if (party == model::Party::left) {
            workload.left(instance, side);
        } else {
            workload.right(instance, side);
        }
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "an exception that is not a std::exception";
    }
    return {};
}

/// When a batch is given up. Times are those of StallClock.
struct BatchLimits {
    int stall_ms = 1000;  ///< neither side has moved for so long
    int leave_ms = 1000;  ///< after that, the time in which both must leave theirs
};

enum class BatchEnd : std::uint8_t {
    completed,  ///< both sides ran all instances, or as many as were run before TSan's first report
    threw,      ///< an exception left a side
    stalled,    ///< a side got no further; both have left
    stuck,      ///< a side got no further and did not leave: its thread still runs
};

/// How one side of a batch ended.
struct SideEnd {
    std::size_t completed = 0;            ///< instances that it ran to their end
    std::optional<std::size_t> instance;  ///< where it was when it was given up
    std::optional<std::string> thrown;    ///< what() of what it threw
};

struct BatchResult {
    BatchEnd end = BatchEnd::completed;
    std::array<SideEnd, 2> sides;       ///< by model::index_of(party)
    std::vector<std::size_t> finished;  ///< instances that both sides ran to their end
};

/// One batch under way: the part of run_batch() that both threads share.
///
/// Between the two barriers of a batch the threads share nothing of ours but flags and
/// counters, all relaxed: they order nothing, so they hide no race from ThreadSanitizer and add no
/// ordering to the code under check.
template <Workload W>
class BatchJob {
 public:
    BatchJob(W& workload, std::size_t instance_count, const BatchPlan& plan)
        : workload_(workload),
          plan_(plan),
          cpus_(allowed_cpus()),
          barrier_(spins_for(plan.placement)) {
        for (Progress& progress : progress_) {
            progress.order.resize(instance_count);
            std::iota(progress.order.begin(), progress.order.end(), std::size_t{0});
        }
        if (plan.order == BatchOrder::forward) return;
        shuffle(progress_[0].order, plan.seed);
        if (plan.order == BatchOrder::shuffled) progress_[1].order = progress_[0].order;
        if (plan.order == BatchOrder::apart) shuffle(progress_[1].order, mix(plan.seed));
    }

    /// The work of one thread.
    void run(model::Party party) {
        pin_this_thread(cpus_for(plan_.placement, party, plan_.number, cpus_));
        if (barrier_.arrive_and_wait()) run_all(party);
        leave();
        progress_[model::index_of(party)].has_left.store(true, std::memory_order_relaxed);
    }

    /// Waits for both threads and gives the batch up when neither gets any further.
    BatchEnd watch(TwoThreads& threads, const BatchLimits& limits) {
        constexpr std::chrono::milliseconds tick{StallClock::tick_ms};
        StallClock clock(threads);
        std::size_t last = 0;
        while (!threads.wait_for(tick)) {
            const std::size_t now = progress_[0].steps.load(std::memory_order_relaxed) +
                                    progress_[1].steps.load(std::memory_order_relaxed);
            if (now != std::exchange(last, now)) clock.restart();
            if (!clock.has_passed(limits.stall_ms, running())) continue;
            abandon();
            clock.restart();
            while (!threads.wait_for(tick)) {
                if (clock.has_passed(limits.leave_ms, running())) return BatchEnd::stuck;
            }
            return BatchEnd::stalled;
        }
        const bool has_thrown = progress_[0].thrown || progress_[1].thrown;
        return has_thrown ? BatchEnd::threw : BatchEnd::completed;
    }

    BatchResult result(BatchEnd end) const {
        BatchResult result{.end = end, .sides = {}, .finished = {}};
        std::vector<int> sides_finished(progress_[0].order.size());
        for (std::size_t i = 0; i < 2; ++i) {
            const Progress& progress = progress_[i];
            const std::size_t begun = progress.begun.load(std::memory_order_relaxed);
            SideEnd& side = result.sides[i];
            side.completed = progress.completed.load(std::memory_order_relaxed);
            if (begun > side.completed) side.instance = progress.order[begun - 1];
            // A stuck thread may still write to it.
            if (end != BatchEnd::stuck) side.thrown = progress.thrown;
            for (std::size_t k = 0; k < side.completed; ++k) ++sides_finished[progress.order[k]];
        }
        for (std::size_t i = 0; i < sides_finished.size(); ++i) {
            if (sides_finished[i] == 2) result.finished.push_back(i);
        }
        return result;
    }

 private:
    /// Of one thread, on cache lines of its own.
    struct alignas(128) Progress {
        std::atomic<std::size_t> begun = 0;  ///< instances, in `order`
        std::atomic<std::size_t> completed = 0;
        std::vector<std::size_t> order;
        std::optional<std::string> thrown;
        std::atomic<std::size_t> steps = 0;  ///< see Side::moved()
        std::atomic<bool> has_left = false;
    };

    std::array<bool, 2> running() const {
        return {!progress_[0].has_left.load(std::memory_order_relaxed),
                !progress_[1].has_left.load(std::memory_order_relaxed)};
    }

    static void shuffle(std::vector<std::size_t>& order, std::uint64_t seed) {
        Xorshift random(seed);
        for (std::size_t left = order.size(); left > 1; --left) {
            std::swap(order[left - 1], order[random.below(left)]);
        }
    }

    /// Threads on one core have nothing to gain from spinning.
    static std::uint32_t spins_for(Placement placement) {
        return placement == Placement::same_core ? 0 : spins_default;
    }

    void abandon() {
        abandoned_.store(true, std::memory_order_relaxed);
        barrier_.abandon();
    }

    void run_all(model::Party party) {
        Progress& progress = progress_[model::index_of(party)];
        const std::uint64_t seed = mix(plan_.seed + model::index_of(party));
        Side side(abandoned_, progress.steps, Delays(plan_.delays, seed),
                  Backoff(spins_for(plan_.placement)));
        for (std::size_t i = 0; i < progress.order.size(); ++i) {
            if (plan_.is_aligned && !barrier_.arrive_and_wait()) return;
            if (side.is_abandoned()) return;
            progress.begun.store(i + 1, std::memory_order_relaxed);
            side.moved();
            run_one(party, progress.order[i], side, progress);
            // A report takes a millisecond: a race in each instance would take minutes.
            if (count_tsan_reports() > 0) abandon();
            // What an abandoned side returns from is not its end.
            if (side.is_abandoned()) return;
            progress.completed.store(i + 1, std::memory_order_relaxed);
            side.moved();
        }
    }

    void run_one(model::Party party, std::size_t instance, Side& side, Progress& progress) {
        enter(party, instance);
        progress.thrown = run_side(workload_, party, instance, side);
        if (progress.thrown) abandon();
    }

    W& workload_;
    BatchPlan plan_;
    std::vector<int> cpus_;
    SpinBarrier barrier_;
    std::atomic<bool> abandoned_ = false;
    std::array<Progress, 2> progress_;
};

/// Runs one batch of `instance_count` instances that are already prepared, on both threads, and
/// waits for it. After BatchEnd::stuck a thread still runs in the workload: report, then leave the
/// program through std::_Exit.
template <Workload W>
BatchResult run_batch(TwoThreads& threads, W& workload, std::size_t instance_count,
                      const BatchPlan& plan, const BatchLimits& limits = {}) {
    // Never freed when a thread is stuck in it.
    auto job = std::make_unique<BatchJob<W>>(workload, instance_count, plan);
    threads.start([](void* it, model::Party party) { static_cast<BatchJob<W>*>(it)->run(party); },
                  job.get());
    const BatchEnd end = job->watch(threads, limits);
    BatchResult result = job->result(end);
    if (end == BatchEnd::stuck) static_cast<void>(job.release());
    return result;
}

}  // namespace parley::stress
