#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/transition_system.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <numeric>
#include <queue>
#include <set>
#include <vector>

namespace parley::tests {

using Bytes = std::vector<std::byte>;
using Permutation = std::vector<std::uint8_t>;

/// What a search of all states, and every permutation of the values of each, comes to.
struct OrbitCount {
    std::size_t states = 0;
    std::size_t transitions = 0;
    std::size_t orbits = 0;
    std::size_t orbit_transitions = 0;  ///< of one state of each orbit
    bool is_closed = true;              ///< whatever is a permuted state was reached as well

    bool operator==(const OrbitCount&) const = default;
};

/// Counts the orbits of a system's states by brute force: no part of explore takes part. `permuted`
/// writes a state, given as its parts, with its values permuted. No step may violate anything.
inline OrbitCount count_orbits(
    checker::TransitionSystem& system, std::uint8_t values,
    const std::function<std::vector<Bytes>(const std::vector<Bytes>&, const Permutation&)>&
        permuted) {
    using Parts = std::vector<Bytes>;
    const auto parts_of = [](const checker::State& state) {
        Parts parts;
        for (std::size_t i = 0; i < state.size(); ++i) {
            parts.emplace_back(state[i].begin(), state[i].end());
        }
        return parts;
    };
    const auto load = [&](const Parts& parts) {
        std::vector<checker::State::Part> views(parts.begin(), parts.end());
        system.load({views.data(), views.size()});
    };
    std::map<Parts, std::size_t> moves;
    std::queue<Parts> next;
    const auto reach = [&](const checker::State& state) {
        Parts parts = parts_of(state);
        if (moves.emplace(parts, 0).second) next.push(std::move(parts));
    };
    system.begin();
    reach(system.current());
    for (; !next.empty(); next.pop()) {
        load(next.front());
        checker::OdometerChooser odometer;
        do {
            specs::model::Judge judge;
            checker::StepContext context{odometer, judge};
            if (!system.step(context)) break;
            if (system.current() == system.next()) continue;
            ++moves[next.front()];
            reach(system.next());
        } while (odometer.advance());
    }
    OrbitCount count{.states = moves.size()};
    std::set<Parts> orbits;
    for (const auto& [state, own] : moves) {
        count.transitions += own;
        Permutation to(values);
        std::iota(to.begin(), to.end(), std::uint8_t{0});
        Parts smallest = state;
        do {
            Parts image = permuted(state, to);
            count.is_closed &= moves.contains(image);
            smallest = std::min(smallest, image);
        } while (std::ranges::next_permutation(to).found);
        if (orbits.insert(smallest).second) count.orbit_transitions += own;
    }
    count.orbits = orbits.size();
    return count;
}

}  // namespace parley::tests
