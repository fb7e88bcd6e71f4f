#include "parley/checker/require.hpp"
#include "parley/tests/checker/relacy/programs.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace parley::checker::relacy {
namespace {

/// Does in thread 1 what the test says.
struct Doing {
    void (*what)();
    RelacyPlatform::Atomic<int> flag{0};

    void thread(unsigned index) {
        flag.store(1);
        if (index == 1) what();
    }
};

SimulationResult run_doing(void (*what)(),
                           const SimulationOptions& options = {.executions_max = 10}) {
    return simulate(options, [what] { return Doing{what}; });
}

TEST_CASE("relacy: fail() ends the run at once, with its sentence, place and thread") {
    const auto result = run_doing([] {
        fail("a sentence");
        throw std::logic_error("it came back");
    });
    CHECK(result.failure.kind == FailureClass::assertion);
    CHECK(result.failure.message == "a sentence");
    CHECK(result.failure.file.ends_with("simulate_test.cpp"));
    CHECK(result.failure.line > 0);
    CHECK(result.failure.thread == 1);
    CHECK(result.executions == 1);
}

TEST_CASE("relacy: an exception that leaves a thread is a failure") {
    const auto standard = run_doing([] { throw std::runtime_error("what it says"); });
    CHECK(standard.failure.kind == FailureClass::exception);
    CHECK(standard.failure.message == "what it says");
    CHECK(run_doing([] { throw 7; }).failure.kind == FailureClass::exception);
}

/// Both threads switch while they handle an exception of their own.
struct Catching {
    RelacyPlatform::Atomic<int> step{0};

    void thread(unsigned index) {
        for (int i = 0; i < 3; ++i) {
            try {
                throw std::runtime_error(std::to_string(index));
            } catch (const std::runtime_error& error) {
                step.store(i);
                if (error.what() != std::to_string(index)) fail("each thread has its exception");
            }
        }
    }
};

TEST_CASE("relacy: simulated threads may switch while they handle exceptions") {
    CHECK_FALSE(run<Catching>({.executions_max = 2000}).has_failed());
    try {
        throw 7;
    } catch (int) {
        CHECK_FALSE(run<Catching>({.executions_max = 20}).has_failed());
        CHECK(run_doing([] { throw 8; }).has_failed());
    }
    CHECK(std::uncaught_exceptions() == 0);
}

TEST_CASE("relacy: a bug of the toolkit in simulated code goes on outside") {
    CHECK_THROWS_AS(run_doing([] { require(false, "this is a bug"); }), InternalError);
    CHECK_FALSE(run_doing([] {}).has_failed());
}

TEST_CASE("relacy: a crash in a simulated thread is a failure") {
    static int* volatile nowhere = reinterpret_cast<int*>(64);
    const auto crash = run_doing([] { *nowhere = 1; });
    CHECK(crash.failure.kind == FailureClass::crash);
    CHECK(crash.failure.message == "segmentation fault");
    CHECK(crash.failure.thread == 1);
    CHECK(run_doing([] { std::abort(); }).failure.kind == FailureClass::crash);
    CHECK_FALSE(run_doing([] {}).has_failed());
}

/// Goes down to a depth for which there is no stack.
int descend(int depth) {
    volatile int room[64] = {};
    room[0] = depth;
    return depth == 0 ? 0 : descend(depth - 1) + room[0];
}

TEST_CASE("relacy: a stack overflow in a simulated thread is a failure") {
    const auto result = run_doing([] { static_cast<void>(descend(1'000'000)); });
    CHECK(result.failure.kind == FailureClass::crash);
}

TEST_CASE("relacy: code that does not come back is a failure") {
    const auto result = run_doing([] {
        for (volatile bool goes_on = true; goes_on;) {
        }
    });
    CHECK(result.failure.kind == FailureClass::hang);
    CHECK(result.failure.message == "endless loop");
}

/// Waits for what never comes.
struct Waiting {
    RelacyPlatform::Atomic<int> flag;
    void thread(unsigned index) {
        while (index == 1 && flag.load(acquire) == 0) RelacyPlatform::pause();
    }
};

TEST_CASE("relacy: a run in which nothing happens within the limit is a livelock") {
    for (const auto kind :
         {SchedulerKind::random, SchedulerKind::context_bound, SchedulerKind::full}) {
        const auto result = run<Waiting>({.scheduler = kind, .idle_steps_max = 100});
        CHECK(result.failure.kind == FailureClass::livelock);
        CHECK(result.executions == 1);
    }
}

/// Gets on, for 300 steps of a thread.
struct GettingOn {
    RelacyPlatform::Atomic<int> flag;
    void thread(unsigned) {
        for (int i = 0; i < 300; ++i, note_progress()) flag.store(i, release);
    }
};

TEST_CASE("relacy: a long run is no livelock while something happens, up to a limit") {
    CHECK_FALSE(run<GettingOn>({.executions_max = 100, .idle_steps_max = 100}).has_failed());
    const auto result = run<GettingOn>({.idle_steps_max = 100, .steps_max = 500});
    CHECK(result.failure.kind == FailureClass::livelock);
    CHECK(result.failure.message == "the run took more than 500 steps");
}

TEST_CASE("relacy: the budgets of runs and seconds are kept") {
    CHECK(run<MessagePassing<>>({.executions_max = 0}).executions == 0);
    CHECK(run<MessagePassing<>>({.executions_max = 1}).executions == 1);
    CHECK(run<MessagePassing<>>({.executions_max = 77}).executions == 77);
    const auto timed = run<MessagePassing<>>({.seconds_max = 0.05});
    CHECK(timed.executions > 1);
    CHECK(timed.seconds >= 0.05);
    CHECK(timed.seconds < 5);
}

TEST_CASE("relacy: a stop from outside ends the simulation after the run") {
    const std::atomic<bool> stop = true;
    CHECK(run<MessagePassing<>>({.stop = &stop}).executions == 1);
}

TEST_CASE("relacy: progress is told while a simulation goes on") {
    std::vector<std::uint64_t> told;
    run<MessagePassing<>>({.seconds_max = 0.35, .progress = [&](std::uint64_t executions) {
                               told.push_back(executions);
                           }});
    REQUIRE(!told.empty());
    CHECK(told.size() <= 4);
    CHECK(told.front() > 0);
}

TEST_CASE("relacy: simulations of many kinds run one after the other") {
    for (int round = 0; round < 50; ++round) {
        CHECK_FALSE(run<MessagePassing<>>({.executions_max = 20}).has_failed());
        CHECK(run<Transfer<Wrong::leak>>({}).has_failed());
        CHECK(run<MessagePassing<>>({.scheduler = SchedulerKind::full}).is_complete);
        CHECK(
            run<MessagePassing<relaxed>>({.scheduler = SchedulerKind::context_bound}).has_failed());
    }
}

/// Allocates in every place, and lets what it allocates outlive the run.
struct Allocating {
    std::vector<std::unique_ptr<std::string>>& kept;
    RelacyPlatform::Atomic<int> flag{0};

    void thread(unsigned) {
        kept.push_back(std::make_unique<std::string>(100, 'a'));
        flag.store(1);
        if (kept.size() > 3) kept.erase(kept.begin());
    }
    void after() { kept.push_back(std::make_unique<std::string>(50, 'b')); }
};

TEST_CASE("relacy: memory that is not the simulation's goes in and out of a run as it likes") {
    std::vector<std::unique_ptr<std::string>> kept;
    kept.push_back(std::make_unique<std::string>("from outside"));
    const auto result =
        simulate({.executions_max = 1000}, [&] { return Allocating{.kept = kept}; });
    CHECK_FALSE(result.has_failed());
    CHECK(kept.size() > 2);
}

}  // namespace
}  // namespace parley::checker::relacy
