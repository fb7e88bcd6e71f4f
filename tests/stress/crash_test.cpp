#include "parley/stress/crash.hpp"

#include "parley/checker/symbolizer.hpp"
#include "parley/stress/batch.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace parley::stress {
namespace {

using checker::Frame;
using checker::path_of_program;
using checker::Stack;
using checker::symbolize_in;

volatile std::uintptr_t nowhere = 8;
constexpr int crash_line = __LINE__ + 2;
[[gnu::noinline]] void write_nowhere() {
    *reinterpret_cast<volatile int*>(nowhere) = 1;
}

[[gnu::noinline]] int overflow_stack(int depth) {
    volatile char room[4096] = {};
    room[0] = static_cast<char>(depth);
    return depth < 0 ? 0 : overflow_stack(depth + 1) + room[0];
}

/// The left side does `fatal` in instance 7 of a batch.
struct Fatal {
    void (*fatal)();

    void left(std::size_t i, Side&) {
        if (i == 7) fatal();
    }
    void right(std::size_t, Side&) {}
};

/// What a process of its own wrote before it ended, and how it ended.
struct Ended {
    std::string output;
    int exit_code = -1;
};

Ended run_in_child(void (*fatal)()) {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const pid_t child = fork();
    if (child == 0) {
        install_crash_handler(ends[1]);
        TwoThreads threads;
        Fatal workload{fatal};
        run_batch(threads, workload, 10, BatchPlan{});
        std::_Exit(0);
    }
    close(ends[1]);
    Ended ended;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = read(ends[0], buffer.data(), buffer.size())) > 0;) {
        ended.output.append(buffer.data(), static_cast<std::size_t>(got));
    }
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
    return ended;
}

Crash crash_of(void (*fatal)()) {
    const Ended ended = run_in_child(fatal);
    CHECK(ended.exit_code == crash_exit_code);
    const std::optional<Crash> crash = parse_crash(ended.output);
    REQUIRE(crash.has_value());
    CHECK(crash->is_running);
    CHECK(crash->party == model::Party::left);
    CHECK(crash->instance == 7);
    return *crash;
}

}  // namespace

TEST_CASE("crash: code under check that ends the process is one") {
    CHECK(crash_of([] { std::exit(0); }).signal == SIGABRT);
    CHECK(crash_of([] { std::quick_exit(0); }).signal == SIGABRT);
}

TEST_CASE("crash: a bad access names party, instance, address and source line") {
    const Crash crash = crash_of(write_nowhere);
    CHECK(crash.signal == SIGSEGV);
    CHECK(crash.address == 8);
    REQUIRE(!crash.instructions.empty());
    const std::vector<Stack> stacks = symbolize_in(path_of_program(), crash.instructions);
    const Frame* place = innermost_place(stacks[0]);
    REQUIRE(place != nullptr);
    CHECK(place->line == crash_line);
}

TEST_CASE("crash: a stack overflow is reported from the alternate stack") {
    const Crash crash = crash_of([] { std::_Exit(overflow_stack(0)); });
    CHECK(crash.signal == SIGSEGV);
}

TEST_CASE("crash: abort and std::terminate are crashes of the code under check") {
    CHECK(crash_of([] { std::abort(); }).signal == SIGABRT);
    CHECK(crash_of([]() { std::terminate(); }).signal == SIGABRT);
}

TEST_CASE("crash: a program that did not crash has reported none") {
    const Ended ended = run_in_child([] {});
    CHECK(ended.exit_code == 0);
    CHECK_FALSE(parse_crash(ended.output).has_value());
    CHECK_FALSE(parse_crash("parley-crash").has_value());
    CHECK_FALSE(parse_crash("\nparley-crash 11 1 0").has_value());
    CHECK_FALSE(parse_crash("\nparley-crash what is this\n").has_value());
}

TEST_CASE("crash: the record is found behind other output") {
    const auto crash =
        parse_crash("half a line\nparley-crash 11 1 1 3 64\n\nparley-crash-stack 16 32 \n");
    REQUIRE(crash.has_value());
    CHECK(*crash == Crash{.signal = 11,
                          .is_running = true,
                          .party = model::Party::right,
                          .instance = 3,
                          .address = 64,
                          .instructions = {16, 32},
                          .races = {}});
}

}  // namespace parley::stress
