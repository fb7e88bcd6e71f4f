#include "parley/protocols/model/platform.hpp"
#include "parley/protocols/model/spsc_queue.hpp"

#include <benchmark/benchmark.h>
#include <cds/container/weak_ringbuffer.h>
#include <readerwriterqueue/readerwriterqueue.h>
#include <boost/lockfree/spsc_queue.hpp>

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// The production queue against three others, two threads pinned to two processors. Each row is one
/// benchmark whose iterations are rounds; a round measures every queue once, the first one being
/// another each time, so that what disturbs the machine disturbs them alike. Counters are medians
/// over the rounds; `ours/best` compares with the best of the others: 1 and more is the goal for
/// throughput, 1 and less for round trips.
namespace parley::model {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t messages = 2'000'000;
constexpr std::size_t trips = 100'000;
constexpr int rounds = 9;

template <std::size_t bytes>
struct Message {
    std::array<std::uint64_t, bytes / sizeof(std::uint64_t)> words{};
};

template <class M, std::size_t capacity>
struct Ours {
    SpscQueue<M, capacity> queue;
    bool push(const M& message) { return queue.try_push(message); }
    bool pop(M& message) { return queue.try_pop(message); }
};

template <class M, std::size_t capacity>
struct Boost {
    boost::lockfree::spsc_queue<M, boost::lockfree::capacity<capacity>> queue;
    bool push(const M& message) { return queue.push(message); }
    bool pop(M& message) { return queue.pop(message); }
};

template <class M, std::size_t capacity>
struct Moodycamel {
    moodycamel::ReaderWriterQueue<M> queue{capacity};
    bool push(const M& message) { return queue.try_enqueue(message); }
    bool pop(M& message) { return queue.try_dequeue(message); }
};

template <class M, std::size_t capacity>
struct Libcds {
    cds::container::WeakRingBuffer<M> queue{capacity};
    bool push(const M& message) { return queue.push(message); }
    bool pop(M& message) { return queue.pop(message); }
};

/// The two processors for the two threads; fewer when this process may not use two.
std::vector<int> processors() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    sched_getaffinity(0, sizeof(allowed), &allowed);
    std::vector<int> found;
    for (int cpu = 0; cpu < CPU_SETSIZE && found.size() < 2; ++cpu) {
        if (CPU_ISSET(cpu, &allowed)) found.push_back(cpu);
    }
    return found;
}

void pin(std::size_t party) {
    static const std::vector<int> cpus = processors();
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpus.at(party), &one);
    pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
}

/// Runs both at the same time; returns the seconds until both have ended.
double seconds(const std::function<void()>& left, const std::function<void()>& right) {
    std::atomic<int> ready{0};
    std::array<Clock::time_point, 2> ended;
    const auto run = [&](std::size_t party, const std::function<void()>& work) {
        pin(party);
        ready.fetch_add(1);
        while (ready.load() < 3) StdPlatform::pause();
        work();
        ended.at(party) = Clock::now();
    };
    std::thread first(run, 0, std::cref(left));
    std::thread second(run, 1, std::cref(right));
    while (ready.load() < 2) std::this_thread::yield();
    const auto started = Clock::now();
    ready.fetch_add(1);
    first.join();
    second.join();
    return std::chrono::duration<double>(std::max(ended[0], ended[1]) - started).count();
}

template <class Queue, class M>
void push(Queue& queue, const M& message) {
    while (!queue.push(message)) StdPlatform::pause();
}
template <class Queue, class M>
void pop(Queue& queue, M& message) {
    while (!queue.pop(message)) StdPlatform::pause();
}

/// Million messages a second.
template <class Queue, class M>
double throughput() {
    const auto queue = std::make_unique<Queue>();
    std::uint64_t sum = 0;
    const auto produce = [&] {
        M message;
        for (message.words[0] = 0; message.words[0] < messages; ++message.words[0]) {
            push(*queue, message);
        }
    };
    const auto consume = [&] {
        M message;
        for (std::size_t i = 0; i < messages; ++i) {
            pop(*queue, message);
            sum += message.words[0];
        }
    };
    const double taken = seconds(produce, consume);
    benchmark::DoNotOptimize(sum);
    return static_cast<double>(messages) / taken / 1e6;
}

/// Nanoseconds from a push to the pop of the answer.
template <class Queue, class M>
double round_trip() {
    const auto there = std::make_unique<Queue>();
    const auto back = std::make_unique<Queue>();
    const auto ask = [&] {
        M message;
        for (std::size_t i = 0; i < trips; ++i) {
            push(*there, message);
            pop(*back, message);
        }
    };
    const auto answer = [&] {
        M message;
        for (std::size_t i = 0; i < trips; ++i) {
            pop(*there, message);
            push(*back, message);
        }
    };
    return seconds(ask, answer) / static_cast<double>(trips) * 1e9;
}

/// The physical limit: one number that goes to and fro on one cache line.
double bare_round_trip() {
    struct alignas(line_bytes) Line {
        std::atomic<std::uint64_t> number{0};
    };
    const auto line = std::make_unique<Line>();
    const auto play = [&line](std::uint64_t mine) {
        for (std::uint64_t turn = mine; turn < 2 * trips; turn += 2) {
            while (line->number.load(std::memory_order_acquire) != turn) StdPlatform::pause();
            line->number.store(turn + 1, std::memory_order_release);
        }
    };
    const double taken = seconds([&] { play(0); }, [&] { play(1); });
    return taken / static_cast<double>(trips) * 1e9;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values.at(values.size() / 2);
}

struct Contestant {
    const char* name;
    std::function<double()> measure;
    std::vector<double> results = {};
};

/// Measures all in turn, ours being the first of them; returns their medians.
std::vector<double> measure(benchmark::State& state, std::vector<Contestant> contestants) {
    if (processors().size() < 2) {
        state.SkipWithError("this takes two processors");
        return {};
    }
    std::size_t first = 0;
    for (auto _ : state) {
        for (std::size_t i = 0; i < contestants.size(); ++i) {
            Contestant& now = contestants[(first + i) % contestants.size()];
            now.results.push_back(now.measure());
        }
        ++first;
    }
    std::vector<double> medians;
    for (const Contestant& one : contestants) {
        medians.push_back(median(one.results));
        state.counters[one.name] = medians.back();
    }
    return medians;
}

template <std::size_t bytes, std::size_t capacity>
void million_messages_per_second(benchmark::State& state) {
    using M = Message<bytes>;
    const auto medians = measure(state, {{"ours", throughput<Ours<M, capacity>, M>},
                                         {"boost", throughput<Boost<M, capacity>, M>},
                                         {"moodycamel", throughput<Moodycamel<M, capacity>, M>},
                                         {"libcds", throughput<Libcds<M, capacity>, M>}});
    if (medians.empty()) return;
    state.counters["ours/best"] =
        medians[0] / *std::max_element(medians.begin() + 1, medians.end());
}

template <std::size_t bytes, std::size_t capacity>
void round_trip_ns(benchmark::State& state) {
    using M = Message<bytes>;
    const auto medians = measure(state, {{"ours", round_trip<Ours<M, capacity>, M>},
                                         {"boost", round_trip<Boost<M, capacity>, M>},
                                         {"moodycamel", round_trip<Moodycamel<M, capacity>, M>},
                                         {"libcds", round_trip<Libcds<M, capacity>, M>},
                                         {"bare", bare_round_trip}});
    if (medians.empty()) return;
    state.counters["ours/best"] =
        medians[0] / *std::min_element(medians.begin() + 1, medians.end() - 1);
    state.counters["ours/bare"] = medians[0] / medians.back();
}

BENCHMARK(million_messages_per_second<8, 1024>)->Iterations(rounds);
BENCHMARK(million_messages_per_second<32, 1024>)->Iterations(rounds);
BENCHMARK(million_messages_per_second<64, 1024>)->Iterations(rounds);
BENCHMARK(million_messages_per_second<8, 65536>)->Iterations(rounds);
BENCHMARK(million_messages_per_second<32, 65536>)->Iterations(rounds);
BENCHMARK(million_messages_per_second<64, 65536>)->Iterations(rounds);
// The slots of 64 messages stay in a processor's first cache, those of 1024 longer ones do not.
BENCHMARK(round_trip_ns<8, 64>)->Iterations(rounds);
BENCHMARK(round_trip_ns<64, 64>)->Iterations(rounds);
BENCHMARK(round_trip_ns<8, 1024>)->Iterations(rounds);
BENCHMARK(round_trip_ns<64, 1024>)->Iterations(rounds);

}  // namespace
}  // namespace parley::model
