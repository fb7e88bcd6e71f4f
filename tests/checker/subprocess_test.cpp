#include "parley/checker/subprocess.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

namespace parley::checker {
namespace {

Command shell(const std::string& script) {
    return {.path = "/bin/sh", .arguments = {"-c", script}, .environment = {}};
}

/// A process that nobody has waited for yet ("Z") is not alive.
bool is_alive(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/stat");
    std::string number;
    std::string name;
    std::string state;
    return static_cast<bool>(status >> number >> name >> state) && state != "Z" && state != "X";
}

/// Waits for at most five seconds.
bool ends_soon(pid_t process) {
    for (int i = 0; i < 500 && is_alive(process); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return !is_alive(process);
}

}  // namespace

TEST_CASE("subprocess: output and exit code arrive, arguments are not interpreted") {
    const CommandResult result = run_command(
        {.path = "printf", .arguments = {"%s|", "a b", "$HOME", "*"}, .environment = {}});
    CHECK(result.exit_code == 0);
    CHECK(result.output == "a b|$HOME|*|");
    CHECK(run_command(shell("exit 3")).exit_code == 3);
    CHECK_FALSE(result.has_timed_out);
}

TEST_CASE("subprocess: bytes arrive as they are, and more than a pipe holds") {
    const CommandResult zeros = run_command(shell("head -c 300000 /dev/zero"));
    CHECK(zeros.output == std::string(300000, '\0'));
    const CommandResult cut =
        run_command(shell("head -c 300000 /dev/zero"), {.output_bytes_max = 1000});
    CHECK(cut.output.size() == 1000);
    CHECK(cut.is_truncated);
    CHECK(cut.exit_code == 0);
}

TEST_CASE("subprocess: the signal that ended it is told") {
    const CommandResult result = run_command(shell("kill -SEGV $$"));
    CHECK(result.signal == SIGSEGV);
    CHECK(result.exit_code == -1);
}

TEST_CASE("subprocess: a program that does not exist is an error, not an exit code") {
    CHECK_THROWS_AS(run_command({.path = "/nowhere/program", .arguments = {}, .environment = {}}),
                    std::system_error);
}

TEST_CASE("subprocess: the environment is set and removed by name") {
    setenv("PARLEY_TEST_A", "old", 1);
    setenv("PARLEY_TEST_B", "old", 1);
    Command command =
        shell("echo ${PARLEY_TEST_A-none} ${PARLEY_TEST_B-none} ${PARLEY_TEST_C-none}");
    command.environment = {"PARLEY_TEST_A=new", "PARLEY_TEST_B"};
    CHECK(run_command(command).output == "new none none\n");
}

TEST_CASE("subprocess: after its time a program is asked to end and may still report") {
    const CommandResult result = run_command(
        shell("trap 'echo bye; exit 5' INT; while :; do sleep 0.05; done"), {.seconds = 0.3});
    CHECK(result.has_timed_out);
    CHECK(result.output == "bye\n");
    CHECK(result.exit_code == 5);
}

TEST_CASE("subprocess: a program that does not listen is killed, with all that it started") {
    const CommandResult result = run_command(shell("trap '' INT; sleep 100 & echo $!; wait"),
                                             {.seconds = 0.2, .grace_ms = 100});
    CHECK(result.has_timed_out);
    CHECK(result.signal == SIGKILL);
    CHECK(result.seconds < 5);
    CHECK(ends_soon(std::stoi(result.output)));
}

TEST_CASE("subprocess: the stop flag ends a program at once") {
    std::atomic<bool> stop = false;
    std::thread user([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        stop = true;
    });
    const CommandResult result = run_command(shell("sleep 100"), {.seconds = 50, .stop = &stop});
    user.join();
    CHECK(result.was_stopped);
    CHECK_FALSE(result.has_timed_out);
    CHECK(result.signal == SIGINT);
    CHECK(result.seconds < 5);
}

TEST_CASE("subprocess: what is left behind with the output open does not hold us up") {
    const CommandResult result = run_command(shell("sleep 100 & echo $!"), {.seconds = 50});
    CHECK(result.exit_code == 0);
    CHECK(result.seconds < 5);
    CHECK(ends_soon(std::stoi(result.output)));
}

TEST_CASE("subprocess: it does not outlive us") {
    int ends[2] = {};
    REQUIRE(pipe(ends) == 0);
    const std::string say_pid = "echo $$ >&" + std::to_string(ends[1]) + "; exec sleep 100";
    const pid_t parent = fork();
    if (parent == 0) {
        try {
            run_command(shell(say_pid));
        } catch (...) {
        }
        std::_Exit(0);
    }
    char text[32] = {};
    REQUIRE(read(ends[0], text, sizeof text - 1) > 0);
    close(ends[0]);
    close(ends[1]);
    const pid_t child = std::stoi(text);
    CHECK(is_alive(child));
    kill(parent, SIGKILL);
    waitpid(parent, nullptr, 0);
    CHECK(ends_soon(child));
}

TEST_CASE("subprocess: addresses are fixed on demand") {
    Command command = shell("grep -m1 -o '^[0-9a-f]*' /proc/self/maps");
    command.is_address_randomized = false;
    CHECK(run_command(command).output == run_command(command).output);
}

}  // namespace parley::checker
