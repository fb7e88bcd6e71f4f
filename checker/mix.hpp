#pragma once

#include <cstdint>

namespace parley::checker {

/// Spreads the bits of a number over all of it, one to one: neighbours have nothing in common
/// afterwards (the last step of SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", OOPSLA 2014).
constexpr std::uint64_t mix(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebU;
    return bits ^ (bits >> 31U);
}

/// What SplitMix64 adds from number to number: 2^64 divided by the golden ratio, odd.
inline constexpr std::uint64_t mix_step = 0x9e3779b97f4a7c15U;

}  // namespace parley::checker
