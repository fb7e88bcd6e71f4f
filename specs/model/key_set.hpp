#pragma once

#include <cstdint>

namespace parley::specs::model {

/// A set of small numbers that come and go; numbers are taken modulo 32, so no two that are 32
/// apart may be in it at once.
struct KeySet {
    std::uint32_t bits = 0;

    bool operator==(const KeySet&) const = default;

    static constexpr std::uint32_t bit(unsigned key) { return std::uint32_t{1} << (key % 32); }

    constexpr bool has(unsigned key) const { return (bits & bit(key)) != 0; }
    constexpr void add(unsigned key) { bits |= bit(key); }
    constexpr void remove(unsigned key) { bits &= ~bit(key); }
    constexpr bool is_empty() const { return bits == 0; }
};

}  // namespace parley::specs::model
