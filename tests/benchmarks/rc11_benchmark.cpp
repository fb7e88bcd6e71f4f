#include "parley/checker/rc11/runtime/verify.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <thread>

/// How many executions of compiled code engine rc11 takes in a second, and how many of them take
/// as long as a million rounds of a fixed loop. Each program has a known number of executions;
/// those that end blocked come on top of the rate.
namespace parley::rc11 {
namespace {

/// What other figures are compared with, since machines differ: xorshift64 (Marsaglia 2003).
[[gnu::noinline]] std::uint64_t rounds(std::uint64_t count) {
    std::uint64_t value = 88172645463325252U;
    benchmark::DoNotOptimize(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        value ^= value << 13U;
        value ^= value >> 7U;
        value ^= value << 17U;
    }
    return value;
}

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto seq_cst = std::memory_order_seq_cst;

/// The textbook's ring: each end reads the other's index each time.
template <unsigned int Capacity, class Item = int, std::memory_order Observe = acquire,
          std::memory_order Publish = release>
class Ring {
 public:
    bool try_push(Item item) {
        const unsigned int tail = tail_.load(own);
        if (tail - head_.load(Observe) == Capacity) return false;
        slots_[tail % Capacity] = item;
        tail_.store(tail + 1, Publish);
        return true;
    }
    std::optional<Item> try_pop() {
        const unsigned int head = head_.load(own);
        if (tail_.load(Observe) == head) return std::nullopt;
        const Item item = slots_[head % Capacity];
        head_.store(head + 1, Publish);
        return item;
    }
    void push(Item item) { assume(try_push(item)); }
    Item pop() {
        const std::optional<Item> item = try_pop();
        assume(item.has_value());
        return *item;
    }

 private:
    static constexpr auto own = Publish == seq_cst ? seq_cst : relaxed;
    Item slots_[Capacity] = {};
    std::atomic<unsigned int> head_{0};
    std::atomic<unsigned int> tail_{0};
};

template <class Queue, int items>
void queue() {
    const auto owner = std::make_unique<Queue>();
    std::thread producer([&queue = *owner] {
        for (int i = 0; i < items; ++i) queue.push(i);
    });
    for (int i = 0; i < items; ++i) check(owner->pop() == i, "items come in order");
    producer.join();
}

struct Connection {
    Ring<4> questions;
    Ring<4> answers;
};

/// The client looks once for an answer after each question, and waits for the rest at the end.
template <int items>
void request_reply() {
    const auto owner = std::make_unique<Connection>();
    std::thread server([&connection = *owner] {
        for (int i = 0; i < items; ++i) connection.answers.push(connection.questions.pop());
    });
    int answered = 0;
    for (int i = 0; i < items; ++i) {
        owner->questions.push(i);
        if (const auto answer = owner->answers.try_pop()) {
            check(*answer == answered++, "answers come in order");
        }
    }
    while (answered < items) check(owner->answers.pop() == answered++, "answers come in order");
    server.join();
}

/// The requester looks once whether its object is back before it cancels, the notifier once whether
/// it is cancelled before it fires. A late cancel is passed over in the next round.
struct Arm {
    int round = 0;
    int* completion = nullptr;  ///< null: cancel
};
struct Arming {
    Ring<2, Arm> questions;
    Ring<2, Arm> answers;
};

template <int count>
void cancelable_one_shot() {
    const auto owner = std::make_unique<Arming>();
    std::thread notifier([&arming = *owner] {
        for (int round = 0; round < count; ++round) {
            Arm armed = arming.questions.pop();
            while (armed.completion == nullptr) armed = arming.questions.pop();
            check(armed.round == round, "rounds come in order");
            const bool is_cancelled = arming.questions.try_pop().has_value();
            *armed.completion = is_cancelled ? -1 : round;
            arming.answers.push(armed);
        }
    });
    for (int round = 0; round < count; ++round) {
        owner->questions.push({round, new int(0)});
        auto answer = owner->answers.try_pop();
        if (!answer) {
            owner->questions.push({round, nullptr});
            answer = owner->answers.pop();
        }
        check(*answer->completion == round || *answer->completion == -1, "the object is back");
        delete answer->completion;
    }
    notifier.join();
}

/// Two threads add each other's counter to their own, and a third looks (SV-COMP's fib_bench).
template <int items, bool is_watched>
void fib_bench() {
    struct Shared {
        std::atomic<int> i{1};
        std::atomic<int> j{1};
    };
    const auto owner = std::make_unique<Shared>();
    const auto add = [](std::atomic<int>& own, const std::atomic<int>& others) {
        for (int k = 0; k < items; ++k) {
            own.store(own.load(relaxed) + others.load(relaxed), relaxed);
        }
    };
    std::thread first([&shared = *owner, add] { add(shared.i, shared.j); });
    std::thread second([&shared = *owner, add] { add(shared.j, shared.i); });
    if (is_watched) {
        const int i = owner->i.load(relaxed);
        const int j = owner->j.load(relaxed);
        check(i <= 144 && j <= 144, "the twelfth number of Fibonacci's is the largest");
    }
    first.join();
    second.join();
}

void calibration(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(rounds(1'000'000));
}
BENCHMARK(calibration)->Unit(benchmark::kMicrosecond);

/// Of the processor, so that other work on the machine does not count.
double seconds_of(auto&& run) {
    const std::clock_t start = std::clock();
    run();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

void row(benchmark::State& state, void (*code)(), std::uint64_t executions) {
    double calibration = 0;
    double own = 0;
    std::uint64_t blocked = 0;
    std::uint64_t done = 0;
    for (auto _ : state) {
        calibration += seconds_of([] { benchmark::DoNotOptimize(rounds(1'000'000)); });
        Verification verification;
        own += seconds_of([&] { verification = verify(code, {.workers = 1}); });
        if (verification.result != Result::verified || verification.executions != executions) {
            state.SkipWithError(("counts or verdict: " + std::to_string(verification.executions) +
                                 " " + verification.reason)
                                    .c_str());
        }
        done += verification.executions;
        blocked = verification.blocked;
    }
    state.counters["executions"] = static_cast<double>(executions);
    state.counters["blocked"] = static_cast<double>(blocked);
    state.counters["per_s"] = static_cast<double>(done) / own;
    state.counters["per_loop"] =
        static_cast<double>(done) / own * calibration / static_cast<double>(state.iterations());
}

BENCHMARK_CAPTURE(row, spsc_ring_2_items_11, queue<Ring<2>, 11>, 59'049)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(row, spsc_ring_2_items_7, queue<Ring<2>, 7>, 729)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(row, spsc_ring_2_items_7_seq_cst, queue<Ring<2, int, seq_cst, seq_cst>, 7>, 729)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(row, request_reply_5, request_reply<5>, 662'980)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(row, cancelable_one_shot_4, cancelable_one_shot<4>, 6'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(row, fib_bench_5, fib_bench<5, false>, 19'404)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(row, fib_bench_5_watched, fib_bench<5, true>, 698'544)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace parley::rc11
