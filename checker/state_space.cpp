#include "parley/checker/state_space.hpp"

#include <span>
#include <utility>

namespace parley::checker {

void StateSpace::settle() {
    const std::span<Pending> batch{pending_.data(), std::exchange(pending_count_, 0)};
    std::array<std::uint64_t, batch_size> hashes;
    for (const Pending& each : batch) {
        for (std::size_t i = 0; i < 2; ++i) {
            if (each.is_changed[i]) halves_[i].prefetch_candidate(each.hashes[i]);
        }
    }
    for (std::size_t at = 0; at < batch.size(); ++at) {
        Pending& each = batch[at];
        for (std::size_t i = 0; i < 2; ++i) {
            if (!each.is_changed[i]) continue;
            each.numbers[i] = halves_[i].number_of(each.halves[i], each.hashes[i]);
        }
        hashes[at] = NumberPair{each.numbers[0], each.numbers[1]}.hash();
        states_.prefetch_index(hashes[at]);
    }
    for (std::size_t at = 0; at < batch.size(); ++at) states_.prefetch_candidate(hashes[at]);
    for (std::size_t at = 0; at < batch.size(); ++at) {
        const Pending& each = batch[at];
        const Id id = states_.number_of({each.numbers[0], each.numbers[1]}, hashes[at]);
        if (id == size()) origins_.push_back(each.origin);
        // New states are numbered upwards: a way round has a step downwards.
        may_have_cycles_ |= id <= each.origin.parent;
        if (has_edges_) keep_edge(each.origin.parent, id);
    }
}

std::vector<Choices> steps_back_from(TransitionSystem& system, NumberedSystem& numbers,
                                     StateSpace& space, StateSpace::Id id,
                                     std::vector<Choices> later) {
    for (auto origin = space.origin(id); origin.parent != StateSpace::none;
         origin = space.origin(origin.parent)) {
        system.load(numbers.state_of(space.read(origin.parent)));
        later.push_back(choices_of_step(system, origin.step));
    }
    return later;
}

}  // namespace parley::checker
