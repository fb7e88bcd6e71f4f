#include "parley/checker/page_capacity.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace parley::checker {

namespace {

using model::Party;
using specs::model::Automaton;
using specs::model::Direction;
using specs::model::Handling;
using specs::model::Page;
using specs::model::Transition;

constexpr std::size_t largest_tried = 8;
constexpr std::uint64_t trial_states_max = 200'000;

/// What one capacity does to a page.
struct CapacityTrial {
    bool is_complete = false;
    bool is_blocking = false;
    bool is_exhaustive = true;
};

/// Whether each send that waits for room at one of the configurations `blocked` gets it by steps of
/// the other party alone.
bool gets_room(const PageGraph& graph, Party sender, const std::vector<bool>& blocked,
               std::vector<bool> receiving) {
    const Party receiver = other(sender);
    const std::vector<bool> served = graph.leading_to(
        std::move(receiving),
        [&](const PageGraph::Edge& edge) { return edge.party == receiver && edge.is_send; });
    for (PageGraph::Id id = 0; id < graph.size(); ++id) {
        if (blocked[id] && !served[id]) return false;
    }
    return true;
}

CapacityTrial try_capacity(const Page& page, std::size_t capacity, const PageLimits& limits) {
    const PageSystem system(page, {capacity, capacity});
    PageGraph graph(system);
    std::array<std::vector<bool>, 2> blocked;    // by sender
    std::array<std::vector<bool>, 2> receiving;  // by receiver
    CapacityTrial trial;
    const std::string limit = graph.explore(
        limits, [&](PageGraph::Id, const Configuration& at, const std::vector<PageStep>& steps) {
            for (const Party party : {Party::left, Party::right}) {
                blocked[index_of(party)].push_back(system.is_blocked(at, party));
                receiving[index_of(party)].push_back(std::ranges::any_of(
                    steps,
                    [&](const PageStep& step) { return step.party == party && !step.is_send(); }));
                trial.is_blocking |= blocked[index_of(party)].back();
            }
        });
    trial.is_complete = limit.empty();
    if (!trial.is_complete || !trial.is_blocking) return trial;
    for (const Party sender : {Party::left, Party::right}) {
        trial.is_exhaustive =
            trial.is_exhaustive &&
            gets_room(graph, sender, blocked[index_of(sender)], receiving[index_of(other(sender))]);
    }
    return trial;
}

bool has_deferred(const Automaton& automaton) {
    return std::ranges::any_of(automaton.transitions, [](const Transition& each) {
        return each.handling == Handling::deferred;
    });
}

bool has(const Automaton& automaton, Direction direction) {
    return std::ranges::any_of(automaton.transitions,
                               [&](const Transition& each) { return each.direction == direction; });
}

std::string broken_side_condition(const Page& page) {
    const PageSystem system(page, page.capacities);
    for (const Party party : {Party::left, Party::right}) {
        const Automaton& automaton = page.automaton(party);
        if (has_deferred(automaton)) {
            return fmt::format("{} defers messages", automaton.name);
        }
        if (!mixed_states(system, party).empty()) {
            return fmt::format("{} has a mixed state", automaton.name);
        }
        const bool is_mixed_with_others = system.conversations() > 1 &&
                                          has(automaton, Direction::send) &&
                                          has(automaton, Direction::receive);
        if (is_mixed_with_others) {
            return fmt::format("{} sends and receives in several conversations at once",
                               automaton.name);
        }
    }
    return {};
}

}  // namespace

std::vector<std::uint16_t> mixed_states(const PageSystem& system, Party party) {
    std::vector<std::uint16_t> mixed;
    const auto count = static_cast<std::uint16_t>(system.page().automaton(party).states.size());
    for (std::uint16_t state = 0; state < count; ++state) {
        const auto leaving = system.leaving(party, state);
        const bool is_sending = std::ranges::any_of(
            leaving, [](const Transition* each) { return each->direction == Direction::send; });
        if (is_sending && system.is_receiving(party, state)) mixed.push_back(state);
    }
    return mixed;
}

CapacityAnswer find_capacity(const Page& page, const PageLimits& limits) {
    const PageLimits each{std::min(limits.states_max, trial_states_max), limits.stop};
    CapacityAnswer answer;
    answer.side_condition = broken_side_condition(page);
    for (std::size_t capacity = 1; capacity <= largest_tried && !answer.exact; ++capacity) {
        const CapacityTrial trial = try_capacity(page, capacity, each);
        if (!trial.is_complete) break;
        answer.tried_max = capacity;
        if (!trial.is_blocking) answer.exact = capacity;
        if (trial.is_exhaustive && !answer.exhaustive) answer.exhaustive = capacity;
    }
    return answer;
}

}  // namespace parley::checker
