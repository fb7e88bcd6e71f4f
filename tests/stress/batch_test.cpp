#include "parley/stress/batch.hpp"

#include "parley/stress/tsan.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <numeric>
#include <stdexcept>
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

    void prepare() {
        for (Instance& instance : instances) {
            instance.payload = 0;
            instance.flag = false;
            instance.seen = 0;
        }
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
};

/// Store buffering: neither side waits for the other.
struct StoreBuffering {
    struct Instance {
        std::atomic<int> x = 0;
        std::atomic<int> y = 0;
        int left_read = -1;
        int right_read = -1;
    };
    std::vector<Instance> instances = std::vector<Instance>(instance_count);

    void left(std::size_t i, Side&) {
        instances[i].x.store(1, std::memory_order_relaxed);
        instances[i].left_read = instances[i].y.load(std::memory_order_relaxed);
    }
    void right(std::size_t i, Side&) {
        instances[i].y.store(1, std::memory_order_relaxed);
        instances[i].right_read = instances[i].x.load(std::memory_order_relaxed);
    }
};

/// Does what the test says in instance 5.
struct Misbehaving {
    void (*left_does)(Side&) = nullptr;
    void (*right_does)(Side&) = nullptr;

    void left(std::size_t i, Side& side) {
        if (i == 5 && left_does != nullptr) left_does(side);
    }
    void right(std::size_t i, Side& side) {
        if (i == 5 && right_does != nullptr) right_does(side);
    }
};

// The sides start each instance together, so neither is ahead when one of them misbehaves.
constexpr BatchPlan aligned{.is_aligned = true};
constexpr BatchLimits impatient{.stall_ms = 100, .leave_ms = 100};

void wait_until_abandoned(Side& side) {
    while (!side.is_abandoned()) side.wait();
}

std::vector<std::size_t> numbers_below(std::size_t count) {
    std::vector<std::size_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    return numbers;
}

}  // namespace

TEST_CASE("batch: every plan of the rotation runs all instances on both sides") {
    TwoThreads threads;
    MessagePassing workload;
    const BatchRotation rotation;
    const std::size_t plans = rotation.placements.size() * rotation.delays.size() *
                              rotation.alignments.size() * rotation.orders.size();
    for (std::uint64_t number = 0; number < plans; ++number) {
        const BatchPlan plan = rotation.plan(number, 1);
        INFO(name_of(plan.placement) << ", " << name_of(plan.delays));
        workload.prepare();
        const BatchResult result = run_batch(threads, workload, instance_count, plan);
        CHECK(result.end == BatchEnd::completed);
        CHECK(result.finished == numbers_below(instance_count));
        for (const auto& instance : workload.instances) CHECK(instance.seen == 7);
    }
    CHECK(take_tsan_reports().empty());
}

TEST_CASE("batch: sides that do not wait may run in orders of their own") {
    TwoThreads threads;
    StoreBuffering workload;
    const BatchPlan plan{.order = BatchOrder::apart};
    CHECK(run_batch(threads, workload, instance_count, plan).end == BatchEnd::completed);
    for (const auto& instance : workload.instances) {
        CHECK((instance.left_read == 0 || instance.left_read == 1));
        CHECK((instance.right_read == 0 || instance.right_read == 1));
    }
}

TEST_CASE("batch: a relaxed publish is reported under ThreadSanitizer, with its instance") {
    if (!is_tsan_build()) return;
    REQUIRE(is_tsan_seeing());
    TwoThreads threads;
    MessagePassing workload;
    workload.publish = std::memory_order_relaxed;
    const BatchResult result = run_batch(threads, workload, instance_count, aligned);
    CHECK(result.end == BatchEnd::completed);
    CHECK(result.finished.size() < instance_count);  // the first report ends the batch
    const std::vector<TsanReport> reports = take_tsan_reports();
    REQUIRE(!reports.empty());
    REQUIRE(reports[0].instance.has_value());
    CHECK(*reports[0].instance < instance_count);
    CHECK(reports[0].accesses[0].thread == "right");
    CHECK(reports[0].accesses[1].thread == "left");
}

TEST_CASE("batch: a side that hangs is given up, and the instance is known") {
    TwoThreads threads;
    Misbehaving workload{.right_does = wait_until_abandoned};
    const BatchResult result =
        run_batch(threads, workload, instance_count, aligned, {.stall_ms = 100});
    CHECK(result.end == BatchEnd::stalled);
    CHECK(result.sides[1].instance == 5);
    CHECK(result.sides[1].completed == 5);
    CHECK(result.finished == numbers_below(5));
    // The threads are as good as new.
    Misbehaving good;
    CHECK(run_batch(threads, good, instance_count, aligned).end == BatchEnd::completed);
}

TEST_CASE("batch: an exception is a result, and ends the other side too") {
    TwoThreads threads;
    Misbehaving workload{.left_does = [](Side&) { throw std::runtime_error("boom"); },
                         .right_does = wait_until_abandoned};
    const BatchResult result = run_batch(threads, workload, instance_count, aligned);
    CHECK(result.end == BatchEnd::threw);
    CHECK(result.sides[0].thrown == "boom");
    CHECK(result.sides[0].instance == 5);
    CHECK_FALSE(result.sides[1].thrown.has_value());
    CHECK(result.finished == numbers_below(5));
}

TEST_CASE("batch: something thrown that is not an exception is a result as well") {
    TwoThreads threads;
    Misbehaving workload{.right_does = [](Side&) { throw 1; }};
    const BatchResult result = run_batch(threads, workload, instance_count, BatchPlan{});
    CHECK(result.end == BatchEnd::threw);
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
        const BatchResult result = run_batch(threads, workload, instance_count, aligned, impatient);
        const bool is_right = result.end == BatchEnd::stuck && result.sides[0].instance == 5;
        std::_Exit(is_right ? 0 : 1);
    }
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}

TEST_CASE("batch: a side that sleeps for ever is given up as well") {
    const pid_t child = fork();
    if (child == 0) {
        TwoThreads threads;
        Misbehaving workload{.left_does = [](Side&) {
            for (;;) pause();
        }};
        const BatchResult result = run_batch(threads, workload, instance_count, aligned, impatient);
        std::_Exit(result.end == BatchEnd::stuck ? 0 : 1);
    }
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}

TEST_CASE("batch: a side that rests for longer than the limit is healthy") {
    TwoThreads threads;
    Misbehaving workload{.left_does = [](Side&) { usleep(300'000); }};
    const BatchResult result =
        run_batch(threads, workload, instance_count, BatchPlan{}, {.stall_ms = 100});
    CHECK(result.end == BatchEnd::completed);
}

TEST_CASE("batch: a side that moves slowly within one instance is healthy") {
    TwoThreads threads;
    Misbehaving workload{.left_does = [](Side& side) {
        for (int i = 0; i < 4; ++i, side.moved()) usleep(400'000);
    }};
    const BatchResult result =
        run_batch(threads, workload, instance_count, BatchPlan{}, {.stall_ms = 100});
    CHECK(result.end == BatchEnd::completed);
}

}  // namespace parley::stress
