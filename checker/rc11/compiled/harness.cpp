#include "parley/checker/rc11/compiled/harness.hpp"

#include "parley/checker/catalog.hpp"
#include "parley/checker/harness_request.hpp"
#include "parley/checker/json.hpp"
#include "parley/checker/report.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>

namespace parley::rc11 {

namespace {

std::atomic<bool> has_been_stopped{false};

void on_interrupt(int) {
    has_been_stopped.store(true, std::memory_order_relaxed);
}

/// A search that is given some time ends undecided after that.
checker::HarnessRequest parse(int argc, char** argv) {
    using std::chrono::steady_clock;
    checker::HarnessRequest request =
        checker::parse_harness_request(argc, argv, checker::HarnessKind::searches);
    request.check.stop = &has_been_stopped;
    if (request.seconds) {
        const std::chrono::duration<double> left{*request.seconds};
        request.check.deadline =
            steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(left);
    }
    return request;
}

int run(int argc, char** argv) {
    const checker::HarnessRequest request = parse(argc, argv);
    std::signal(SIGINT, on_interrupt);
    const checker::Runner& runner =
        checker::find_runner(checker::catalog(), request.protocol, request.mutant);
    const checker::Report report =
        request.run ? runner.replay(request.check, *request.run) : runner.check(request.check);
    fmt::print("\n{}", checker::to_json(report));
    return checker::exit_code(report.verdict);
}

}  // namespace

int run_compiled_harness(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const checker::InputError& error) {
        fmt::print("\n{}{}\n", refused_start, error.what());
        return 2;
    } catch (const std::exception& error) {
        fmt::print(stderr, "parley-rc11: {}\n", error.what());
        return 4;
    }
}

}  // namespace parley::rc11
