#include "parley/checker/rc11/litmus_check.hpp"

#include "parley/checker/rc11/litmus_program.hpp"

#include <fmt/format.h>

namespace parley::rc11 {

namespace {

std::string text_of(const Outcome& outcome) {
    std::string text;
    for (const auto& [name, value] : outcome) {
        text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
    }
    return text;
}

void compare_outcomes(const std::map<Outcome, std::uint64_t>& expected,
                      const std::map<Outcome, std::uint64_t>& found,
                      std::vector<std::string>& lines) {
    for (const auto& [outcome, count] : expected) {
        const auto same = found.find(outcome);
        if (same == found.end()) {
            lines.push_back(fmt::format("outcome missing: {}", text_of(outcome)));
        } else if (same->second != count) {
            lines.push_back(fmt::format("{} executions instead of {} with outcome {}", same->second,
                                        count, text_of(outcome)));
        }
    }
    for (const auto& [outcome, count] : found) {
        if (!expected.contains(outcome)) {
            lines.push_back(fmt::format("outcome not allowed: {}", text_of(outcome)));
        }
    }
}

}  // namespace

LitmusResult run_litmus(const LitmusTest& test, const ExploreOptions& options) {
    LitmusProgram program(test);
    LitmusResult result;
    ExploreOptions own = options;
    own.on_end = [&](const Graph& graph, Ending ending) {
        if (options.on_end) options.on_end(graph, ending);
        if (ending != Ending::complete) return;
        ++result.outcomes[program.outcome(graph)];
        result.is_reachable = result.is_reachable || program.condition_holds(graph);
    };
    result.explored = explore(program, own);
    return result;
}

std::vector<std::string> disagreements(const LitmusTest& test, const LitmusResult& result) {
    const LitmusExpectation& expected = test.expected;
    const ExploreResult& explored = result.explored;
    std::vector<std::string> lines;
    if (!explored.limit.empty()) lines.push_back("not complete: " + explored.limit);
    if (explored.complete != expected.executions) {
        lines.push_back(
            fmt::format("{} executions instead of {}", explored.complete, expected.executions));
    }
    const bool has_race = explored.race.has_value();
    if (expected.has_race.value_or(has_race) != has_race) {
        lines.push_back(has_race ? "a data race that is not possible" : "no data race found");
    }
    if (expected.is_reachable.value_or(result.is_reachable) != result.is_reachable) {
        lines.push_back(result.is_reachable ? "the condition is reached and must not be"
                                            : "the condition is not reached");
    }
    if (expected.outcomes) compare_outcomes(*expected.outcomes, result.outcomes, lines);
    return lines;
}

}  // namespace parley::rc11
