#pragma once

#include "parley/stress/two_threads.hpp"

#include <array>
#include <chrono>
#include <cstddef>

namespace parley::stress {

/// Measures for how long two threads have got nowhere, in time that they had a processor: on a
/// loaded machine, or after the program was suspended, a healthy thread can rest for seconds.
///
/// A thread that sleeps uses no processor time. For it the time on the wall counts, tenfold, in
/// ticks that this program was there to see.
class StallClock {
 public:
    static constexpr int tick_ms = 20;

    explicit StallClock(TwoThreads& threads) : threads_(threads) { restart(); }

    /// The threads have moved.
    void restart() {
        ticks_ = 0;
        start_ = threads_.cpu_times();
    }

    /// To be called once a tick. True when each of the threads that are `running`, if there is one,
    /// has used `time_ms` of processor time since restart().
    bool has_passed(int time_ms, const std::array<bool, 2>& running) {
        if (!running[0] && !running[1]) return false;
        ++ticks_;
        if (ticks_ * tick_ms / sleeping_factor >= time_ms) return true;
        const std::array<std::chrono::nanoseconds, 2> now = threads_.cpu_times();
        for (std::size_t i = 0; i < now.size(); ++i) {
            if (running[i] && now[i] - start_[i] < std::chrono::milliseconds(time_ms)) return false;
        }
        return true;
    }

 private:
    static constexpr int sleeping_factor = 10;

    TwoThreads& threads_;
    int ticks_ = 0;
    std::array<std::chrono::nanoseconds, 2> start_{};
};

}  // namespace parley::stress
