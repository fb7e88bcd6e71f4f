#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/chunked.hpp"
#include "parley/checker/mix.hpp"
#include "parley/checker/number_table.hpp"
#include "parley/checker/numbered_system.hpp"
#include "parley/checker/transition_system.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace parley::checker {

/// All states that a search has seen, each once and exactly (no hash compaction), with the step
/// that first led to it. Ids count from 0 in the order of insertion.
///
/// A state is two halves: a party with what it has sent and something that both share. Each half is
/// kept once and known by its number, and so is each pair of these: 8 bytes for a state and what it
/// shares with others. What is added waits until there is a batch of it: then one look-up need not
/// wait for the memory of another.
///
/// Source: Laarman, van de Pol and Weber, "Parallel recursive state compression for free", SPIN
/// 2011; our tree has two levels.
class StateSpace {
 public:
    using Id = HashIndex::Id;
    static constexpr Id none = HashIndex::none;

    /// How a state was first reached: from which state, by which of its steps.
    struct Origin {
        Id parent = none;
        std::uint32_t step = 0;
    };

    /// `has_edges`: every move is kept as well, 4 bytes for each and 8 for each state.
    explicit StateSpace(bool has_edges) : has_edges_(has_edges) {}

    /// The initial state, number 0.
    void begin(const NumberedState& state) {
        for (std::size_t i = 0; i < 2; ++i) {
            base_[i] = half(state, i);
            base_numbers_[i] = halves_[i].number_of(base_[i]);
        }
        states_.number_of({base_numbers_[0], base_numbers_[1]});
        origins_.push_back({});
    }

    /// States that have an id: what waits is not counted (see settle()).
    std::size_t size() const { return origins_.size(); }

    /// Whether there is a state with this id.
    bool has(Id id) {
        if (id >= size()) settle();
        return id < size();
    }

    /// A state by its id. add() compares with the state read last.
    NumberedState read(Id id) {
        prefetch(id + read_ahead);
        const NumberPair numbers = states_[id];
        base_numbers_ = {numbers.first, numbers.second};
        for (std::size_t i = 0; i < 2; ++i) base_[i] = halves_[i][base_numbers_[i]];
        return {{base_[0].script, base_[1].script},
                {base_[0].queue, base_[1].queue},
                base_[0].shared,
                base_[1].shared};
    }

    Origin origin(Id id) const { return origins_[id]; }

    /// Adds another state, to which a step of the state read last leads.
    void add(const NumberedState& state, Origin origin) {
        Pending& next = pending_[pending_count_];
        next.origin = origin;
        next.numbers = base_numbers_;
        for (std::size_t i = 0; i < 2; ++i) {
            next.halves[i] = half(state, i);
            next.is_changed[i] = next.halves[i] != base_[i];
            if (!next.is_changed[i]) continue;
            next.hashes[i] = next.halves[i].hash();
            halves_[i].prefetch_index(next.hashes[i]);
        }
        if (++pending_count_ == pending_.size()) settle();
    }

    /// Gives what waits its ids, so that look-ups overlap.
    void settle();

    /// Whether a state may lead back to itself: none does if this is false.
    bool may_have_cycles() const { return may_have_cycles_; }

    /// Where moves of a state lead to, in the order in which they were added: edge(i) for i from
    /// first_edge(id) up to first_edge(id + 1).
    std::size_t first_edge(Id id) const {
        return id < first_edges_.size() ? first_edges_[id] : edges_.size();
    }
    Id edge(std::size_t index) const { return edges_[index]; }

    /// See snapshot.hpp. Nothing may wait.
    template <class Archive>
    void transfer(Archive& archive) {
        for (auto& table : halves_) table.transfer(archive);
        states_.transfer(archive);
        origins_.transfer(archive);
        first_edges_.transfer(archive);
        edges_.transfer(archive);
        archive(may_have_cycles_);
    }

    /// Bytes in use, without those of edges.
    std::size_t memory_bytes() const {
        return origins_.memory_bytes() + states_.memory_bytes() + halves_[0].memory_bytes() +
               halves_[1].memory_bytes();
    }
    /// What growing will take, if that is near.
    std::size_t growth_bytes() const {
        return states_.growth_bytes() + halves_[0].growth_bytes() + halves_[1].growth_bytes();
    }
    std::size_t edge_bytes() const { return edges_.memory_bytes() + first_edges_.memory_bytes(); }

 private:
    struct Half {
        Id script = 0;
        Id queue = 0;
        Id shared = 0;  ///< monitors and objects, or faults

        bool operator==(const Half&) const = default;

        std::uint64_t hash() const {
            return mix(((std::uint64_t{script} << 32U) | queue) + shared * mix_step);
        }
    };

    /// A state that was added: the numbers of its halves are known where they have not changed.
    struct Pending {
        std::array<Half, 2> halves;
        std::array<Id, 2> numbers;
        std::array<bool, 2> is_changed;
        Origin origin;
        std::array<std::uint64_t, 2> hashes;  ///< of halves that have changed
    };

    static Half half(const NumberedState& state, std::size_t index) {
        return {state.scripts[index], state.queues[index],
                index == 0 ? state.shared : state.faults};
    }

    /// Makes a read() that comes soon not wait for memory.
    void prefetch(Id id) const {
        if (id >= size()) return;
        const NumberPair numbers = states_[id];
        halves_[0].prefetch(numbers.first);
        halves_[1].prefetch(numbers.second);
    }

    void keep_edge(Id from, Id to) {
        while (first_edges_.size() <= from) first_edges_.push_back(edges_.size());
        edges_.push_back(to);
    }

    static constexpr std::size_t batch_size = 64;
    static constexpr Id read_ahead = 8;

    bool has_edges_;
    std::array<NumberTable<Half>, 2> halves_;
    NumberTable<NumberPair> states_;
    Chunked<Origin> origins_;
    Chunked<std::size_t> first_edges_;  ///< by state, up to the last one that has a move
    Chunked<Id> edges_;
    std::array<Half, 2> base_{};  ///< of the state that was read last
    std::array<Id, 2> base_numbers_{};
    std::array<Pending, batch_size> pending_;
    std::size_t pending_count_ = 0;
    bool may_have_cycles_ = false;
};

/// The steps that first led to a state of `space`, each as its choices, the last one first; put
/// behind `later`, the steps after it in that same order.
std::vector<Choices> steps_back_from(TransitionSystem& system, NumberedSystem& numbers,
                                     StateSpace& space, StateSpace::Id id,
                                     std::vector<Choices> later);

}  // namespace parley::checker
