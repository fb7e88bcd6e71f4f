#include "parley/checker/state_space.hpp"

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace parley::checker {

void StateSpace::begin(const NumberedState& state) {
    make_room(1);
    states_.push_back(state);
    slots_[place_of(state)] = SlotTable::slot_of(static_cast<std::uint32_t>(state.hash()), 1);
}

void StateSpace::open(std::span<MoveBatch> batches, std::size_t moves_max) {
    static_assert(batches_max * MoveBatch::moves_max <= UINT32_MAX - open_min + 1U);
    require(batches.size() <= batches_max, "there are few batches");
    open_ = batches;
    for (std::uint32_t number = 0; number < batches.size(); ++number) {
        batches[number].clear(number, moves_max);
    }
    make_room(batches.size() * moves_max);
}

void StateSpace::look_up(MoveBatch& batch) {
    while (batch.peeked_ < batch.move_count_) peek(batch);
    while (batch.waiting_count() > 0) look_up_next(batch);
}

/// What is in the slot of a move's state, after this move has claimed it or left it to one that
/// comes first. Of the moves to a state, the first one has it in the end.
std::uint32_t StateSpace::find_or_claim(MoveBatch& batch, const MoveBatch::Waiting& move,
                                        std::size_t place) {
    for (;;) {
        const std::uint64_t there = slot(place);
        if (there != 0) {
            if (SlotTable::tag_of(there) != move.tag ||
                state_at(SlotTable::value_of(there)) != move.to) {
                place = slots_.place_after(place);
                continue;
            }
            if (is_first(SlotTable::value_of(there), move.from)) return SlotTable::value_of(there);
        }
        if (claim(batch, move, place, there)) return open_value(batch, batch.claims_.size() - 1);
    }
}

/// False: the slot is not what it was before.
bool StateSpace::claim(MoveBatch& batch, const MoveBatch::Waiting& move, std::size_t place,
                       std::uint64_t before) {
    auto& claims = batch.claims_;
    require(claims.size() < (is_shared_ ? claims.capacity() : MoveBatch::moves_max),
            "a batch has room for its moves");
    // Others see it as soon as it is in the slot.
    claims.push_back({move.to, move.from, static_cast<std::uint32_t>(place)});
    if (!exchange(place, before,
                  SlotTable::slot_of(move.tag, open_value(batch, claims.size() - 1)))) {
        claims.pop_back();
        return false;
    }
    if (before != 0) {
        const std::uint32_t dropped = SlotTable::value_of(before);
        batch_of(dropped).drop(index_of(dropped));
    }
    batch.keep_claim(move.from);
    return true;
}

void StateSpace::cut(MoveBatch& batch, Id last) {
    look_up(batch);
    for (std::size_t i = 0; i < batch.claims_.size(); ++i) {
        if (batch.claims_[i].from != none && batch.claims_[i].from > last) batch.drop(i);
    }
    for (; batch.end_state > batch.first_state && batch.end_state - 1 > last; --batch.end_state) {
        batch.move_count_ -= batch.move_count(batch.end_state - 1);
    }
    batch.peeked_ = batch.looked_up_ = batch.move_count_;
}

void StateSpace::make_room(std::size_t moves) {
    std::size_t count = states_.size() + moves;
    for (const MoveBatch& batch : open_) count += batch.claim_count() + batch.waiting_count();
    while (slots_.is_too_small_for(count)) grow();
}

/// The place of a state that is there, or where it would be.
std::size_t StateSpace::place_of(const NumberedState& state) const {
    const auto tag = static_cast<std::uint32_t>(state.hash());
    std::size_t place = slots_.home_of(tag);
    while (slots_[place] != 0 && (SlotTable::tag_of(slots_[place]) != tag ||
                                  state_at(SlotTable::value_of(slots_[place])) != state)) {
        place = slots_.place_after(place);
    }
    return place;
}

void StateSpace::grow() {
    slots_.grow(team_);
    for (MoveBatch& batch : open_) {
        for (MoveBatch::Claim& claim : batch.claims_) {
            claim.place = static_cast<std::uint32_t>(place_of(claim.to));
        }
    }
}

void StateSpace::number() {
    if (open_.empty()) return;
    std::size_t states = states_.size();
    std::size_t edges = edges_.size();
    for (MoveBatch& batch : open_) {
        batch.first_new_ = states;
        batch.first_edge_ = edges;
        states += batch.claim_count();
        edges += batch.move_count();
        may_have_cycles_ |= batch.has_step_back_;
    }
    require(states < open_min - 1, "there are fewer than 2^32 - 2^24 states");
    states_.grow_to(states);
    origins_.grow_to(2 * states / 64 + 1);
    if (!has_edges_) return;
    edges_.grow_to(edges);
    first_edges_.grow_to(open_.back().end_state);
}

void StateSpace::settle(MoveBatch& batch) {
    auto id = static_cast<Id>(batch.first_new_);
    std::size_t word = 0;
    std::uint64_t bits = 0;
    // The last word of a batch may be the first one of the next.
    const auto add_bits = [&] { std::atomic_ref{origins_[word]}.fetch_or(std::exchange(bits, 0)); };
    batch.for_each_claim([&](const MoveBatch::Claim& claim) {
        states_[id] = claim.to;
        const std::size_t place = std::size_t{id} + claim.from;
        if (place / 64 != word) add_bits();
        word = place / 64;
        bits |= std::uint64_t{1} << (place % 64);
        std::uint64_t& slot = slots_[claim.place];
        slot = SlotTable::slot_of(SlotTable::tag_of(slot), ++id);
    });
    add_bits();
}

void StateSpace::link(const MoveBatch& batch) {
    if (!has_edges_) return;
    const auto id_at = [&](std::uint32_t target) {
        if (target < open_min) return target - 1;
        const MoveBatch::Claim& claim = batch_of(target).claims_[index_of(target)];
        return SlotTable::value_of(slots_[claim.place]) - 1;
    };
    std::size_t edge = batch.first_edge_;
    for (Id state = batch.first_state; state < batch.end_state; ++state) {
        first_edges_[state] = edge;
        const auto& moves = batch.of_state(state);
        for (std::uint32_t i = 0; i < moves.count; ++i) {
            edges_[edge++] = id_at(batch.targets_[moves.first + i]);
        }
    }
}

std::vector<StateSpace::Id> StateSpace::way_back_from(Id id) const {
    std::vector<Id> way{id};
    std::size_t state = size();
    for (std::size_t word = origins_.size(); way.back() != 0;) {
        std::uint64_t bits = origins_[--word];
        for (; bits != 0 && way.back() != 0; bits &= ~std::bit_floor(bits)) {
            const std::size_t place =
                64 * word + static_cast<std::size_t>(std::bit_width(bits)) - 1;
            if (--state == way.back()) way.push_back(static_cast<Id>(place - state));
        }
    }
    return way;
}

RunTo run_to(TransitionSystem& system, NumberedSystem& numbers, const StateSpace& space,
             StateSpace::Id id) {
    const std::vector<StateSpace::Id> way = space.way_back_from(id);
    RunTo run{.steps = {}, .end = numbers.begin()};
    for (auto goal = way.rbegin() + 1; goal != way.rend(); ++goal) {
        const NumberedState from = run.end;
        std::optional<std::uint32_t> taken;
        numbers.for_each_move(
            from, [&](std::uint32_t step, const NumberedState& to, ActionTable::Action) {
                if (taken || numbers.representative(to) != space[*goal]) return;
                taken = step;
                run.end = to;
            });
        require(taken.has_value(), "a state is reached from its parent");
        system.load(numbers.state_of(from));
        run.steps.push_back(choices_of_step(system, *taken));
    }
    return run;
}

}  // namespace parley::checker
