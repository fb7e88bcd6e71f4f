#pragma once

#include "parley/checker/large_pages.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

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

    HashIndex() : slots_(size_min, empty) {}

    /// The id with this hash that `is_it` accepts, or else `candidate`, which is in from then on.
    template <class IsIt>
    Id find_or_insert(std::uint64_t hash, Id candidate, const IsIt& is_it) {
        if ((count_ + 1) * 4 > slots_.size() * 3) grow();
        const auto tag = static_cast<std::uint32_t>(hash);
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t place = tag & mask;; place = (place + 1) & mask) {
            const Slot slot = slots_[place];
            if (slot == empty) {
                slots_[place] = {tag, candidate};
                ++count_;
                return candidate;
            }
            if (slot.tag == tag && is_it(slot.id)) return slot.id;
        }
    }

    /// Asks for the cache line in which find_or_insert() will look first.
    void prefetch(std::uint64_t hash) const {
        __builtin_prefetch(&slots_[static_cast<std::uint32_t>(hash) & (slots_.size() - 1)], 1);
    }

    /// The id that find_or_insert() asks about first, if it is in the first slot it looks at.
    Id first_candidate(std::uint64_t hash) const {
        const auto tag = static_cast<std::uint32_t>(hash);
        const Slot slot = slots_[tag & (slots_.size() - 1)];
        return slot.tag == tag ? slot.id : none;
    }

    /// What growing will take, if that is near.
    std::size_t growth_bytes() const {
        return count_ * 16 >= slots_.size() * 11 ? 2 * memory_bytes() : 0;
    }

    std::size_t memory_bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
    struct Slot {
        std::uint32_t tag;
        Id id;

        bool operator==(const Slot&) const = default;
    };

    static constexpr std::size_t size_min = 64;
    static constexpr Slot empty{0, none};

    void grow() {
        std::vector<Slot, LargePages<Slot>> old(slots_.size() * 2, empty);
        old.swap(slots_);
        const std::size_t mask = slots_.size() - 1;
        for (const Slot& slot : old) {
            if (slot == empty) continue;
            std::size_t place = slot.tag & mask;
            while (slots_[place] != empty) place = (place + 1) & mask;
            slots_[place] = slot;
        }
    }

    std::vector<Slot, LargePages<Slot>> slots_;
    std::size_t count_ = 0;
};

}  // namespace parley::checker
