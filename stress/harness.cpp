#include "parley/stress/harness.hpp"

#include "parley/checker/catalog.hpp"
#include "parley/checker/harness_request.hpp"
#include "parley/checker/json.hpp"
#include "parley/checker/replay_line.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/shrink.hpp"
#include "parley/stress/crash.hpp"
#include "parley/stress/signal_scope.hpp"
#include "parley/stress/suppressions.hpp"
#include "parley/stress/tsan.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace parley::stress {

namespace {

std::atomic<bool> has_been_stopped{false};

void on_interrupt(int) {
    const SignalScope scope;
    has_been_stopped.store(true, std::memory_order_relaxed);
}

/// What the harness is asked for. It is started by the command, which has checked all names.
struct Request {
    std::string protocol;
    std::string mutant;
    std::vector<std::string> bounds;
    std::string choices;  ///< of the run to be shown again; empty: a check
    bool is_shrinking = false;
    bool is_idle = false;      ///< only sees whether the runtime takes its options
    std::string suppressions;  ///< a file; empty: none
    checker::CheckOptions check;
};

Request parse(int argc, char** argv) {
    Request request;
    CLI::App app{"Checks one protocol with real threads and writes the report as JSON."};
    app.add_flag("--options", request.is_idle);
    app.add_option("--protocol", request.protocol);
    app.add_option("--mutant", request.mutant);
    app.add_option("--seconds", request.check.seconds);
    app.add_option("--seed", request.check.seed);
    app.add_option("--executions-max", request.check.executions_max);
    app.add_option("--scheduler", request.check.scheduler);
    app.add_option("--replay", request.choices);
    app.add_flag("--shrink", request.is_shrinking);
    app.add_option("--suppressions", request.suppressions);
    app.add_option("--set", request.bounds);
    try {
        app.parse(argc, argv);
        request.check.bounds = checker::bounds_of(request.bounds);
    } catch (const std::exception& error) {
        throw checker::InputError(error.what());
    }
    return request;
}

/// Ends without destructors: a thread may be stuck in the code under check.
[[noreturn]] void end_program(int code) {
    std::fflush(nullptr);
    std::_Exit(code);
}

/// In one line of its own: the last one counts.
void write(const checker::Report& report) {
    fmt::print("\n{}", checker::to_json(report));
    std::fflush(stdout);
}

/// How many reports each suppression has matched.
void write_suppressed() {
    if (!is_tsan_build()) return;
    fmt::print("\n{} {}\n", suppressed_start, fmt::join(count_suppressed_reports(), " "));
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw checker::InputError(fmt::format("cannot read {}", path));
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Puts a smaller run into `report` that fails in the same way, if there is one.
void shrink_run(const Request& request, const checker::Runner& runner, checker::Report& report) {
    const checker::ShrinkLimits limits{.stop = request.check.stop};
    checker::Shrunk shrunk = checker::shrink(
        report,
        [&](const checker::Choices& choices) { return runner.replay(request.check, choices); },
        limits);
    report.shrunk = checker::summary(shrunk);
    report.trace = std::move(shrunk.report.trace);
}

checker::Report report_on(const Request& request, const checker::Runner& runner) {
    if (!request.choices.empty()) {
        return runner.replay(request.check, checker::parse_choices(request.choices));
    }
    checker::Report report = runner.check(request.check);
    const bool has_run = report.trace && !report.trace->choices.empty();
    if (!request.is_shrinking || !has_run) return report;
    // A smaller run may crash.
    write(report);
    shrink_run(request, runner, report);
    return report;
}

int run(int argc, char** argv) {
    Request request = parse(argc, argv);
    if (request.is_idle) {
        fmt::print("{}\n", options_taken);
        return 0;
    }
    request.check.stop = &has_been_stopped;
    std::signal(SIGINT, on_interrupt);
    const checker::Runner& runner =
        checker::find_runner(checker::catalog(), request.protocol, request.mutant);
    if (is_tsan_build() && !is_tsan_seeing()) {
        throw std::runtime_error("ThreadSanitizer does not report a planted race");
    }
    if (!request.suppressions.empty()) {
        suppress_tsan_reports(
            parse_suppressions(read_file(request.suppressions), request.suppressions));
    }
    install_crash_handler(STDOUT_FILENO);
    // A C library that finds its heap damaged says so there; the crash is reported all the same.
    if (std::freopen("/dev/null", "w", stderr) == nullptr) throw std::runtime_error("no /dev/null");
    const checker::Report report = report_on(request, runner);
    write(report);
    write_suppressed();
    return checker::exit_code(report.verdict);
}

}  // namespace

void run_harness(int argc, char** argv) {
    try {
        end_program(run(argc, argv));
    } catch (const checker::InputError& error) {
        fmt::print(stderr, "parley-stress: {}\n", error.what());
        end_program(2);
    } catch (const std::exception& error) {
        fmt::print(stderr, "parley-stress: {}\n", error.what());
        end_program(4);
    }
}

}  // namespace parley::stress
