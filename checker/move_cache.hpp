#pragma once

#include "parley/checker/large_pages.hpp"
#include "parley/checker/numbered_system.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parley::checker {

/// What one thread knows of the steps of parties and the contents of queues: it need ask the
/// NumberedSystem again only for what others have displaced. There are far fewer of both than
/// states. A table has one place for each hash, and grows while much is displaced.
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
        PartyRest rest = PartyRest::open;
    };

    /// Makes find() for a state that comes soon not wait for memory. `id`: a number that no other
    /// state has.
    void look_ahead(Id id, const NumberedState& state) {
        Ahead& ahead = ahead_[id % ahead_max];
        ahead.id = id;
        for (const model::Party party : {model::Party::left, model::Party::right}) {
            const std::size_t own = model::index_of(party);
            const Key key = numbers_.key_of(party, state);
            const Words words = LocalSteps::with_large_room(key).words();
            const std::uint64_t hash = Key::hash_of(words);
            ahead.asked[own] = {words, hash, key.room};
            __builtin_prefetch(&lines_[own][hash & (lines_[own].size() - 1)]);
            __builtin_prefetch(&longer_[own][place_of_longer(own, state.queue(own))]);
        }
    }

    /// False: they are not known, and may not be taken now (`may_take`).
    bool find(model::Party party, Id id, const NumberedState& state, bool may_take, Moves& moves) {
        if (ahead_[id % ahead_max].id != id) look_ahead(id, state);
        const std::size_t own = model::index_of(party);
        const Asked& asked = ahead_[id % ahead_max].asked[own];
        const Line* line = &lines_[own][asked.hash & (lines_[own].size() - 1)];
        if (line->words != asked.words) return ask(numbers_.key_of(party, state), may_take, moves);
        if (line->is_room_bound != 0 && asked.room >= LocalSteps::large_room) {
            const Key key = numbers_.key_of(party, state);
            line = find_line(LocalSteps::with_exact_room(key));
            if (line == nullptr) return ask(key, may_take, moves);
        }
        moves = {{line->moves.data(), line->count},
                 line->entry,
                 line->is_failing != 0,
                 line->is_persistent != 0,
                 static_cast<PartyRest>(line->rest)};
        return true;
    }

    /// The state after a step.
    NumberedState after(model::Party party, const NumberedState& from, const PartyMove& move) {
        const std::size_t own = index_of(party);
        NumberedState to = from;
        to.set_script(own, move.script);
        to.set_shared(move.shared);
        if (move.sent != QueueTable::empty) {
            to.set_queue(own, append(own, from.queue(own), move.sent));
        }
        if (move.is_received != 0) {
            to.set_queue(1 - own, numbers_.rest(1 - own, from.queue(1 - own)));
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
               (longer_[0].size() + longer_[1].size()) * sizeof(Longer);
    }

 private:
    using Key = LocalSteps::Key;
    using Words = std::array<std::uint64_t, 2>;

    /// More than states are looked at ahead.
    static constexpr std::size_t ahead_max = 16;
    static constexpr std::size_t moves_max = 8;
    static constexpr std::size_t size_min = std::size_t{1} << 8U;
    static constexpr std::size_t lines_max = std::size_t{1} << 13U;
    static constexpr std::size_t longer_max = std::size_t{1} << 14U;
    static constexpr std::size_t fills_per_place = 2;

    /// A key for which find() looks: that of a large room.
    struct Asked {
        Words words{};
        std::uint64_t hash = 0;
        std::uint32_t room = 0;  ///< the true one
    };
    struct Ahead {
        Id id = HashIndex::none;
        std::array<Asked, 2> asked{};  ///< by party
    };

    /// A key and what numbers_ knows of it; no key has these words.
    struct alignas(64) Line {
        Words words{UINT64_MAX, UINT64_MAX};
        std::uint32_t entry : 23 = 0;
        std::uint32_t count : 4 = 0;
        std::uint32_t is_failing : 1 = 0;
        std::uint32_t is_persistent : 1 = 0;
        std::uint32_t is_room_bound : 1 = 0;
        std::uint32_t rest : 2 = 0;
        std::array<PartyMove, moves_max> moves{};
    };
    /// A queue with more behind it: what it becomes.
    struct alignas(64) Longer {
        struct Behind {
            Id more = QueueTable::empty;
            Id to = 0;
        };
        Id queue = HashIndex::none;
        std::array<Behind, 7> behind{};
    };
    using Lines = std::vector<Line, LargePages<Line>>;
    using LongerOnes = std::vector<Longer, LargePages<Longer>>;

    std::size_t place_of_longer(std::size_t sender, Id queue) const {
        return queue & (longer_[sender].size() - 1);
    }

    const Line* find_line(const Key& key) const {
        const Lines& lines = lines_[index_of(key.party)];
        const Line& line = lines[key.hash() & (lines.size() - 1)];
        return line.words == key.words() ? &line : nullptr;
    }

    bool ask(const Key& key, bool may_take, Moves& moves) {
        PartyMoves& asked = asked_[index_of(key.party)];
        if (may_take) {
            numbers_.list_moves(key, asked);
        } else if (!numbers_.find_moves(key, asked)) {
            return false;
        }
        moves = {asked.moves, asked.entry, asked.is_failing, asked.is_persistent, asked.rest};
        if (asked.moves.size() > moves_max) return true;
        const Key large = LocalSteps::with_large_room(key);
        keep(large, asked);
        if (asked.is_room_bound && key.room >= LocalSteps::large_room) {
            keep(LocalSteps::with_exact_room(key), asked);
        }
        return true;
    }

    /// Of a key with a large room only that it is room-bound will be looked at, if it is.
    void keep(const Key& key, const PartyMoves& asked) {
        Lines& lines = lines_[index_of(key.party)];
        if (is_crowded(fills_[index_of(key.party)], lines.size(), lines_max)) {
            lines.assign(lines.size() * 2, {});
        }
        Line& line = lines[key.hash() & (lines.size() - 1)];
        line.words = key.words();
        line.entry = asked.entry & ((1U << 23U) - 1);
        line.count = asked.moves.size() & 0xfU;
        line.is_failing = asked.is_failing ? 1 : 0;
        line.is_persistent = asked.is_persistent ? 1 : 0;
        line.is_room_bound = asked.is_room_bound ? 1 : 0;
        line.rest = static_cast<std::uint32_t>(asked.rest) & 3U;
        std::ranges::copy(asked.moves, line.moves.begin());
    }

    Id append(std::size_t sender, Id queue, Id more) {
        const Longer& longer = longer_[sender][place_of_longer(sender, queue)];
        const auto& behind = longer.behind[more % longer.behind.size()];
        if (longer.queue == queue && behind.more == more) return behind.to;
        return keep_longer(sender, queue, more, numbers_.append(sender, queue, more));
    }
    Id keep_longer(std::size_t sender, Id queue, Id more, Id to) {
        LongerOnes& longer = longer_[sender];
        Longer* place = &longer[place_of_longer(sender, queue)];
        if (place->queue != queue) {
            if (is_crowded(appends_[sender], longer.size(), longer_max)) {
                longer.assign(longer.size() * 2, {});
                place = &longer[place_of_longer(sender, queue)];
            }
            *place = {.queue = queue};
        }
        place->behind[more % place->behind.size()] = {more, to};
        return to;
    }

    /// Whether a table that is filled once more should become larger first.
    static bool is_crowded(std::size_t& fills, std::size_t size, std::size_t size_max) {
        if (++fills <= fills_per_place * size || size >= size_max) return false;
        fills = 0;
        return true;
    }

    NumberedSystem& numbers_;
    std::array<Lines, 2> lines_{Lines(size_min), Lines(size_min)};  ///< by party
    std::array<std::size_t, 2> fills_{};  ///< since its lines have become so many
    std::array<LongerOnes, 2> longer_{LongerOnes(size_min), LongerOnes(size_min)};  ///< by sender
    std::array<std::size_t, 2> appends_{};
    std::size_t generation_ = 0;
    std::array<Ahead, ahead_max> ahead_;  ///< by number of a state
    std::array<PartyMoves, 2> asked_;
};

}  // namespace parley::checker
