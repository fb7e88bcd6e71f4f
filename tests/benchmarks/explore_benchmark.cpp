#include "parley/checker/catalog.hpp"
#include "parley/checker/explore_entry.hpp"
#include "parley/checker/report.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/tests/models/specs/subshot.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include <sys/resource.h>

/// How fast explore goes through a shipped protocol, and through the counted model `subshot` with
/// one thread and two: all its states, one of each orbit, and reduced; and what it keeps of each
/// state. Beside it Spin goes through the same model (subshot.pml), with and without its
/// partial-order reduction.
namespace parley::checker {
namespace {

const Runner& explorer_of(std::string_view name) {
    const auto protocol = std::ranges::find(catalog(), name, &ProtocolEntry::name);
    const auto engine = std::ranges::find(protocol->engines, "explore", &EngineEntry::engine);
    return engine->variants.front().runner;
}

std::uint64_t count(const Report& report, std::string_view name) {
    const auto found = std::ranges::find(
        report.counts, name, [](const auto& it) -> std::string_view { return it.first; });
    return found->second;
}

void run(benchmark::State& state, const Runner& runner, const CheckOptions& check) {
    double states = 0;
    double transitions = 0;
    double bytes = 0;
    for (auto _ : state) {
        const Report report = runner.check(check);
        if (report.verdict != Verdict::verified) return state.SkipWithError("not verified");
        states = static_cast<double>(count(report, "states"));
        transitions = static_cast<double>(count(report, "transitions"));
        bytes = static_cast<double>(count(report, "bytes"));
    }
    const auto rounds = static_cast<double>(state.iterations());
    state.counters["states"] = states;
    state.counters["bytes_per_state"] = bytes / states;
    state.counters["states_per_s"] = {states * rounds, benchmark::Counter::kIsRate};
    state.counters["transitions_per_s"] = {transitions * rounds, benchmark::Counter::kIsRate};
}

void explore(benchmark::State& state, std::string_view protocol,
             std::map<std::string, int> bounds) {
    CheckOptions check;
    check.bounds = std::move(bounds);
    run(state, explorer_of(protocol), check);
}

enum class Search { all, orbits, reduced };

void subshot(benchmark::State& state, std::uint32_t threads, Search search) {
    using Model = specs::subshot::Original<specs::model::CheckPlatform>;
    CheckOptions check;
    check.bounds = {{"K", 8}, {"P", 3}};
    check.is_safety_only = true;
    check.is_symmetric = search == Search::orbits;
    check.is_reduced = search == Search::reduced;
    check.threads = threads;
    run(state, explore_variant<Model>("subshot").runner, check);
}

void count_all_threads(benchmark::internal::Benchmark* row) {
    row->UseRealTime()->MeasureProcessCPUTime();
}

/// Whether a shell command ends well, and the seconds of processor time that it took.
bool run_command(const std::string& command, double& seconds) {
    const auto processor_time = [] {
        rusage usage{};
        getrusage(RUSAGE_CHILDREN, &usage);
        const auto of = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
        };
        return of(usage.ru_utime) + of(usage.ru_stime);
    };
    const double before = processor_time();
    const bool is_good = std::system(command.c_str()) == 0;
    seconds = processor_time() - before;
    return is_good;
}

/// Spin's verifier, from the model to the end of its search; only the search is timed. It must find
/// what explore finds: no error, and `states` states.
void spin(benchmark::State& state, const std::string& flags, std::uint64_t states) {
    double seconds = 0;
    if (!run_command("command -v spin gcc >/dev/null", seconds)) {
        return state.SkipWithError("needs Spin and gcc: apt install spin gcc");
    }
    std::string folder = (std::filesystem::temp_directory_path() / "parley-spin-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return state.SkipWithError("no folder to build in");
    const std::string in_folder = "cd '" + folder + "' && ";
    const bool is_built = run_command(in_folder +
                                          "spin -a -DK=8 '" PARLEY_SPIN_MODEL
                                          "' >/dev/null && gcc -O2 -w "
                                          "-DSAFETY " +
                                          flags + " -o pan pan.c",
                                      seconds);
    const std::string found = " " + std::to_string(states) + " states, stored";
    for (auto _ : state) {
        double search_seconds = 0;
        if (!is_built || !run_command(in_folder + "./pan -m100000 -w24 >found", search_seconds) ||
            !run_command(in_folder + "grep -q 'errors: 0' found && grep -q '" + found + "' found",
                         seconds)) {
            state.SkipWithError("Spin does not find what it should");
            break;
        }
        state.SetIterationTime(search_seconds);
    }
    std::filesystem::remove_all(folder);
    state.counters["states"] = static_cast<double>(states);
}

BENCHMARK_CAPTURE(explore, send, "send", {{"items", 12}, {"losses", 2}});
BENCHMARK_CAPTURE(explore, request_reply, "request_reply", {{"requests", 12}, {"capacity", 4}});
BENCHMARK_CAPTURE(explore, multi_reply, "multi_reply", {{"rounds", 20}, {"phases", 20}});
BENCHMARK_CAPTURE(explore, subscription, "subscription",
                  {{"sessions", 20}, {"notifications", 20}, {"capacity", 4}});
BENCHMARK_CAPTURE(explore, cancelable_one_shot, "cancelable_one_shot",
                  {{"rounds", 100}, {"capacity", 8}});
BENCHMARK_CAPTURE(subshot, one_thread, 1, Search::all)->Apply(count_all_threads);
BENCHMARK_CAPTURE(subshot, two_threads, 2, Search::all)->Apply(count_all_threads);
BENCHMARK_CAPTURE(subshot, one_thread_orbits, 1, Search::orbits)->Apply(count_all_threads);
BENCHMARK_CAPTURE(subshot, two_threads_orbits, 2, Search::orbits)->Apply(count_all_threads);
BENCHMARK_CAPTURE(subshot, one_thread_reduced, 1, Search::reduced)->Apply(count_all_threads);
BENCHMARK_CAPTURE(subshot, two_threads_reduced, 2, Search::reduced)->Apply(count_all_threads);
BENCHMARK_CAPTURE(spin, all, "-DNOREDUCE", 5'230'966)->UseManualTime();
BENCHMARK_CAPTURE(spin, reduced, "", 2'838'396)->UseManualTime();

}  // namespace
}  // namespace parley::checker
