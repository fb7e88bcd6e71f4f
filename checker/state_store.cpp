#include "parley/checker/state_store.hpp"

namespace parley::checker {

std::vector<Choices> steps_back_from(TransitionSystem& system, StateStore& store, StateStore::Id id,
                                     std::vector<Choices> later) {
    for (auto origin = store.origin(id); origin.parent != StateStore::none;
         origin = store.origin(origin.parent)) {
        system.load(store[origin.parent]);
        later.push_back(choices_of_step(system, origin.step));
    }
    return later;
}

}  // namespace parley::checker
