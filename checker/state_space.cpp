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
    slots_[place_of(state)] = slot_of(static_cast<std::uint32_t>(state.hash()), 1);
    ++count_;
}

void StateSpace::open(std::span<MoveBatch> batches, std::size_t moves_max) {
    static_assert(batches_max * MoveBatch::moves_max <= UINT32_MAX - open_min + 1U);
    require(batches.size() <= batches_max, "there are few batches");
    open_ = batches;
    for (std::uint32_t number = 0; number < batches.size(); ++number) {
        MoveBatch& batch = batches[number];
        batch.number_ = number;
        batch.moves_.clear();
        batch.moves_.reserve(moves_max);
        batch.looked_up_ = batch.gaps_ = batch.inserted_ = batch.new_count_ = 0;
        batch.has_step_back_ = false;
    }
    make_room(batches.size() * moves_max);
}

void StateSpace::fill_gap(MoveBatch& batch, std::size_t index, Id from, const NumberedState& to) {
    batch.moves_[index] = {to, from, static_cast<std::uint32_t>(to.hash())};
    --batch.gaps_;
    look_up(batch, index);
}

void StateSpace::look_up(MoveBatch& batch) {
    const std::size_t begin = std::exchange(batch.looked_up_, batch.moves_.size());
    for (std::size_t i = begin; i < batch.moves_.size(); ++i) {
        const std::uint32_t tag = batch.moves_[i].place;
        const std::uint64_t first = slot(home_of(tag));
        if (tag_of(first) == tag && value_of(first) - 1 < open_min - 1) {
            __builtin_prefetch(&states_[value_of(first) - 1]);
        }
    }
    for (std::size_t i = begin; i < batch.moves_.size(); ++i) {
        if (batch.moves_[i].from != none) look_up(batch, i);
    }
}

/// Finds the slot of a move's state, or makes one. Of the open moves to a state, the first one has
/// it in the end.
void StateSpace::look_up(MoveBatch& batch, std::size_t index) {
    MoveBatch::Move& move = batch.moves_[index];
    const std::uint32_t tag = move.place;
    const std::uint32_t value = open_value(batch, index);
    for (std::size_t place = home_of(tag);; place = place_after(place)) {
        std::uint64_t there = slot(place);
        if (there == 0 && exchange(place, there, slot_of(tag, value))) {
            move.place = static_cast<std::uint32_t>(place);
            ++batch.inserted_;
            return;
        }
        if (tag_of(there) != tag || state_at(value_of(there)) != move.to) continue;
        while (value_of(there) > value && !exchange(place, there, slot_of(tag, value))) {
        }
        // States are numbered upwards: a way round has a step downwards.
        batch.has_step_back_ |= value_of(there) - 1 <= move.from;
        move.place = static_cast<std::uint32_t>(place);
        return;
    }
}

bool StateSpace::has_step_forwards(const MoveBatch& batch, std::size_t begin,
                                   std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
        const MoveBatch::Move& move = batch.moves_[i];
        if (value_of(slot(move.place)) - 1 > move.from) return true;
    }
    return false;
}

void StateSpace::cut(MoveBatch& batch, std::size_t size) {
    look_up(batch);
    while (batch.moves_.size() > size) {
        if (batch.moves_.back().from == none) --batch.gaps_;
        batch.moves_.pop_back();
    }
}

void StateSpace::make_room(std::size_t moves) {
    std::size_t count = count_ + moves;
    for (const MoveBatch& batch : open_) {
        count += batch.inserted_ + batch.moves_.size() - batch.looked_up_;
    }
    while (count * 4 > slots_.size() * 3) grow();
}

/// The place of a state that is there, or where it would be.
std::size_t StateSpace::place_of(const NumberedState& state) const {
    const auto tag = static_cast<std::uint32_t>(state.hash());
    std::size_t place = home_of(tag);
    while (slots_[place] != 0 &&
           (tag_of(slots_[place]) != tag || state_at(value_of(slots_[place])) != state)) {
        place = place_after(place);
    }
    return place;
}

void StateSpace::grow() {
    ZeroedSlots old{slots_.size() + slots_.size() / 2};
    std::swap(old, slots_);
    for (std::size_t i = 0; i < old.size(); ++i) {
        if (old[i] == 0) continue;
        std::size_t place = home_of(tag_of(old[i]));
        while (slots_[place] != 0) place = place_after(place);
        slots_[place] = old[i];
    }
    for (MoveBatch& batch : open_) {
        for (std::size_t i = 0; i < batch.looked_up_; ++i) {
            MoveBatch::Move& move = batch.moves_[i];
            if (move.from != none) move.place = static_cast<std::uint32_t>(place_of(move.to));
        }
    }
}

void StateSpace::count_new(MoveBatch& batch) const {
    for (std::size_t i = 0; i < batch.moves_.size(); ++i) {
        if (is_new(batch, i)) ++batch.new_count_;
    }
}

void StateSpace::number() {
    if (open_.empty()) return;
    std::size_t states = states_.size();
    std::size_t edges = edges_.size();
    for (MoveBatch& batch : open_) {
        batch.first_new_ = states;
        batch.first_edge_ = edges;
        states += batch.new_count_;
        edges += batch.move_count();
        count_ += std::exchange(batch.inserted_, 0);
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
    for (std::size_t i = 0; i < batch.moves_.size(); ++i) {
        if (!is_new(batch, i)) continue;
        const MoveBatch::Move& move = batch.moves_[i];
        states_[id] = move.to;
        const std::size_t place = std::size_t{id} + move.from;
        if (place / 64 != word) add_bits();
        word = place / 64;
        bits |= std::uint64_t{1} << (place % 64);
        // Others look at it, to find that theirs is not the first move to this state.
        std::atomic_ref{slots_[move.place]}.store(slot_of(tag_of(slot(move.place)), ++id),
                                                  std::memory_order_release);
    }
    add_bits();
}

void StateSpace::link(const MoveBatch& batch) {
    if (!has_edges_) return;
    std::size_t edge = batch.first_edge_;
    Id state = batch.first_state;
    for (const MoveBatch::Move& move : batch.moves_) {
        if (move.from == none) continue;
        while (state <= move.from) first_edges_[state++] = edge;
        edges_[edge++] = value_of(slots_[move.place]) - 1;
    }
    while (state < batch.end_state) first_edges_[state++] = edge;
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
