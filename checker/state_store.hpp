#pragma once

#include "parley/checker/chunked.hpp"
#include "parley/checker/dictionary.hpp"
#include "parley/checker/number_table.hpp"
#include "parley/checker/transition_system.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace parley::checker {

/// All states that a search has seen, each once and exactly (no hash compaction), with the step
/// that first led to it. Ids count from 0 in the order of insertion.
///
/// Most steps change a few parts of a state, and each part has few values. So each value of a part
/// is kept once and known by its number, and a tree of pairs of numbers, each kept once as well,
/// makes a state of them: 8 bytes for the pair at its root, and what it shares with others. What a
/// state has in common with the one that was read last is not looked up again. What has been added
/// waits until there is a batch of it: then one look-up need not wait for the memory of another.
///
/// Source: Laarman, van de Pol and Weber, "Parallel recursive state compression for free", SPIN
/// 2011; the values of parts are Spin's COLLAPSE (Holzmann, "State compression in Spin", 1997).
class StateStore {
 public:
    using Id = HashIndex::Id;
    static constexpr Id none = HashIndex::none;

    /// How a state was first reached: from which state, by which of its steps.
    struct Origin {
        Id parent = none;
        std::uint32_t step = 0;
    };

    /// States that have an id: what waits is not counted (see settle()).
    std::size_t size() const { return origins_.size(); }

    /// Whether there is a state with this id.
    bool has(Id id) {
        if (id >= size()) settle();
        return id < size();
    }

    /// Bytes in use.
    std::size_t memory_bytes() const {
        std::size_t bytes = origins_.memory_bytes();
        for (const Dictionary& part : parts_) bytes += part.memory_bytes();
        for (const auto& pairs : pairs_) bytes += pairs.memory_bytes();
        return bytes;
    }

    /// The id of a state, which gets one if it has none. All states have as many parts as the
    /// first.
    Id number_of(State state) {
        if (parts_.empty()) plan(state.size());
        settle();
        Pending one;
        compare(state, one);
        for (std::size_t i = 0; i < nodes_.size(); ++i) look_up(i, one);
        if (one.numbers[root()] == size()) origins_.push_back({});
        return one.numbers[root()];
    }

    /// A state by its id, valid until the next call. add() compares with the state read last.
    State operator[](Id id) {
        has_base_ = true;
        base_[root()] = id;
        for (std::size_t i = nodes_.size(); i-- > 0;) {
            const NumberPair& pair = pairs_[i][base_[parts_.size() + i]];
            base_[nodes_[i].first] = pair.first;
            base_[nodes_[i].second] = pair.second;
        }
        for (std::size_t i = 0; i < parts_.size(); ++i) state_[i] = parts_[i][base_[i]];
        return {state_.data(), parts_.size()};
    }

    Origin origin(Id id) const { return origins_[id]; }

    /// Adds a state that a step of the state read last leads to. False: it is that state.
    bool add(State state, Origin origin) {
        Pending& next = pending_[pending_count_];
        compare(state, next);
        if (next.changed == 0) return false;
        next.origin = origin;
        if (++pending_count_ == pending_.size()) settle();
        return true;
    }

    /// Gives what waits its ids, node by node, so that the look-ups of a node overlap.
    void settle() {
        const std::span<Pending> batch{pending_.data(), std::exchange(pending_count_, 0)};
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            for (const Pending& each : batch) {
                if (each.is_changed(parts_.size() + i))
                    pairs_[i].prefetch_index(pair_at(i, each).hash());
            }
            for (Pending& each : batch) look_up(i, each);
        }
        for (const Pending& each : batch) {
            const Id id = each.numbers[root()];
            if (id == size()) origins_.push_back(each.origin);
        }
    }

 private:
    /// A state that was added: the numbers of its parts and nodes, those of the nodes that have
    /// changed still being those of the state it came from.
    struct Pending {
        std::array<Id, 2 * State::parts_max> numbers;
        std::uint32_t changed;  ///< by part and node, a bit
        Origin origin;

        bool is_changed(std::size_t place) const { return ((changed >> place) & 1U) != 0; }
    };

    /// Fills in what a state has in common with the one that was read last, and what it has not.
    void compare(State state, Pending& next) {
        next.changed = 0;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            next.numbers[i] = base_[i];
            if (has_base_ && are_same(state[i], parts_[i][base_[i]])) continue;
            next.numbers[i] = parts_[i].number_of(state[i]);
            next.changed |= 1U << i;
        }
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            const std::size_t place = parts_.size() + i;
            next.numbers[place] = base_[place];
            const bool is_changed =
                next.is_changed(nodes_[i].first) || next.is_changed(nodes_[i].second);
            next.changed |= (is_changed ? 1U : 0U) << place;
        }
    }

    NumberPair pair_at(std::size_t node, const Pending& state) const {
        return {state.numbers[nodes_[node].first], state.numbers[nodes_[node].second]};
    }

    void look_up(std::size_t node, Pending& state) {
        const std::size_t place = parts_.size() + node;
        if (!state.is_changed(place)) return;
        state.numbers[place] = pairs_[node].number_of(pair_at(node, state));
    }

    std::size_t root() const { return parts_.size() + nodes_.size() - 1; }

    /// A tree over the parts: node number i joins two of the parts and of the nodes before it,
    /// which are numbered on after the parts.
    void plan(std::size_t part_count) {
        parts_.resize(part_count);
        std::vector<std::size_t> level(part_count);
        std::iota(level.begin(), level.end(), std::size_t{0});
        // A state of one part is a pair with itself.
        if (part_count == 1) level.push_back(0);
        while (level.size() > 1) {
            std::vector<std::size_t> next;
            for (std::size_t i = 0; i + 1 < level.size(); i += 2) {
                next.push_back(part_count + nodes_.size());
                nodes_.emplace_back(level[i], level[i + 1]);
            }
            if (level.size() % 2 == 1) next.push_back(level.back());
            level = std::move(next);
        }
        pairs_.resize(nodes_.size());
        base_.resize(part_count + nodes_.size());
    }

    static constexpr std::size_t batch_size = 32;

    std::vector<Dictionary> parts_;
    std::vector<std::pair<std::size_t, std::size_t>> nodes_;
    std::vector<NumberTable<NumberPair>> pairs_;  ///< by node
    Chunked<Origin> origins_;
    std::vector<Id> base_;  ///< of the state that was read last: its parts, then its nodes
    std::array<State::Part, State::parts_max> state_;  ///< its parts
    std::array<Pending, batch_size> pending_;
    std::size_t pending_count_ = 0;
    bool has_base_ = false;  ///< a state has been read
};

/// The steps that first led to a state of `store`, each as its choices.
std::vector<Choices> steps_to(TransitionSystem& system, StateStore& store, StateStore::Id id);

}  // namespace parley::checker
