#include "parley/checker/rc11/litmus_suite.hpp"

#include "parley/checker/rc11/division.hpp"
#include "parley/checker/rc11/litmus_check.hpp"
#include "parley/checker/rc11/workers.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <cstring>
#include <utility>

namespace parley::rc11 {

namespace {

using Findings = std::vector<std::optional<LitmusFinding>>;

UnitBytes to_bytes(const LitmusFinding& finding) {
    const std::string text =
        nlohmann::json{finding.executions, finding.blocked, finding.disagreements}.dump();
    const auto* const first = reinterpret_cast<const std::byte*>(text.data());
    return {first, first + text.size()};
}

LitmusFinding from_bytes(const UnitBytes& bytes) {
    const auto* const first = reinterpret_cast<const char*>(bytes.data());
    const auto json = nlohmann::json::parse(first, first + bytes.size());
    return {json[0], json[1], json[2]};
}

LitmusFinding run_test(const LitmusTest& test, const std::atomic<bool>* stop) {
    ExploreOptions options;
    options.stop = stop;
    const LitmusResult result = run_litmus(test, options);
    return {result.explored.complete, result.explored.blocked, disagreements(test, result)};
}

}  // namespace

/// A test is a unit of what is shared.
Findings run_litmus_suite(const std::vector<LitmusTest>& tests, const LitmusSuiteOptions& options) {
    Findings findings(tests.size());
    LitmusFinding found;
    const auto is_stopped = [&] {
        return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
    };
    const SharedSearch shared{
        .processes = options.processes,
        .is_wanted =
            [&](std::uint64_t unit) {
                return is_in_shard(unit, options.shard, options.shards) && !findings[unit];
            },
        .search =
            [&](Units& units, const std::function<bool()>& /*stop*/) {
                for (std::size_t i = 0; i < tests.size(); ++i) {
                    const bool is_own = units.begin(i);
                    if (is_own) found = run_test(tests[i], options.stop);
                    if (is_stopped()) return WorkerEnd::interrupted;
                    units.end(i, is_own);
                }
                return WorkerEnd::done;
            },
        .begin_unit = [] {},
        .end_unit = [&] { return to_bytes(found); },
        .take = [&](std::uint64_t unit,
                    const UnitBytes& bytes) { findings[unit] = from_bytes(bytes); }};
    for (bool is_over = false; !is_over;) {
        const SharedEnd end = search_shared(shared);
        is_over = !end.lost || is_stopped();
        if (!end.lost || is_stopped()) continue;
        findings[end.lost->unit] = {.disagreements = {fmt::format("the engine was ended by {}",
                                                                  sigabbrev_np(end.lost->signal))}};
    }
    return findings;
}

}  // namespace parley::rc11
