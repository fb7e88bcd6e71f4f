#pragma once

#include "parley/checker/thread_team.hpp"
#include "parley/checker/zeroed_array.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace parley::checker {

/// The slots of a hash table with open addressing and linear probing. A slot is 0, for nothing, or
/// 32 bits of hash, its tag, and a value, which is not 0: what is not there is known from one cache
/// line, and growing needs no keys.
///
/// A tag is looked for first at its home, which rises with it: so that slots grow in place, and by
/// three eighths, which leaves less of them empty than doubling.
class SlotTable {
 public:
    static std::uint32_t tag_of(std::uint64_t slot) {
        return static_cast<std::uint32_t>(slot >> 32U);
    }
    static std::uint32_t value_of(std::uint64_t slot) { return static_cast<std::uint32_t>(slot); }
    static std::uint64_t slot_of(std::uint32_t tag, std::uint32_t value) {
        return (std::uint64_t{tag} << 32U) | value;
    }

    std::size_t size() const { return slots_.size(); }
    std::uint64_t& operator[](std::size_t place) const { return slots_[place]; }

    std::size_t home_of(std::uint32_t tag) const {
        return static_cast<std::size_t>((std::uint64_t{tag} * slots_.size()) >> 32U);
    }
    std::size_t place_after(std::size_t place) const {
        return ++place == slots_.size() ? 0 : place;
    }
    /// Asks for the cache line in which a tag is looked for first.
    void prefetch(std::uint32_t tag) const { __builtin_prefetch(&slots_[home_of(tag)], 1); }

    /// Whether so many are too many for quick look-ups.
    bool is_too_small_for(std::size_t count) const { return count * 4 > slots_.size() * 3; }

    /// Moves what is there to where it belongs among three eighths more slots: the last ones first,
    /// so many at a time that all of them belong behind those that have not been moved yet. Then
    /// each thread has a piece of them for itself (`team`, or null).
    void grow(ThreadTeam* team = nullptr) {
        std::size_t end = slots_.size();
        slots_.grow_to(moved(end));
        const std::size_t threads = team != nullptr && end >= shared_min ? team->size() : 1;
        std::vector<std::vector<std::uint64_t>> left_over(threads);
        while (end >= moved_min) {
            std::size_t begin = end / 11 * 8;
            while (moved(begin) < end) ++begin;
            const std::size_t each = (end - begin) / threads + 1;
            const auto move_piece = [&](std::size_t thread) {
                const std::size_t first = std::min(begin + thread * each, end);
                move(first, std::min(first + each, end), left_over[thread]);
            };
            if (threads == 1) move_piece(0);
            if (threads > 1) team->run(move_piece);
            end = begin;
        }
        move(0, end, left_over[0]);
        for (const auto& slots : left_over) {
            for (const std::uint64_t slot : slots) {
                std::size_t place = home_of(tag_of(slot));
                while (slots_[place] != 0) place = place_after(place);
                slots_[place] = slot;
            }
        }
    }

    /// Empties all slots.
    void clear() { std::fill_n(slots_.data(), slots_.size(), 0); }

    std::size_t memory_bytes() const { return slots_.memory_bytes(); }
    /// What growing will take, if that is near.
    std::size_t growth_bytes(std::size_t count) const {
        return count * 16 >= slots_.size() * 11 ? moved(memory_bytes()) - memory_bytes() : 0;
    }

 private:
    static constexpr std::size_t size_min = 64;

    static constexpr std::size_t moved_min = 64;
    static constexpr std::size_t shared_min = std::size_t{1} << 16U;

    /// Where most of what is in a slot belongs after growing.
    static std::size_t moved(std::size_t place) { return place + place / 8 * 3; }

    /// Moves what is in some slots, and adds to `left_over` what does not belong where most of it
    /// does, or finds no room there.
    void move(std::size_t begin, std::size_t end, std::vector<std::uint64_t>& left_over) {
        const bool is_behind = moved(begin) >= end;
        for (std::size_t i = begin; i < end; ++i) {
            const std::uint64_t slot = std::exchange(slots_[i], 0);
            if (slot == 0) continue;
            std::size_t place = home_of(tag_of(slot));
            if (!is_behind || place < moved(begin)) place = moved(end);
            while (place < moved(end) && slots_[place] != 0) ++place;
            if (place < moved(end)) {
                slots_[place] = slot;
            } else {
                left_over.push_back(slot);
            }
        }
    }

    ZeroedArray<std::uint64_t> slots_{size_min};
};

}  // namespace parley::checker
