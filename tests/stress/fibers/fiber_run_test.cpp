#include "parley/stress/fibers/fiber_run.hpp"

#include "parley/stress/crash.hpp"
#include "parley/stress/fibers/burst_chooser.hpp"
#include "parley/stress/fibers/hang_watch.hpp"
#include "parley/stress/finding.hpp"
#include "parley/stress/suppressions.hpp"
#include "parley/stress/tsan.hpp"
#include "parley/stress/tsan_hook.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace parley::stress {
namespace {

/// Two functions as an execution; what they share is made anew each time.
class Program final : public Cases {
 public:
    struct Shared {
        int plain = 0;
        /// ThreadSanitizer remembers four accesses to each eight bytes: the others are elsewhere.
        alignas(8) std::atomic<int> x = 0;
        std::atomic<int> y = 0;
        int left_read = -1;
        int right_read = -1;
    };
    using Code = std::function<void(Shared&, Side&)>;

    Program(Code left, Code right) : left_(std::move(left)), right_(std::move(right)) {}

    void prepare(std::size_t, std::uint64_t) override { shared = std::make_unique<Shared>(); }
    void left(std::size_t, Side& side) override { left_(*shared, side); }
    void right(std::size_t, Side& side) override { right_(*shared, side); }
    bool is_over(std::size_t) const override { return true; }
    CaseFinding look_at(std::size_t, bool, checker::Recorder*, checker::Coverage*) override {
        return {};
    }
    void leave_behind() override {}

    std::unique_ptr<Shared> shared;

 private:
    Code left_;
    Code right_;
};

using Shared = Program::Shared;

BatchResult run_once(PartyFibers& fibers, Program& program, checker::Chooser& chooser) {
    program.prepare(0, 0);
    return FiberRun(fibers, program, chooser).run();
}

/// What the crash handler writes of a run in a process of its own, in which left runs first.
std::optional<Crash> crash_of(Program& program) {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const pid_t child = fork();
    if (child == 0) {
        install_crash_handler(ends[1]);
        silence_tsan_text();
        PartyFibers fibers;
        const HangWatch watch;
        checker::ReplayChooser left_first({{2, 0}});
        run_once(fibers, program, left_first);
        std::_Exit(0);
    }
    close(ends[1]);
    std::string output;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = read(ends[0], buffer.data(), buffer.size())) > 0;) {
        output.append(buffer.data(), static_cast<std::size_t>(got));
    }
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == crash_exit_code);
    return parse_crash(output);
}

/// The number of runs, of 200, in which ThreadSanitizer reports something.
int count_racy_runs(Program& program) {
    silence_tsan_text();
    PartyFibers fibers;
    int count = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        checker::RandomChooser chooser(seed);
        run_once(fibers, program, chooser);
        if (count_tsan_reports() > 0) ++count;
        forget_raw_reports();
    }
    return count;
}

volatile std::uintptr_t no_place = 8;
void check_place(const TsanAccess& access) {
    const Frame* const place = innermost_place(access.stack);
    REQUIRE(place != nullptr);
    CHECK(place->file.ends_with("fiber_run_test.cpp"));
}

constexpr auto relaxed = std::memory_order_relaxed;

void wait_for(std::atomic<int>& flag, std::memory_order order, Side& side) {
    while (flag.load(order) == 0 && !side.is_abandoned()) side.wait();
}

/// A message is passed: plain data, then a flag.
Program message_passing(std::memory_order publish, std::memory_order observe) {
    return {[publish](Shared& shared, Side&) {
                shared.plain = 7;
                shared.x.store(1, publish);
            },
            [observe](Shared& shared, Side& side) {
                wait_for(shared.x, observe, side);
                shared.right_read = shared.plain;
            }};
}

}  // namespace

TEST_CASE("fibers: a release that is acquired is no race, in any run") {
    Program program = message_passing(std::memory_order_release, std::memory_order_acquire);
    CHECK(count_racy_runs(program) == 0);
}

TEST_CASE("fibers: switching orders nothing, so that a relaxed flag is a race in every run") {
    // One thread ran both accesses one after the other; only the switches are between them.
    Program publish = message_passing(relaxed, std::memory_order_acquire);
    CHECK(count_racy_runs(publish) == 200);
    Program observe = message_passing(std::memory_order_release, relaxed);
    CHECK(count_racy_runs(observe) == 200);
    Program nothing({[](Shared& shared, Side&) { shared.plain = 1; }},
                    {[](Shared& shared, Side&) { shared.plain = 2; }});
    CHECK(count_racy_runs(nothing) == 200);
}

TEST_CASE("fibers: both ends of a race have the party's name and a line") {
    Program program = message_passing(relaxed, relaxed);
    PartyFibers fibers;
    checker::RandomChooser chooser(1);
    run_once(fibers, program, chooser);
    const std::vector<TsanReport> reports = take_tsan_reports();
    REQUIRE(reports.size() == 1);
    REQUIRE(reports[0].accesses.size() == 2);
    CHECK(reports[0].accesses[0].thread == "right");
    CHECK(reports[0].accesses[1].thread == "left");
    for (const TsanAccess& access : reports[0].accesses) check_place(access);
}

TEST_CASE(
    "fibers: a correct program with fences is reported, and the report says that it may be false") {
    Program program({[](Shared& shared, Side&) {
                        shared.plain = 7;
                        std::atomic_thread_fence(std::memory_order_release);
                        shared.x.store(1, relaxed);
                    }},
                    {[](Shared& shared, Side& side) {
                        wait_for(shared.x, relaxed, side);
                        std::atomic_thread_fence(std::memory_order_acquire);
                        shared.right_read = shared.plain;
                    }});
    PartyFibers fibers;
    checker::RandomChooser chooser(1);
    run_once(fibers, program, chooser);
    const std::vector<TsanReport> reports = take_tsan_reports();
    REQUIRE(reports.size() == 1);
    CHECK_THAT(violation_of(reports[0]).detail,
               Catch::Matchers::Contains("may be a false report") &&
                   Catch::Matchers::Contains("fiber_run_test.cpp:"));
}

TEST_CASE(
    "fibers: the same race again is one report with a count, and one that is suppressed none") {
    Program program({[](Shared& shared, Side&) { shared.plain = 1; }},
                    {[](Shared& shared, Side&) { shared.plain = 2; }});
    PartyFibers fibers;
    checker::RandomChooser chooser(1);
    for (int i = 0; i < 3; ++i) run_once(fibers, program, chooser);
    const std::vector<TsanReport> reports = take_tsan_reports();
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].count == 3);
    CHECK_THAT(violation_of(reports[0]).detail, Catch::Matchers::Contains(", 3 times"));

    suppress_tsan_reports(parse_suppressions("race:nothing\nrace:fiber_run_test.cpp$", "file"));
    run_once(fibers, program, chooser);
    CHECK(take_tsan_reports().empty());
    for (int i = 0; i < 3; ++i) {
        CHECK(run_once(fibers, program, chooser).finished.size() == 1);
        CHECK(count_tsan_reports() == 0);
    }
    CHECK(count_suppressed_reports() == std::vector<std::uint64_t>{0, 4});
    suppress_tsan_reports({});
}

TEST_CASE("fibers: a race that was reported before a crash is in the crash's record") {
    Program program({[](Shared& shared, Side&) { shared.plain = 1; }}, {[](Shared& shared, Side&) {
                        shared.plain = 2;
                        *reinterpret_cast<volatile int*>(no_place) = 1;
                    }});
    const std::optional<Crash> crash = crash_of(program);
    REQUIRE(crash.has_value());
    CHECK(crash->signal == SIGSEGV);
    CHECK(crash->party == model::Party::right);
    REQUIRE(crash->races.size() == 1);
    const TsanReport report = report_of(crash->races[0], checker::path_of_program());
    CHECK(report.kind == "data-race");
    REQUIRE(report.accesses.size() == 2);
    CHECK(report.accesses[0].thread == "right");
    CHECK(report.accesses[1].thread == "left");
    for (const TsanAccess& access : report.accesses) check_place(access);
}

TEST_CASE("fibers: every interleaving of atomic operations is run") {
    // Store buffering: 6 interleavings of two operations each; as in any of them, not both read 0.
    Program program({[](Shared& shared, Side&) {
                        shared.x.store(1, relaxed);
                        shared.left_read = shared.y.load(relaxed);
                    }},
                    {[](Shared& shared, Side&) {
                        shared.y.store(1, relaxed);
                        shared.right_read = shared.x.load(relaxed);
                    }});
    PartyFibers fibers;
    std::set<checker::Choices> lists;
    std::set<std::pair<int, int>> outcomes;
    checker::OdometerChooser chooser;
    do {
        const BatchResult result = run_once(fibers, program, chooser);
        CHECK(result.finished.size() == 1);
        outcomes.emplace(program.shared->left_read, program.shared->right_read);
    } while (chooser.advance());
    CHECK(outcomes == std::set<std::pair<int, int>>{{0, 1}, {1, 0}, {1, 1}});
    CHECK(count_tsan_reports() == 0);
}

TEST_CASE("fibers: a run is its choices") {
    Program program({[](Shared& shared, Side& side) {
                        for (int i = 0; i < 20; ++i) shared.x.fetch_add(1, relaxed);
                        Xorshift random(1);
                        shared.left_read = static_cast<int>(side.choose(1000, random));
                    }},
                    {[](Shared& shared, Side&) {
                        for (int i = 0; i < 20; ++i) shared.right_read = shared.x.load(relaxed);
                    }});
    PartyFibers fibers;
    std::set<std::pair<int, int>> seen;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        BurstChooser chooser(seed);
        run_once(fibers, program, chooser);
        const std::pair first{program.shared->left_read, program.shared->right_read};
        seen.insert(first);
        checker::ReplayChooser again(chooser.taken());
        run_once(fibers, program, again);
        CHECK(std::pair{program.shared->left_read, program.shared->right_read} == first);
        CHECK(again.taken() == chooser.taken());
    }
    CHECK(seen.size() > 10);
}

TEST_CASE(
    "fibers: parties that wait for each other are a deadlock, and the fibers as good as new") {
    Program program({[](Shared& shared, Side& side) { wait_for(shared.x, relaxed, side); }},
                    {[](Shared& shared, Side& side) { wait_for(shared.y, relaxed, side); }});
    PartyFibers fibers;
    checker::RandomChooser chooser(1);
    const BatchResult result = run_once(fibers, program, chooser);
    CHECK(result.end == BatchEnd::stalled);
    CHECK(result.finished.empty());
    CHECK(result.sides[0].instance == 0);
    Program good = message_passing(std::memory_order_release, std::memory_order_acquire);
    CHECK(run_once(fibers, good, chooser).end == BatchEnd::completed);
}

TEST_CASE("fibers: who waits alone is said to wait") {
    Program program({[](Shared&, Side&) {}},
                    {[](Shared& shared, Side& side) { wait_for(shared.y, relaxed, side); }});
    PartyFibers fibers;
    checker::RandomChooser chooser(1);
    const BatchResult result = run_once(fibers, program, chooser);
    CHECK(result.end == BatchEnd::stalled);
    CHECK(result.sides[0].completed == 1);
    CHECK(result.sides[1].instance == 0);
}

TEST_CASE("fibers: a loop without any atomic operation is told by the watch") {
    Program program({[](Shared&, Side&) {}}, {[](Shared& shared, Side&) {
                        volatile int* const number = &shared.plain;
                        while (*number == 0) {
                        }
                    }});
    const std::optional<Crash> crash = crash_of(program);
    REQUIRE(crash.has_value());
    CHECK(crash->signal == hang_signal);
    CHECK(crash->party == model::Party::right);
}

TEST_CASE("fibers: a loop of atomic operations without end is stuck, and no hang of ours") {
    Program program({[](Shared& shared, Side&) {
                        while (shared.x.load(relaxed) == 0) {
                        }
                    }},
                    {[](Shared&, Side&) {}});
    auto* const fibers = new PartyFibers;  // one of them still runs
    checker::RandomChooser chooser(1);
    const BatchResult result = run_once(*fibers, program, chooser);
    CHECK(result.end == BatchEnd::stuck);
    CHECK(result.sides[0].instance == 0);
}

TEST_CASE("fibers: an exception is a result, and its handling survives a switch") {
    Program program({[](Shared& shared, Side& side) {
                        try {
                            throw std::runtime_error("left");
                        } catch (const std::exception& error) {
                            shared.x.store(1, relaxed);
                            wait_for(shared.y, relaxed, side);
                            shared.left_read = std::string{error.what()} == "left" ? 1 : 0;
                            throw;
                        }
                    }},
                    {[](Shared& shared, Side& side) {
                        try {
                            wait_for(shared.x, relaxed, side);
                            throw 1;
                        } catch (int) {
                            shared.y.store(1, relaxed);
                        }
                    }});
    PartyFibers fibers;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        checker::RandomChooser chooser(seed);
        const BatchResult result = run_once(fibers, program, chooser);
        CHECK(result.end == BatchEnd::threw);
        CHECK(result.sides[0].thrown == "left");
        CHECK(program.shared->left_read == 1);
        CHECK_FALSE(result.sides[1].thrown.has_value());
    }
}

TEST_CASE("fibers: whoever gives the processor away lets the other one run") {
    Program program({[](Shared& shared, Side&) {
                        while (shared.x.load(relaxed) == 0) sched_yield();
                    }},
                    {[](Shared& shared, Side&) { shared.x.store(1, relaxed); }});
    PartyFibers fibers;
    checker::ReplayChooser always_the_same({{2, 0}});
    CHECK(run_once(fibers, program, always_the_same).end == BatchEnd::completed);
}

}  // namespace parley::stress
