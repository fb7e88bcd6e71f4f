#pragma once

#include "parley/checker/mix.hpp"
#include "parley/protocols/model/platform.hpp"

#include <array>
#include <cstdint>
#include <string_view>

#include <sched.h>

namespace parley::stress {

/// A well-mixed 64-bit number for each input: seeds of instances from the seed of a check.
constexpr std::uint64_t mix(std::uint64_t number) {
    return checker::mix(number + checker::mix_step);
}

/// Random numbers at the cost of a few instructions, one generator for each thread
/// (Marsaglia: Xorshift RNGs, Journal of Statistical Software 2003). Good enough to jitter threads.
class Xorshift {
 public:
    explicit constexpr Xorshift(std::uint64_t seed) : state_(mix(seed) | 1U) {}

    constexpr std::uint64_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_;
    }

    /// 0 to count - 1. Requires 0 < count <= 2^32.
    constexpr std::uint64_t below(std::uint64_t count) { return ((next() >> 32) * count) >> 32; }

 private:
    std::uint64_t state_;
};

enum class DelayKind : std::uint8_t {
    none,
    short_spins,  ///< 0 to 31 pauses
    long_spins,   ///< now and then up to 1023 pauses
    yields,       ///< now and then the core is given away
};

inline constexpr std::array delay_kinds{DelayKind::none, DelayKind::short_spins,
                                        DelayKind::long_spins, DelayKind::yields};

constexpr std::string_view name_of(DelayKind kind) {
    constexpr std::array<std::string_view, 4> names{"none", "short spins", "long spins", "yields"};
    return names[static_cast<std::size_t>(kind)];
}

/// Random short delays between the steps of one thread, which move the two threads against each
/// other. Deterministic in its seed.
class Delays {
 public:
    Delays(DelayKind kind, std::uint64_t seed) : kind_(kind), random_(seed) {}

    void pass() {
        switch (kind_) {
            case DelayKind::none:
                return;
            case DelayKind::short_spins:
                return spin(random_.below(32));
            case DelayKind::long_spins:
                if (random_.below(4) == 0) spin(random_.below(1024));
                return;
            case DelayKind::yields:
                if (random_.below(4) == 0) sched_yield();
                return;
        }
    }

 private:
    static void spin(std::uint64_t pauses) {
        for (std::uint64_t i = 0; i < pauses; ++i) model::StdPlatform::pause();
    }

    DelayKind kind_;
    Xorshift random_;
};

}  // namespace parley::stress
