#pragma once

#include "parley/checker/hash_index.hpp"
#include "parley/checker/mix.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

namespace parley::rc11 {

/// At most the highest number that there is.
inline std::uint64_t saturated_sum(std::uint64_t a, std::uint64_t b) {
    std::uint64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/// Executions, or how many go on from somewhere; at most the highest number that there is.
struct Tally {
    std::uint64_t complete = 0;
    std::uint64_t blocked = 0;

    void add(const Tally& more) {
        complete = saturated_sum(complete, more.complete);
        blocked = saturated_sum(blocked, more.blocked);
    }
    std::uint64_t sum() const { return saturated_sum(complete, blocked); }
};

/// States that a search has come to, and what follows from those that it has looked at.
///
/// Of a state it keeps 128 bits, by which of n states two are taken for one with a probability
/// below n²/2^129: of a hundred million one in 10^22 (hash compaction: Wolper and Leroy, "Reliable
/// hashing without collision detection", CAV 1993; Stern and Dill, "Improved probabilistic
/// verification by hash compaction", CHARME 1995). Some 50 bytes a state, and no more states than
/// `states_max`: others are new each time.
class StateTallies {
 public:
    using Id = checker::HashIndex::Id;
    static constexpr std::size_t states_max = std::size_t{1} << 24U;

    explicit StateTallies(std::size_t most = states_max) : most_(most) {}

    struct Found {
        std::optional<Id> id;  ///< none: it is not kept
        bool is_new = false;
    };
    Found find(std::span<const std::byte> state) {
        const Print print = print_of(state);
        const auto is_it = [&](Id id) { return prints_[id] == print; };
        if (prints_.size() == most_) {
            const Id id = index_.find(print.first, is_it);
            return id == checker::HashIndex::none ? Found{} : Found{id};
        }
        const auto candidate = static_cast<Id>(prints_.size());
        const Id id = index_.find_or_insert(print.first, candidate, is_it);
        if (id != candidate) return {id};
        prints_.push_back(print);
        tallies_.emplace_back();
        is_known_.push_back(false);
        return {id, true};
    }

    /// What follows from a state; null: that is not known yet.
    const Tally* tally(Id id) const { return is_known_[id] ? &tallies_[id] : nullptr; }
    void set(Id id, const Tally& tally) {
        tallies_[id] = tally;
        is_known_[id] = true;
    }

    std::size_t size() const { return prints_.size(); }

 private:
    struct Print {
        std::uint64_t first = checker::mix_step;
        std::uint64_t second = 0;

        bool operator==(const Print&) const = default;
    };

    /// Two chains that have nothing in common but the words; the last one has the length.
    static Print print_of(std::span<const std::byte> state) {
        Print print;
        const auto take = [&](std::uint64_t word) {
            print.first = checker::mix(print.first ^ word);
            print.second = checker::mix(print.second * checker::mix_step + word);
        };
        std::uint64_t word = 0;
        std::size_t begin = 0;
        for (; begin + sizeof(word) <= state.size(); begin += sizeof(word)) {
            std::memcpy(&word, state.data() + begin, sizeof(word));
            take(word);
        }
        word = 0;
        std::memcpy(&word, state.data() + begin, state.size() - begin);
        take(word);
        take(state.size());
        return print;
    }

    std::size_t most_;
    checker::HashIndex index_;
    std::vector<Print> prints_;
    std::vector<Tally> tallies_;
    std::vector<bool> is_known_;
};

}  // namespace parley::rc11
