#pragma once

#include "parley/checker/rc11/litmus_check.hpp"
#include "parley/tests/checker/rc11/naive.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <set>
#include <string>

/// The engine against the naive enumerator.
namespace parley::tests {

/// The same text for a graph of the engine as NaiveGraph::text() for that of the enumerator.
inline std::string text_of(const rc11::Graph& graph, const LitmusTest& test) {
    const auto name_of = [&](LocationId location, rc11::EventId id) {
        if (id == rc11::initial) return fmt::format("i{}", location);
        return fmt::format("{}.{}", graph.at(id).thread, graph.at(id).index);
    };
    std::string text;
    for (ThreadId thread = 0; thread < test.threads.size(); ++thread) {
        for (const rc11::EventId id : graph.thread(thread)) {
            const rc11::Event& e = graph.at(id);
            text += e.is_read()    ? "R" + name_of(e.operation.location, e.source)
                    : e.is_write() ? "W"
                                   : "O";
            text += fmt::format("={} ", static_cast<std::int64_t>(e.value));
        }
        text += "/";
    }
    for (LocationId location = 0; location < test.locations.size(); ++location) {
        const auto& order = graph.location(location).order;
        for (std::size_t i = 1; i < order.size(); ++i) text += name_of(location, order[i]) + " ";
        text += "/";
    }
    return text;
}

/// The engine's executions as texts; each must come once.
struct EngineResult {
    std::set<std::string> complete;
    std::set<std::string> blocked;
    std::uint64_t twice = 0;
    std::uint64_t blocked_twice = 0;
    rc11::ExploreResult explored;
};

inline EngineResult engine_executions(const LitmusTest& test, bool takes_all_waits = false) {
    EngineResult result;
    rc11::ExploreOptions options;
    options.executions_max = 1'000'000;
    options.takes_all_waits = takes_all_waits;
    options.on_end = [&](const rc11::Graph& graph, rc11::Ending ending) {
        const std::string text = text_of(graph, test);
        if (ending == rc11::Ending::complete) {
            result.twice += result.complete.insert(text).second ? 0 : 1;
        } else {
            result.blocked_twice += result.blocked.insert(text).second ? 0 : 1;
        }
    };
    result.explored = rc11::run_litmus(test, options).explored;
    return result;
}

/// What is wrong with the engine's executions; empty: they are those of the enumerator, each once.
/// None: the program is too large for the enumerator.
inline std::optional<std::string> difference(const LitmusTest& test,
                                             std::size_t graphs_max = 20'000) {
    const NaiveResult naive = NaiveEnumerator(test, graphs_max).enumerate();
    if (naive.is_too_large) return std::nullopt;
    const EngineResult engine = engine_executions(test);
    std::string text;
    for (const std::string& each : naive.complete) {
        if (!engine.complete.contains(each)) text += "missing: " + each + "\n";
    }
    for (const std::string& each : engine.complete) {
        if (!naive.complete.contains(each)) text += "not allowed: " + each + "\n";
    }
    if (engine.twice + engine.blocked_twice != 0) {
        text += fmt::format("twice: {} complete, {} blocked\n", engine.twice, engine.blocked_twice);
    }
    for (const std::string& each : naive.lasting) {
        if (!engine.blocked.contains(each)) text += "missing, blocked: " + each + "\n";
    }
    for (const std::string& each : engine.blocked) {
        if (!naive.blocked.contains(each)) text += "not allowed, blocked: " + each + "\n";
    }
    const EngineResult all = engine_executions(test, true);
    if (all.complete != engine.complete) text += "other complete ones with all that wait\n";
    if (all.blocked != naive.blocked) text += "others that wait\n";
    if (all.twice + all.blocked_twice != 0) text += "twice, with all that wait\n";
    if (engine.explored.race.has_value() != naive.has_race) {
        text += naive.has_race ? "no race found\n" : "a race that is not possible\n";
    }
    if (!engine.explored.limit.empty()) text += engine.explored.limit + "\n";
    return text;
}

}  // namespace parley::tests
