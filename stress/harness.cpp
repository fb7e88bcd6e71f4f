#include "parley/stress/harness.hpp"

#include "parley/checker/catalog.hpp"
#include "parley/checker/guard_exit.hpp"
#include "parley/checker/harness_request.hpp"
#include "parley/checker/json.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/shrink.hpp"
#include "parley/stress/crash.hpp"
#include "parley/stress/signal_scope.hpp"
#include "parley/stress/suppressions.hpp"
#include "parley/stress/tsan.hpp"

#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <unistd.h>

namespace parley::stress {

namespace {

using checker::HarnessRequest;

std::atomic<bool> has_been_stopped{false};

void on_interrupt(int) {
    const SignalScope scope;
    has_been_stopped.store(true, std::memory_order_relaxed);
}

/// Ends without destructors: a thread may be stuck in the code under check.
[[noreturn]] void end_program(int code) {
    std::fflush(nullptr);
    checker::guard_state::end_process(code);
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
void shrink_run(const HarnessRequest& request, const checker::Runner& runner,
                checker::Report& report) {
    const checker::ShrinkLimits limits{.stop = request.check.stop};
    checker::Shrunk shrunk = checker::shrink(
        report,
        [&](const checker::Choices& choices) { return runner.replay(request.check, choices); },
        limits);
    report.shrunk = checker::summary(shrunk);
    report.trace = std::move(shrunk.report.trace);
}

checker::Report report_on(const HarnessRequest& request, const checker::Runner& runner) {
    if (request.run) return runner.replay(request.check, *request.run);
    checker::Report report = runner.check(request.check);
    const bool has_run = report.trace && !report.trace->choices.empty();
    if (!request.is_shrinking || !has_run) return report;
    // A smaller run may crash.
    write(report);
    shrink_run(request, runner, report);
    return report;
}

int run(int argc, char** argv) {
    HarnessRequest request =
        checker::parse_harness_request(argc, argv, checker::HarnessKind::samples);
    if (request.is_idle) {
        fmt::print("{}\n", options_taken);
        return 0;
    }
    if (request.seconds) request.check.seconds = *request.seconds;
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
