#include "parley/checker/relacy/platform.hpp"
#include "parley/checker/relacy/simulate.hpp"
#include "parley/protocols/model/spsc_queue.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <ostream>

#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wdollar-in-identifier-extension"
#endif
#define $ RL_INFO
#include <relacy/context.hpp>

#include <relacy/atomic.hpp>
#include <relacy/atomic_fence.hpp>
#include <relacy/backoff.hpp>
#include <relacy/dyn_thread.hpp>
#include <relacy/stdlib/condition_variable.hpp>
#include <relacy/stdlib/event.hpp>
#include <relacy/stdlib/mutex.hpp>
#include <relacy/stdlib/semaphore.hpp>
#include <relacy/test_suite.hpp>
#include <relacy/var.hpp>
#undef $
#pragma GCC diagnostic pop

/// What our layers cost: executions per second of four messages through a queue of two, checked
/// once as a test written by hand for Relacy and once as our production queue in simulate().
namespace parley::checker::relacy {
namespace {

constexpr std::size_t capacity = 2;
constexpr int messages = 4;
constexpr std::uint64_t executions = 20'000;

/// The algorithm of model::SpscQueue, spelled out for Relacy.
struct ByHand : rl::test_suite<ByHand, 2> {
    std::array<rl::var<int>, capacity> slots;
    rl::atomic<std::size_t> head;
    rl::atomic<std::size_t> tail;
    std::size_t own_head = 0;
    std::size_t own_tail = 0;
    std::size_t head_seen = 0;
    std::size_t tail_seen = 0;

    void before() {
        head.store(0, rl::mo_relaxed, RL_INFO);
        tail.store(0, rl::mo_relaxed, RL_INFO);
    }
    void thread(unsigned index) {
        for (int message = 0; message < messages; ++message) {
            if (index == 0) {
                while (!push(message)) rl::yield(1, RL_INFO);
            } else {
                while (!pop(message)) rl::yield(1, RL_INFO);
            }
        }
    }
    bool push(int message) {
        if (own_tail - head_seen == capacity) {
            head_seen = head.load(rl::mo_acquire, RL_INFO);
            if (own_tail - head_seen == capacity) return false;
        }
        slots[own_tail % capacity](RL_INFO).store(message);
        tail.store(++own_tail, rl::mo_release, RL_INFO);
        return true;
    }
    bool pop(int message) {
        if (tail_seen == own_head) {
            tail_seen = tail.load(rl::mo_acquire, RL_INFO);
            if (tail_seen == own_head) return false;
        }
        RL_ASSERT(slots[own_head % capacity](RL_INFO).load() == message);
        head.store(++own_head, rl::mo_release, RL_INFO);
        return true;
    }
};

/// The production queue in our simulation.
struct Ours {
    model::SpscQueue<int, model::dynamic_capacity, RelacyPlatform> queue{capacity};

    void thread(unsigned index) {
        for (int message = 0; message < messages; ++message) {
            int taken = message;
            if (index == 0) {
                while (!queue.try_push(message)) RelacyPlatform::pause();
            } else {
                while (!queue.try_pop(taken)) RelacyPlatform::pause();
            }
            if (taken != message) fail("messages come out as they went in");
        }
    }
};

void count(benchmark::State& state) {
    state.counters["executions"] = benchmark::Counter(
        static_cast<double>(executions), benchmark::Counter::kIsIterationInvariantRate);
}

void by_hand(benchmark::State& state) {
    std::ostream nowhere(nullptr);
    for (auto _ : state) {
        rl::test_params parameters;
        parameters.iteration_count = executions;
        parameters.output_stream = &nowhere;
        parameters.progress_stream = &nowhere;
        rewind_fiber_stacks();
        if (!rl::simulate<ByHand>(parameters)) state.SkipWithError("it failed");
    }
    count(state);
}
BENCHMARK(by_hand)->Unit(benchmark::kMillisecond);

void ours(benchmark::State& state) {
    for (auto _ : state) {
        const auto result = simulate({.executions_max = executions}, [] { return Ours(); });
        if (result.executions != executions) state.SkipWithError("it failed");
    }
    count(state);
}
BENCHMARK(ours)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace parley::checker::relacy
