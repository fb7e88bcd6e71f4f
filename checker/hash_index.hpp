#pragma once

#include "parley/checker/slot_table.hpp"

#include <cstddef>
#include <cstdint>

namespace parley::checker {

/// Finds ids by the hash of what they stand for; what that is only the caller knows.
///
/// At most 2^32 - 1 ids; of the hash the lower 32 bits count.
class HashIndex {
 public:
    using Id = std::uint32_t;
    static constexpr Id none = UINT32_MAX;

    /// The id with this hash that `is_it` accepts, or else `candidate`, which is in from then on.
    template <class IsIt>
    Id find_or_insert(std::uint64_t hash, Id candidate, const IsIt& is_it) {
        if (slots_.is_too_small_for(count_ + 1)) slots_.grow();
        const auto [place, id] = find_place(hash, is_it);
        if (id != none) return id;
        slots_[place] = SlotTable::slot_of(static_cast<std::uint32_t>(hash), candidate + 1U);
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
        slots_.clear();
        count_ = 0;
    }

    /// Asks for the cache line in which find_or_insert() will look first.
    void prefetch(std::uint64_t hash) const { slots_.prefetch(static_cast<std::uint32_t>(hash)); }

    /// What growing will take, if that is near.
    std::size_t growth_bytes() const { return slots_.growth_bytes(count_); }

    std::size_t memory_bytes() const { return slots_.memory_bytes(); }

 private:
    struct Found {
        std::size_t place;
        Id id;
    };

    template <class IsIt>
    Found find_place(std::uint64_t hash, const IsIt& is_it) const {
        const auto tag = static_cast<std::uint32_t>(hash);
        for (std::size_t place = slots_.home_of(tag);; place = slots_.place_after(place)) {
            const std::uint64_t slot = slots_[place];
            if (slot == 0) return {place, none};
            const Id id = SlotTable::value_of(slot) - 1U;
            if (SlotTable::tag_of(slot) == tag && is_it(id)) return {place, id};
        }
    }

    SlotTable slots_;
    std::size_t count_ = 0;
};

}  // namespace parley::checker
