#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/chunked.hpp"
#include "parley/checker/hash_index.hpp"
#include "parley/checker/numbered_system.hpp"
#include "parley/checker/require.hpp"
#include "parley/checker/transition_system.hpp"
#include "parley/checker/zeroed_slots.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parley::checker {

/// Moves of states that follow each other, in their order, on their way into a StateSpace.
class MoveBatch {
 public:
    using Id = HashIndex::Id;
    static constexpr std::size_t moves_max = std::size_t{1} << 20U;

    /// The states whose moves these are.
    Id first_state = 0;
    Id end_state = 0;

    std::size_t size() const { return moves_.size(); }
    /// How many are no gaps.
    std::size_t move_count() const { return moves_.size() - gaps_; }

 private:
    friend class StateSpace;

    struct Move {
        NumberedState to;
        Id from;              ///< none: a gap
        std::uint32_t place;  ///< of its slot; before it is looked up, its hash
    };

    std::uint32_t number_ = 0;  ///< among those that are open
    std::vector<Move> moves_;
    std::size_t looked_up_ = 0;
    std::size_t gaps_ = 0;
    std::size_t inserted_ = 0;
    std::size_t new_count_ = 0;
    std::size_t first_new_ = 0;
    std::size_t first_edge_ = 0;
    bool has_step_back_ = false;
};

/// All states that a search has seen, each once and exactly (no hash compaction), with the state
/// from which it was first reached. Ids count from 0 in the order of insertion.
///
/// A state is 16 bytes, and two bits for where it came from. States come in batches: look-ups of
/// one need not wait for each other's memory, and several threads may each add to a batch of their
/// own at the same time. Ids are given afterwards, in the order of the batches and of the moves in
/// them: whoever came first, the result is the same.
///
/// Source: Laarman, van de Pol and Weber, "Boosting multi-core reachability performance with shared
/// hash tables", FMCAD 2010, and "Parallel recursive state compression for free", SPIN 2011. We
/// differ in that the numbers of states do not depend on the threads, and our tree is flat.
class StateSpace {
 public:
    using Id = HashIndex::Id;
    static constexpr Id none = HashIndex::none;
    static constexpr std::size_t batches_max = 16;

    /// `has_edges`: every move is kept as well, 4 bytes for each and 8 for each state.
    explicit StateSpace(bool has_edges) : has_edges_(has_edges) {}

    /// The initial state, number 0.
    void begin(const NumberedState& state);

    std::size_t size() const { return states_.size(); }
    const NumberedState& operator[](Id id) const { return states_[id]; }
    void prefetch(Id id) const { __builtin_prefetch(&states_[id]); }
    /// The states by way of which this one was first reached, itself first and number 0 last.
    std::vector<Id> way_back_from(Id id) const;

    /// Makes `batches` empty, and these are the ones to add to; none of them has more than
    /// `moves_max` moves while others are added to (`is_shared`).
    void open(std::span<MoveBatch> batches, std::size_t moves_max);
    /// Whether several threads add, each to a batch of its own.
    void share(bool is_shared) { is_shared_ = is_shared; }

    void add(MoveBatch& batch, Id from, const NumberedState& to) {
        push(batch, {to, from, static_cast<std::uint32_t>(to.hash())});
        if (batch.moves_.size() - batch.looked_up_ >= look_ups_at_once) look_up(batch);
    }
    /// Leaves a gap that may be filled later.
    void add_gap(MoveBatch& batch) {
        push(batch, {{}, none, 0});
        ++batch.gaps_;
    }
    void fill_gap(MoveBatch& batch, std::size_t index, Id from, const NumberedState& to);
    /// Looks up what has been added.
    void look_up(MoveBatch& batch);
    /// Whether one of these moves, which are looked up, leads to a later state than it starts from.
    bool has_step_forwards(const MoveBatch& batch, std::size_t begin, std::size_t end) const;
    /// Grows when there is no room for so many more moves; not while others add.
    void make_room(std::size_t moves);
    /// Drops the moves of a batch from number `size` on, as the last thing that is done with it.
    void cut(MoveBatch& batch, std::size_t size);

    /// What was added becomes part of the space: count_new() for each batch, number() once,
    /// settle() for each, link() for each. Threads may take batches at the same time.
    void count_new(MoveBatch& batch) const;
    void number();
    void settle(MoveBatch& batch);
    void link(const MoveBatch& batch);
    /// Forgets the batches.
    void close() { open_ = {}; }

    /// Whether a state may lead back to itself: none does if this is false.
    bool may_have_cycles() const { return may_have_cycles_; }

    /// Where moves of a state lead to, in the order in which they were added: edge(i) for i from
    /// first_edge(id) up to first_edge(id + 1).
    std::size_t first_edge(Id id) const {
        return id < first_edges_.size() ? first_edges_[id] : edges_.size();
    }
    Id edge(std::size_t index) const { return edges_[index]; }

    /// See snapshot.hpp. No batch is open.
    template <class Archive>
    void transfer(Archive& archive) {
        states_.transfer(archive);
        origins_.transfer(archive);
        first_edges_.transfer(archive);
        edges_.transfer(archive);
        archive(may_have_cycles_);
        if constexpr (Archive::is_reading) {
            slots_ = ZeroedSlots{slots_min};
            make_room(states_.size());
            count_ = states_.size();
            for (Id id = 0; id < states_.size(); ++id) {
                const auto tag = static_cast<std::uint32_t>(states_[id].hash());
                slots_[place_of(states_[id])] = slot_of(tag, id + 1);
            }
        }
    }

    /// Bytes in use, without those of edges.
    std::size_t memory_bytes() const {
        return states_.memory_bytes() + origins_.memory_bytes() + slots_.memory_bytes();
    }
    /// What growing will take, if that is near.
    std::size_t growth_bytes() const {
        return count_ * 16 >= slots_.size() * 11 ? 3 * slots_.memory_bytes() / 2 : 0;
    }
    std::size_t edge_bytes() const { return edges_.memory_bytes() + first_edges_.memory_bytes(); }

 private:
    static constexpr std::size_t slots_min = 64;
    static constexpr std::size_t look_ups_at_once = 32;
    /// A slot is a hash and an id and 1; or, above this, the place of a move in the open batches.
    static constexpr std::uint32_t open_min = 0xff00'0000U;
    static constexpr std::uint32_t moves_bits = 20;

    static std::uint32_t open_value(const MoveBatch& batch, std::size_t index) {
        return open_min | (batch.number_ << moves_bits) | static_cast<std::uint32_t>(index);
    }
    static std::uint32_t tag_of(std::uint64_t slot) {
        return static_cast<std::uint32_t>(slot >> 32U);
    }
    static std::uint32_t value_of(std::uint64_t slot) { return static_cast<std::uint32_t>(slot); }
    static std::uint64_t slot_of(std::uint32_t tag, std::uint32_t value) {
        return (std::uint64_t{tag} << 32U) | value;
    }

    /// Where a hash is looked for first. Higher hashes have higher places, so that growing goes
    /// through the old and the new slots in order, and by less than twice.
    std::size_t home_of(std::uint32_t tag) const {
        return static_cast<std::size_t>((std::uint64_t{tag} * slots_.size()) >> 32U);
    }
    std::size_t place_after(std::size_t place) const {
        return ++place == slots_.size() ? 0 : place;
    }

    std::uint64_t slot(std::size_t place) const {
        return std::atomic_ref{slots_[place]}.load(std::memory_order_acquire);
    }
    /// Whether the slot was as expected and is now as desired; if not, `expected` is what it is.
    bool exchange(std::size_t place, std::uint64_t& expected, std::uint64_t desired) {
        if (is_shared_) {
            return std::atomic_ref{slots_[place]}.compare_exchange_strong(
                expected, desired, std::memory_order_acq_rel, std::memory_order_acquire);
        }
        slots_[place] = desired;
        return true;
    }

    void push(MoveBatch& batch, const MoveBatch::Move& move) {
        auto& moves = batch.moves_;
        require(moves.size() < (is_shared_ ? moves.capacity() : MoveBatch::moves_max),
                "a batch has room for its moves");
        moves.push_back(move);
        __builtin_prefetch(&slots_[home_of(move.place)], 1);
    }
    const NumberedState& state_at(std::uint32_t value) const {
        if (value < open_min) return states_[value - 1];
        const std::uint32_t move = value - open_min;
        return open_[move >> moves_bits].moves_[move & ((1U << moves_bits) - 1)].to;
    }
    bool is_new(const MoveBatch& batch, std::size_t index) const {
        const MoveBatch::Move& move = batch.moves_[index];
        return move.from != none && value_of(slot(move.place)) == open_value(batch, index);
    }
    void look_up(MoveBatch& batch, std::size_t index);
    std::size_t place_of(const NumberedState& state) const;
    void grow();

    bool has_edges_;
    Chunked<NumberedState> states_;
    /// A bit for each state but the first, at the sum of its number and that of the state from
    /// which it was first reached. Both only rise, so that the bits are in the order of the states.
    Chunked<std::uint64_t> origins_;
    Chunked<std::size_t> first_edges_;  ///< by state
    Chunked<Id> edges_;
    ZeroedSlots slots_{slots_min};
    std::size_t count_ = 0;      ///< of slots that are in use
    std::span<MoveBatch> open_;  ///< the batches that are added to
    bool is_shared_ = false;     ///< several threads add
    bool may_have_cycles_ = false;
};

/// A run to a state, as it is taken: what it comes to may have other names for interchangeable
/// values.
struct RunTo {
    std::vector<Choices> steps;
    NumberedState end;
};

/// The run by which a state of `space` was first reached.
RunTo run_to(TransitionSystem& system, NumberedSystem& numbers, const StateSpace& space,
             StateSpace::Id id);

}  // namespace parley::checker
