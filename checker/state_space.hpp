#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/chunked.hpp"
#include "parley/checker/hash_index.hpp"
#include "parley/checker/move_batch.hpp"
#include "parley/checker/numbered_system.hpp"
#include "parley/checker/require.hpp"
#include "parley/checker/slot_table.hpp"
#include "parley/checker/thread_team.hpp"
#include "parley/checker/transition_system.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parley::checker {

/// All states that a search has seen, each once and exactly (no hash compaction), with the state
/// from which it was first reached. Ids count from 0 in the order of insertion.
///
/// A state is 16 bytes, and two bits for where it came from. States come in batches: look-ups of
/// one need not wait for each other's memory, and several threads may each add to a batch of their
/// own at the same time. Ids are given afterwards, in the order of the states from which a state is
/// first reached and of their moves: whoever came first, the result is the same.
///
/// Source: Laarman, van de Pol and Weber, "Boosting multi-core reachability performance with shared
/// hash tables", FMCAD 2010, and "Parallel recursive state compression for free", SPIN 2011. We
/// differ in that the numbers of states do not depend on the threads, and our tree is flat.
class StateSpace {
 public:
    using Id = HashIndex::Id;
    static constexpr Id none = HashIndex::none;
    static constexpr std::size_t batches_max = 64;

    /// `has_edges`: every move is kept as well, 4 bytes for each and 8 for each state.
    explicit StateSpace(bool has_edges) : has_edges_(has_edges) {}

    /// The initial state, number 0.
    void begin(const NumberedState& state);

    std::size_t size() const { return states_.size(); }
    const NumberedState& operator[](Id id) const { return states_[id]; }
    void prefetch(Id id) const { __builtin_prefetch(&states_[id]); }
    /// The states by way of which this one was first reached, itself first and number 0 last.
    std::vector<Id> way_back_from(Id id) const;

    /// Makes `batches` empty, and these are the ones to add to; none of them gets more than
    /// `moves_max` moves while others are added to (`is_shared`).
    void open(std::span<MoveBatch> batches, std::size_t moves_max);
    /// Threads that grow it together.
    void use(ThreadTeam& team) { team_ = &team; }
    /// Whether several threads add, each to a batch of its own.
    void share(bool is_shared) { is_shared_ = is_shared; }

    void add(MoveBatch& batch, Id from, const NumberedState& to) {
        MoveBatch::OfState& moves = batch.of_state(from);
        if (moves.count++ == 0) moves.first = static_cast<std::uint32_t>(batch.move_count_);
        const auto tag = static_cast<std::uint32_t>(to.hash());
        batch.waiting(batch.move_count_++) = {to, from, tag};
        slots_.prefetch(tag);
        if (batch.move_count_ - batch.peeked_ > MoveBatch::waiting_max / 2) peek(batch);
        if (batch.waiting_count() == MoveBatch::waiting_max) look_up_next(batch);
    }
    /// Looks up what has been added.
    void look_up(MoveBatch& batch);
    /// Grows when there is no room for so many more moves; not while others add.
    void make_room(std::size_t moves);
    /// Drops the moves of all states after `last`, as the last thing that is done with a batch.
    void cut(MoveBatch& batch, Id last);

    /// What was added becomes part of the space: number() once, then settle() for each batch, then,
    /// if there are edges, link() for each. Threads may take batches at the same time.
    void number();
    void settle(MoveBatch& batch);
    void link(const MoveBatch& batch);
    bool has_edges() const { return has_edges_; }
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
            slots_ = {};
            make_room(states_.size());
            for (Id id = 0; id < states_.size(); ++id) {
                const auto tag = static_cast<std::uint32_t>(states_[id].hash());
                slots_[place_of(states_[id])] = SlotTable::slot_of(tag, id + 1);
            }
        }
    }

    /// Bytes in use, without those of edges.
    std::size_t memory_bytes() const {
        return states_.memory_bytes() + origins_.memory_bytes() + slots_.memory_bytes();
    }
    /// What growing will take, if that is near.
    std::size_t growth_bytes() const { return slots_.growth_bytes(states_.size()); }
    std::size_t edge_bytes() const { return edges_.memory_bytes() + first_edges_.memory_bytes(); }

 private:
    /// The value of a slot is an id and 1; or, above this, the place of a claim in the open
    /// batches.
    static constexpr std::uint32_t open_min = 0xff00'0000U;
    static constexpr std::uint32_t moves_bits = 18;

    static std::uint32_t open_value(const MoveBatch& batch, std::size_t index) {
        return open_min | (batch.number_ << moves_bits) | static_cast<std::uint32_t>(index);
    }

    std::uint64_t slot(std::size_t place) const {
        return std::atomic_ref{slots_[place]}.load(std::memory_order_acquire);
    }
    /// Whether the slot was as expected and is now as desired.
    bool exchange(std::size_t place, std::uint64_t expected, std::uint64_t desired) {
        if (is_shared_) {
            return std::atomic_ref{slots_[place]}.compare_exchange_strong(
                expected, desired, std::memory_order_acq_rel, std::memory_order_relaxed);
        }
        slots_[place] = desired;
        return true;
    }

    MoveBatch& batch_of(std::uint32_t open_value) const {
        return open_[(open_value - open_min) >> moves_bits];
    }
    static std::size_t index_of(std::uint32_t open_value) {
        return (open_value - open_min) & ((1U << moves_bits) - 1);
    }
    const NumberedState& state_at(std::uint32_t value) const {
        if (value < open_min) return states_[value - 1];
        return batch_of(value).claims_[index_of(value)].to;
    }
    /// Whether a state that is there was first reached from `from` or an earlier state, as far as
    /// is known by now.
    bool is_first(std::uint32_t value, Id from) const {
        return value < open_min || batch_of(value).claimer(index_of(value)) <= from;
    }
    /// Makes the next move that is looked up not wait for the state that its slot refers to.
    void peek(MoveBatch& batch) const {
        const std::uint32_t tag = batch.waiting(batch.peeked_++).tag;
        const std::uint64_t first = slot(slots_.home_of(tag));
        if (SlotTable::tag_of(first) == tag && SlotTable::value_of(first) - 1 < open_min - 1) {
            __builtin_prefetch(&states_[SlotTable::value_of(first) - 1]);
        }
    }
    void look_up_next(MoveBatch& batch) {
        const MoveBatch::Waiting& move = batch.waiting(batch.looked_up_++);
        std::size_t place = slots_.home_of(move.tag);
        std::uint64_t there = slot(place);
        while (there != 0 && SlotTable::tag_of(there) != move.tag) {
            place = slots_.place_after(place);
            there = slot(place);
        }
        std::uint32_t target = SlotTable::value_of(there);
        const bool is_settled = target - 1 < open_min - 1 && states_[target - 1] == move.to;
        if (!is_settled) target = find_or_claim(batch, move, place);
        // States are numbered upwards: a way round has a step downwards.
        const bool is_forwards = target - 1 > move.from;
        batch.of_state(move.from).leads_forwards |= is_forwards;
        batch.has_step_back_ |= !is_forwards;
        if (has_edges_) batch.targets_.push_back(target);
    }
    std::uint32_t find_or_claim(MoveBatch& batch, const MoveBatch::Waiting& move,
                                std::size_t place);
    bool claim(MoveBatch& batch, const MoveBatch::Waiting& move, std::size_t place,
               std::uint64_t before);
    std::size_t place_of(const NumberedState& state) const;
    void grow();

    bool has_edges_;
    Chunked<NumberedState> states_;
    /// A bit for each state but the first, at the sum of its number and that of the state from
    /// which it was first reached. Both only rise, so that the bits are in the order of the states.
    Chunked<std::uint64_t> origins_;
    Chunked<std::size_t> first_edges_;  ///< by state
    Chunked<Id> edges_;
    SlotTable slots_;
    std::span<MoveBatch> open_;  ///< the batches that are added to
    ThreadTeam* team_ = nullptr;
    bool is_shared_ = false;  ///< several threads add
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
