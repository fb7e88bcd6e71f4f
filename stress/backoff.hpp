#pragma once

#include "parley/protocols/model/platform.hpp"

#include <cstdint>

#include <sched.h>

namespace parley::stress {

/// Pauses before a waiting thread gives its core away: longer than most instances take.
inline constexpr std::uint32_t spins_default = 1000;

/// How a thread waits for another: it spins for a while, then gives its core away, so that waiting
/// makes progress on a single core as well.
class Backoff {
 public:
    /// `spins_max` pauses before the core is given away: 0 where both threads share a core.
    explicit Backoff(std::uint32_t spins_max = spins_default) : spins_max_(spins_max) {}

    void wait() {
        if (spins_ < spins_max_) {
            ++spins_;
            model::StdPlatform::pause();
        } else {
            sched_yield();
        }
    }

    /// What was waited for has come.
    void reset() { spins_ = 0; }

 private:
    std::uint32_t spins_max_;
    std::uint32_t spins_ = 0;
};

}  // namespace parley::stress
