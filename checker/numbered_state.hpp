#pragma once

#include "parley/checker/hash_index.hpp"
#include "parley/checker/mix.hpp"
#include "parley/checker/number_table.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace parley::checker {

/// A state as the numbers of its parts, in 16 bytes: each party's half has its script, the content
/// of the queue that it fills, and half of the number of what both share.
struct NumberedState {
    using Id = HashIndex::Id;

    static constexpr std::uint32_t part_bits = 25;
    static constexpr std::uint32_t shared_bits = 2 * (64 - 2 * part_bits);

    std::array<std::uint64_t, 2> halves{};

    Id script(std::size_t party) const { return static_cast<Id>(halves[party]) & part_mask; }
    Id queue(std::size_t sender) const {
        return static_cast<Id>(halves[sender] >> part_bits) & part_mask;
    }
    Id shared() const {
        return static_cast<Id>((halves[0] >> (2 * part_bits)) |
                               (halves[1] >> (2 * part_bits) << (shared_bits / 2)));
    }

    void set_script(std::size_t party, Id script) {
        halves[party] = (halves[party] & ~std::uint64_t{part_mask}) | script;
    }
    void set_queue(std::size_t sender, Id queue) {
        halves[sender] = (halves[sender] & ~(std::uint64_t{part_mask} << part_bits)) |
                         (std::uint64_t{queue} << part_bits);
    }
    void set_shared(Id shared) {
        constexpr std::uint32_t low_mask = (1U << (shared_bits / 2)) - 1;
        constexpr std::uint64_t parts_mask = (std::uint64_t{1} << (2 * part_bits)) - 1;
        halves[0] = (halves[0] & parts_mask) | (std::uint64_t{shared & low_mask} << 2 * part_bits);
        halves[1] = (halves[1] & parts_mask) |
                    (std::uint64_t{shared >> (shared_bits / 2)} << 2 * part_bits);
    }

    bool operator==(const NumberedState&) const = default;

    std::uint64_t hash() const { return mix(halves[0] ^ std::rotl(halves[1] * mix_step, 32)); }

 private:
    static constexpr Id part_mask = (Id{1} << part_bits) - 1;
};

/// What both parties share: the numbers of monitors and objects, and how often the transport has
/// failed.
struct SharedState {
    HashIndex::Id monitors = 0;
    NumberPair heap;
    std::uint16_t heap_size = 0;  ///< bytes: see ByteForest
    std::uint16_t faults = 0;

    bool operator==(const SharedState&) const = default;

    std::uint64_t hash() const {
        const std::uint64_t rest = (std::uint64_t{heap_size} << 16U) | faults;
        return mix(((rest << 32U) | monitors) * mix_step + heap.hash());
    }
};

}  // namespace parley::checker
