#pragma once

#include "parley/stress/backoff.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace parley::stress {

/// Lets two threads go on at the same moment, again and again: a sense-reversing barrier
/// (Mellor-Crummey, Scott: Algorithms for scalable synchronization on shared-memory
/// multiprocessors, ACM TOCS 1991) for two threads. It differs in reading the sense before it
/// arrives instead of keeping a copy per thread: the sense cannot turn until both have arrived.
///
/// Spins first: threads that a kernel has to wake start microseconds apart, which is longer than
/// most instances take. All that was written before the barrier is visible after it.
class SpinBarrier {
 public:
    /// False when `abandoned` was set before the other thread came; call reset() before next use.
    bool arrive_and_wait(const std::atomic<bool>& abandoned, Backoff backoff = Backoff()) {
        const bool sense = sense_.load(std::memory_order_relaxed);
        if (arrived_.fetch_add(1, std::memory_order_acq_rel) == 1) {
            arrived_.store(0, std::memory_order_relaxed);
            sense_.store(!sense, std::memory_order_release);
            return true;
        }
        while (sense_.load(std::memory_order_acquire) == sense) {
            if (abandoned.load(std::memory_order_relaxed)) return false;
            backoff.wait();
        }
        return true;
    }

    /// Requires that no thread is at the barrier.
    void reset() { arrived_.store(0, std::memory_order_relaxed); }

 private:
    static constexpr std::size_t line_bytes = 128;

    alignas(line_bytes) std::atomic<std::uint32_t> arrived_ = 0;
    alignas(line_bytes) std::atomic<bool> sense_ = false;
};

}  // namespace parley::stress
