#pragma once

#include "parley/checker/zeroed_array.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace parley::checker {

/// Finds ids by the hash of what they stand for; what that is only the caller knows. Open
/// addressing with linear probing; a slot holds an id and 32 bits of hash, so that what is not
/// there is known from one cache line, and growing needs no keys.
///
/// At most 2^32 - 1 ids; of the hash the lower 32 bits count.
class HashIndex {
 public:
    using Id = std::uint32_t;
    static constexpr Id none = UINT32_MAX;

    /// The id with this hash that `is_it` accepts, or else `candidate`, which is in from then on.
    template <class IsIt>
    Id find_or_insert(std::uint64_t hash, Id candidate, const IsIt& is_it) {
        if ((count_ + 1) * 4 > slots_.size() * 3) grow();
        const auto [place, id] = find_place(hash, is_it);
        if (id != none) return id;
        slots_[place] = slot_of(static_cast<std::uint32_t>(hash), candidate);
        ++count_;
        return candidate;
    }

    /// The id with this hash that `is_it` accepts, or none.
    template <class IsIt>
    Id find(std::uint64_t hash, const IsIt& is_it) const {
        return find_place(hash, is_it).id;
    }

    /// Forgets all ids, and keeps the slots.
    void clear() {
        std::fill_n(slots_.data(), slots_.size(), empty);
        count_ = 0;
    }

    /// Asks for the cache line in which find_or_insert() will look first.
    void prefetch(std::uint64_t hash) const {
        __builtin_prefetch(&slots_[static_cast<std::uint32_t>(hash) & (slots_.size() - 1)], 1);
    }

    /// What growing will take, if that is near.
    std::size_t growth_bytes() const {
        return count_ * 16 >= slots_.size() * 11 ? 2 * memory_bytes() : 0;
    }

    std::size_t memory_bytes() const { return slots_.memory_bytes(); }

 private:
    struct Found {
        std::size_t place;
        Id id;
    };

    static constexpr std::size_t size_min = 64;
    static constexpr std::uint64_t empty = 0;

    static std::uint64_t slot_of(std::uint32_t tag, Id id) {
        return (std::uint64_t{tag} << 32U) | (id + 1U);
    }
    static std::uint32_t tag_of(std::uint64_t slot) {
        return static_cast<std::uint32_t>(slot >> 32U);
    }
    static Id id_of(std::uint64_t slot) { return static_cast<Id>(slot) - 1U; }

    template <class IsIt>
    Found find_place(std::uint64_t hash, const IsIt& is_it) const {
        const auto tag = static_cast<std::uint32_t>(hash);
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t place = tag & mask;; place = (place + 1) & mask) {
            const std::uint64_t slot = slots_[place];
            if (slot == empty) return {place, none};
            if (tag_of(slot) == tag && is_it(id_of(slot))) return {place, id_of(slot)};
        }
    }

    void grow() {
        ZeroedArray<std::uint64_t> old{slots_.size() * 2};
        std::swap(old, slots_);
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t i = 0; i < old.size(); ++i) {
            if (old[i] == empty) continue;
            std::size_t place = tag_of(old[i]) & mask;
            while (slots_[place] != empty) place = (place + 1) & mask;
            slots_[place] = old[i];
        }
    }

    ZeroedArray<std::uint64_t> slots_{size_min};
    std::size_t count_ = 0;
};

}  // namespace parley::checker
