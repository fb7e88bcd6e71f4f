#include "parley/stress/batches.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <cstdlib>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace parley::stress {
namespace {

constexpr std::size_t instance_count = 100;

/// Message passing over one flag; the right side waits for the left one.
struct MessagePassing {
    struct Instance {
        int payload = 0;
        std::atomic<bool> flag = false;
        int seen = 0;
    };
    std::vector<Instance> instances = std::vector<Instance>(instance_count);
    std::memory_order publish = std::memory_order_release;
    std::set<std::uint64_t> seeds;

    void prepare(std::size_t i, std::uint64_t seed) {
        instances[i].payload = 0;
        instances[i].flag = false;
        instances[i].seen = 0;
        seeds.insert(seed);
    }
    void left(std::size_t i, Side& side) {
        side.delay();
        instances[i].payload = 7;
        instances[i].flag.store(true, publish);
    }
    void right(std::size_t i, Side& side) {
        while (!instances[i].flag.load(std::memory_order_acquire)) {
            if (side.is_abandoned()) return;
            side.wait();
        }
        instances[i].seen = instances[i].payload;
    }
    bool judge(std::size_t i, const BatchPlan&) { return instances[i].seen == 7; }
};

/// Does what the test says in instance 5.
struct Misbehaving {
    void (*left_does)(Side&) = nullptr;
    void (*right_does)(Side&) = nullptr;
    std::size_t judged = 0;

    void prepare(std::size_t, std::uint64_t) {}
    void left(std::size_t i, Side& side) {
        if (i == 5 && left_does != nullptr) left_does(side);
    }
    void right(std::size_t i, Side& side) {
        if (i == 5 && right_does != nullptr) right_does(side);
    }
    bool judge(std::size_t, const BatchPlan&) {
        ++judged;
        return true;
    }
};

void wait_until_abandoned(Side& side) {
    while (!side.is_abandoned()) side.wait();
}

/// Store buffering: neither side waits for the other.
struct StoreBuffering {
    struct Instance {
        std::atomic<int> x = 0;
        std::atomic<int> y = 0;
        int left_read = -1;
        int right_read = -1;
    };
    std::vector<Instance> instances = std::vector<Instance>(instance_count);
    std::array<int, 4> outcomes{};

    void prepare(std::size_t i, std::uint64_t) { instances[i].x = instances[i].y = 0; }
    void left(std::size_t i, Side&) {
        instances[i].x.store(1, std::memory_order_relaxed);
        instances[i].left_read = instances[i].y.load(std::memory_order_relaxed);
    }
    void right(std::size_t i, Side&) {
        instances[i].y.store(1, std::memory_order_relaxed);
        instances[i].right_read = instances[i].x.load(std::memory_order_relaxed);
    }
    bool judge(std::size_t i, const BatchPlan&) {
        ++outcomes[static_cast<std::size_t>(2 * instances[i].left_read + instances[i].right_read)];
        return true;
    }
};

BatchesOptions few_batches(std::uint64_t batches_max) {
    BatchesOptions options;
    options.instances_per_batch = instance_count;
    options.seconds = 60;
    options.batches_max = batches_max;
    options.limits = {.stall_ms = 200, .leave_ms = 200};
    return options;
}

}  // namespace

TEST_CASE("batch: every plan of the rotation runs all instances on both sides") {
    TwoThreads threads;
    MessagePassing workload;
    const std::size_t plans = available_placements(allowed_cpus().size()).size() * 4 * 2 * 2;
    const BatchesResult result = run_batches(threads, workload, few_batches(plans));
    CHECK(result.end == BatchesEnd::finished);
    CHECK(result.batches == plans);
    CHECK(result.instances == plans * instance_count);
    CHECK(workload.seeds.size() == plans * instance_count);
    CHECK(take_tsan_reports().empty());
}

TEST_CASE("batch: sides that do not wait may run in orders of their own") {
    TwoThreads threads;
    StoreBuffering workload;
    BatchesOptions options = few_batches(20);
    options.rotation.orders = {BatchOrder::apart};
    CHECK(run_batches(threads, workload, options).end == BatchesEnd::finished);
    const auto& outcomes = workload.outcomes;
    CHECK(outcomes[0] + outcomes[1] + outcomes[2] + outcomes[3] == 20 * instance_count);
}

TEST_CASE("batch: a relaxed publish is reported under ThreadSanitizer, with its instance") {
    if (!is_tsan_build()) return;
    REQUIRE(is_tsan_seeing());
    TwoThreads threads;
    MessagePassing workload;
    workload.publish = std::memory_order_relaxed;
    const BatchesResult result = run_batches(threads, workload, few_batches(100));
    CHECK(result.end == BatchesEnd::reported);
    const std::vector<TsanReport> reports = take_tsan_reports();
    REQUIRE(!reports.empty());
    REQUIRE(reports[0].instance.has_value());
    CHECK(*reports[0].instance < instance_count);
    CHECK(reports[0].accesses[0].thread == "right");
    CHECK(reports[0].accesses[1].thread == "left");
}

TEST_CASE("batch: what the workload judges false ends the check with its instance and plan") {
    struct : MessagePassing {
        bool judge(std::size_t i, const BatchPlan& plan) { return plan.number < 2 || i != 3; }
    } workload;
    TwoThreads threads;
    const BatchesResult result = run_batches(threads, workload, few_batches(100));
    CHECK(result.end == BatchesEnd::failed);
    CHECK(result.batches == 3);
    CHECK(result.plan.number == 2);
    CHECK(result.instance == 3);
}

TEST_CASE("batch: a side that hangs is given up, and the instance is known") {
    TwoThreads threads;
    Misbehaving workload{.right_does = wait_until_abandoned};
    const BatchPlan plan{.is_aligned = true};
    const BatchResult result =
        run_batch(threads, workload, instance_count, plan, {.stall_ms = 100, .leave_ms = 1000});
    CHECK(result.end == BatchEnd::stalled);
    CHECK(result.sides[1].instance == 5);
    CHECK(result.sides[1].completed == 5);
    CHECK(result.finished == std::vector<std::size_t>{0, 1, 2, 3, 4});
    // The threads are as good as new.
    Misbehaving good;
    CHECK(run_batch(threads, good, instance_count, plan).end == BatchEnd::completed);
}

TEST_CASE("batch: an exception is a result, and ends the other side too") {
    TwoThreads threads;
    Misbehaving workload{.left_does = [](Side&) { throw std::runtime_error("boom"); },
                         .right_does = wait_until_abandoned};
    const BatchesResult result = run_batches(threads, workload, few_batches(100));
    CHECK(result.end == BatchesEnd::threw);
    CHECK(result.sides[0].thrown == "boom");
    CHECK(result.sides[0].instance == 5);
    CHECK_FALSE(result.sides[1].thrown.has_value());
    CHECK(workload.judged == 5);
}

TEST_CASE("batch: something thrown that is not an exception is a result as well") {
    TwoThreads threads;
    Misbehaving workload{.right_does = [](Side&) { throw 1; }};
    const BatchesResult result = run_batches(threads, workload, few_batches(1));
    CHECK(result.end == BatchesEnd::threw);
    CHECK(result.sides[1].thrown == "an exception that is not a std::exception");
}

TEST_CASE("batch: a side that never leaves is said to be stuck") {
    // In a process of its own: the thread cannot be ended.
    const pid_t child = fork();
    if (child == 0) {
        TwoThreads threads;
        Misbehaving workload{.left_does = [](Side&) {
            while (getppid() >= 0) {
            }
        }};
        const BatchesResult result = run_batches(threads, workload, few_batches(1));
        const bool is_right = result.end == BatchesEnd::stuck && result.sides[0].instance == 5;
        std::_Exit(is_right ? 0 : 1);
    }
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}

TEST_CASE("batch: the stop flag and the time end a check between two batches") {
    TwoThreads threads;
    MessagePassing workload;
    BatchesOptions options = few_batches(UINT64_MAX);
    options.seconds = 0.05;
    const BatchesResult timed = run_batches(threads, workload, options);
    CHECK(timed.end == BatchesEnd::finished);
    CHECK(timed.seconds >= 0.05);
    const std::atomic<bool> stop = true;
    options.stop = &stop;
    const BatchesResult stopped = run_batches(threads, workload, options);
    CHECK(stopped.end == BatchesEnd::stopped);
    CHECK(stopped.batches == 0);
}

}  // namespace parley::stress
