#pragma once

#include "parley/checker/mix.hpp"

#include <cstdint>

namespace parley::checker::relacy {

/// Small and fast random numbers: SplitMix64 (G. Steele, D. Lea, C. Flood, Fast splittable
/// pseudorandom number generators, OOPSLA 2014). Each pair of seed and run has a sequence of its
/// own, so a run does not depend on the runs before it.
class RandomSource {
 public:
    void seed(std::uint64_t seed, std::uint64_t run) { state_ = mix(mix(seed) ^ run); }

    /// An index below `count`.
    unsigned draw(unsigned count) {
        state_ += mix_step;
        return static_cast<unsigned>(((mix(state_) >> 32U) * count) >> 32U);
    }

 private:
    std::uint64_t state_ = 0;
};

}  // namespace parley::checker::relacy
