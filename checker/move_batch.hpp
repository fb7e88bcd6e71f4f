#pragma once

#include "parley/checker/hash_index.hpp"
#include "parley/checker/numbered_system.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace parley::checker {

/// Moves of states that follow each other, on their way into a StateSpace, by one thread. The
/// moves of a state come in their order, and those of one state usually after those of the state
/// before; a claim is a move that may be the first one to its state, of which there are far fewer
/// than moves.
class alignas(64) MoveBatch {
 public:
    using Id = HashIndex::Id;
    static constexpr std::size_t moves_max = std::size_t{1} << 18U;

    /// The states whose moves these are.
    Id first_state = 0;
    Id end_state = 0;

    std::size_t move_count() const { return move_count_; }
    std::size_t move_count(Id state) const { return of_state(state).count; }
    /// Whether one of a state's moves, which are looked up, leads to a later state.
    bool leads_forwards(Id state) const { return of_state(state).leads_forwards; }

 private:
    friend class StateSpace;

    static constexpr Id none = HashIndex::none;
    /// Moves that are on their way at once: after the first half of it their slots are at hand, and
    /// after the second one what these refer to.
    static constexpr std::size_t waiting_max = 64;

    struct Waiting {
        NumberedState to;
        Id from;
        std::uint32_t tag;  ///< the hash
    };
    struct Claim {
        NumberedState to;
        Id from;              ///< none: a move of an earlier state has it
        std::uint32_t place;  ///< of its slot
    };
    struct OfState {
        std::uint32_t first = 0;  ///< in targets_
        std::uint32_t count : 31 = 0;
        bool leads_forwards : 1 = false;
    };

    void clear(std::uint32_t number, std::size_t claims_max) {
        number_ = number;
        claims_.clear();
        claims_.reserve(claims_max);
        targets_.clear();
        of_states_.assign(end_state - first_state, {});
        move_count_ = peeked_ = looked_up_ = in_order_ = dropped_ = 0;
        last_in_order_ = 0;
        has_step_back_ = false;
    }

    OfState& of_state(Id state) { return of_states_[state - first_state]; }
    const OfState& of_state(Id state) const { return of_states_[state - first_state]; }

    Waiting& waiting(std::size_t number) { return waiting_[number % waiting_max]; }
    std::size_t waiting_count() const { return move_count_ - looked_up_; }

    /// How many claims have not been dropped.
    std::size_t claim_count() const { return claims_.size() - dropped_; }

    /// Another move has what this one claimed: any thread may find out.
    void drop(std::size_t index) {
        std::atomic_ref{claims_[index].from}.store(none, std::memory_order_relaxed);
        std::atomic_ref{dropped_}.fetch_add(1, std::memory_order_relaxed);
    }
    Id claimer(std::size_t index) {
        return std::atomic_ref{claims_[index].from}.load(std::memory_order_relaxed);
    }

    /// The newest claim, of a move from `from`, is good, unless others have dropped it by now.
    void keep_claim(Id from) {
        if (in_order_ + 1 != claims_.size() || from < last_in_order_) return;
        last_in_order_ = from;
        ++in_order_;
    }

    /// Calls `visit(claim)` for each that has not been dropped, in the order of their states.
    template <class Visit>
    void for_each_claim(const Visit& visit) {
        late_.clear();
        for (std::size_t i = in_order_; i < claims_.size(); ++i) {
            if (claims_[i].from != none) late_.emplace_back(claims_[i].from, i);
        }
        std::ranges::sort(late_);
        auto late = late_.begin();
        for (std::size_t i = 0; i < in_order_; ++i) {
            const Claim& claim = claims_[i];
            if (claim.from == none) continue;
            for (; late != late_.end() && late->first < claim.from; ++late) {
                visit(claims_[late->second]);
            }
            visit(claim);
        }
        for (; late != late_.end(); ++late) visit(claims_[late->second]);
    }

    std::uint32_t number_ = 0;  ///< among those that are open
    std::size_t move_count_ = 0;
    std::size_t peeked_ = 0;     ///< of these moves, the first ones
    std::size_t looked_up_ = 0;  ///< of these
    std::size_t dropped_ = 0;
    std::size_t in_order_ = 0;  ///< claims that came in the order of their states
    Id last_in_order_ = 0;
    bool has_step_back_ = false;
    std::size_t first_new_ = 0;
    std::size_t first_edge_ = 0;
    std::vector<Claim> claims_;
    std::vector<OfState> of_states_;
    std::vector<std::uint32_t> targets_;            ///< values of slots: where moves lead to
    std::vector<std::pair<Id, std::size_t>> late_;  ///< states and places of the other claims
    std::array<Waiting, waiting_max> waiting_{};    ///< by number, in turn
};

}  // namespace parley::checker
