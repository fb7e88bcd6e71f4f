#pragma once

#include "parley/checker/large_pages.hpp"
#include "parley/checker/mix.hpp"
#include "parley/checker/numbered_system.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parley::checker {

/// What one thread knows of the steps of parties: it need ask the NumberedSystem again only for
/// what others have displaced.
///
/// The steps of a party, and what becomes of its half of the state, depend on that half, on what
/// both share and on the head of its inbox. There are far fewer of these than states. Both tables
/// have one place for each hash; they grow while much is displaced, up to 8 MiB.
class MoveCache {
 public:
    using Id = HashIndex::Id;

    explicit MoveCache(NumberedSystem& numbers) : numbers_(numbers) {}

    /// The steps of a party, valid until it is looked for again.
    struct Moves {
        std::span<const PartyMove> moves;
        std::uint32_t entry = 0;
        bool is_failing = false;
        bool is_persistent = false;
    };

    /// Asks for the memory in which find() will look.
    void prefetch(const NumberedState& state) const {
        for (std::size_t i = 0; i < 2; ++i) {
            __builtin_prefetch(&lines_[i][place_of(key_of(i, state), lines_[i].size())]);
        }
    }

    /// False: they are not known, and may not be taken now (`may_take`).
    bool find(model::Party party, const NumberedState& state, bool may_take, Moves& moves) {
        const std::size_t own = index_of(party);
        const Key key = key_of(own, state);
        const Line& line = lines_[own][place_of(key, lines_[own].size())];
        if (line.key == key) {
            moves = {{line.moves.data(), line.count},
                     line.entry,
                     line.is_failing != 0,
                     line.is_persistent != 0};
            return true;
        }
        return ask(party, state, key, may_take, moves);
    }

    /// The state after a step.
    NumberedState after(model::Party party, const NumberedState& from, const PartyMove& move) {
        const std::size_t own = index_of(party);
        NumberedState to = from;
        to.halves[own] = move.own;
        const bool is_shared_changed =
            own == 1 && move.shared != numbers_.half(0, from.halves[0]).shared;
        Id& other = to.halves[1 - own];
        if (is_shared_changed) {
            other = other_after(other, move);
        } else if (move.is_received != 0) {
            other = numbers_.popped(1 - own, other);
        }
        return to;
    }

    /// Forgets what the system has forgotten.
    void refresh() {
        if (generation_ == numbers_.generation()) return;
        generation_ = numbers_.generation();
        for (Lines& lines : lines_) lines.assign(lines.size(), {});
    }

    std::size_t memory_bytes() const {
        return (lines_[0].size() + lines_[1].size()) * sizeof(Line) +
               others_.size() * sizeof(Other);
    }

 private:
    static constexpr std::size_t moves_max = 6;
    static constexpr std::size_t size_min = std::size_t{1} << 8U;
    static constexpr std::size_t size_max = std::size_t{1} << 17U;

    struct Key {
        Id half = HashIndex::none;
        std::uint32_t shared = 0;
        std::uint32_t head = 0;

        bool operator==(const Key&) const = default;
    };
    struct alignas(64) Line {
        Key key;
        std::uint32_t entry : 26 = 0;
        std::uint32_t count : 4 = 0;
        std::uint32_t is_failing : 1 = 0;
        std::uint32_t is_persistent : 1 = 0;
        std::array<PartyMove, moves_max> moves{};
    };
    struct Other {
        Id half = HashIndex::none;
        std::uint32_t change = 0;
        Id to = 0;
    };

    Key key_of(std::size_t party, const NumberedState& state) const {
        return {state.halves[party], numbers_.half(0, state.halves[0]).shared,
                numbers_.half(1 - party, state.halves[1 - party]).head};
    }
    static std::size_t place_of(const Key& key, std::size_t size) {
        return mix(((std::uint64_t{key.half} << 32U) | key.shared) + key.head * mix_step) &
               (size - 1);
    }

    bool ask(model::Party party, const NumberedState& state, const Key& key, bool may_take,
             Moves& moves) {
        PartyMoves& asked = asked_[index_of(party)];
        if (may_take) {
            numbers_.list_moves(party, state, asked);
        } else if (!numbers_.find_moves(party, state, asked)) {
            return false;
        }
        moves = {asked.moves, asked.entry, asked.is_failing, asked.is_persistent};
        if (asked.moves.size() <= moves_max) keep(index_of(party), key);
        return true;
    }

    void keep(std::size_t party, const Key& key) {
        constexpr std::size_t fills_per_line = 2;
        Lines& lines = lines_[party];
        if (++fills_[party] > fills_per_line * lines.size() && lines.size() < size_max) {
            fills_[party] = 0;
            lines.assign(lines.size() * 4, {});
            others_.assign(std::max(others_.size(), lines.size()), {});
        }
        const PartyMoves& asked = asked_[party];
        Line& line = lines[place_of(key, lines.size())];
        line.key = key;
        line.entry = asked.entry & ((1U << 26U) - 1);
        line.count = asked.moves.size() & 0xfU;
        line.is_failing = asked.is_failing ? 1 : 0;
        line.is_persistent = asked.is_persistent ? 1 : 0;
        std::ranges::copy(asked.moves, line.moves.begin());
    }

    /// What becomes of the left half when the right party changes what both share.
    Id other_after(Id half, const PartyMove& move) {
        const std::uint32_t change = (std::uint32_t{move.shared} << 1U) | move.is_received;
        const std::uint64_t hash = mix((std::uint64_t{half} << 32U) | change);
        Other& other = others_[hash & (others_.size() - 1)];
        if (other.half != half || other.change != change) {
            other = {half, change, numbers_.other_after(model::Party::right, half, move)};
        }
        return other.to;
    }

    using Lines = std::vector<Line, LargePages<Line>>;

    NumberedSystem& numbers_;
    std::array<Lines, 2> lines_{Lines(size_min), Lines(size_min)};  ///< by party
    std::array<std::size_t, 2> fills_{};  ///< since its lines have become so many
    std::vector<Other> others_ = std::vector<Other>(size_min);
    std::size_t generation_ = 0;
    std::array<PartyMoves, 2> asked_;
};

}  // namespace parley::checker
