#include "parley/checker/state_store.hpp"

#include <algorithm>

namespace parley::checker {

std::vector<Choices> steps_to(TransitionSystem& system, StateStore& store, StateStore::Id id) {
    std::vector<Choices> steps;
    for (auto origin = store.origin(id); origin.parent != StateStore::none;
         origin = store.origin(origin.parent)) {
        system.load(store[origin.parent]);
        steps.push_back(choices_of_step(system, origin.step));
    }
    std::ranges::reverse(steps);
    return steps;
}

}  // namespace parley::checker
