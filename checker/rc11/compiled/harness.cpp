#include "parley/checker/rc11/compiled/harness.hpp"

#include "parley/checker/catalog.hpp"
#include "parley/checker/harness_request.hpp"
#include "parley/checker/json.hpp"
#include "parley/checker/replay_line.hpp"
#include "parley/checker/report.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace parley::rc11 {

namespace {

using checker::CheckOptions;

std::atomic<bool> has_been_stopped{false};

void on_interrupt(int) {
    has_been_stopped.store(true, std::memory_order_relaxed);
}

/// What the harness is asked for. It is started by the command, which has checked all names.
struct Request {
    std::string protocol;
    std::string mutant;
    std::vector<std::string> bounds;
    std::string choices;  ///< of the run to be shown again
    bool is_replay = false;
    double seconds = 0;  ///< after which a search ends undecided; 0: never
    CheckOptions check;
};

Request parse(int argc, char** argv) {
    Request request;
    CheckOptions& check = request.check;
    CLI::App app{"Checks one protocol as compiled code and writes the report as JSON."};
    app.add_option("--protocol", request.protocol);
    app.add_option("--mutant", request.mutant);
    app.add_option("--set", request.bounds);
    app.add_option("--seconds", request.seconds);
    app.add_option("--executions-max", check.executions_max);
    app.add_option("--threads", check.threads);
    app.add_option("--shard", check.shard);
    app.add_option("--shards", check.shards);
    app.add_option("--checkpoint", check.checkpoint);
    app.add_option("--checkpoint-seconds", check.checkpoint_seconds);
    const auto* const replay = app.add_option("--replay", request.choices);
    try {
        app.parse(argc, argv);
        check.bounds = checker::bounds_of(request.bounds);
    } catch (const std::exception& error) {
        throw checker::InputError(error.what());
    }
    request.is_replay = replay->count() > 0;
    check.stop = &has_been_stopped;
    if (request.seconds > 0) {
        using std::chrono::steady_clock;
        check.deadline = steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(
                                                   std::chrono::duration<double>(request.seconds));
    }
    return request;
}

int run(int argc, char** argv) {
    const Request request = parse(argc, argv);
    std::signal(SIGINT, on_interrupt);
    const checker::Runner& runner =
        checker::find_runner(checker::catalog(), request.protocol, request.mutant);
    const checker::Report report =
        request.is_replay ? runner.replay(request.check, checker::parse_choices(request.choices))
                          : runner.check(request.check);
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
