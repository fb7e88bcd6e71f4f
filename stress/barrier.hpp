#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/stress/backoff.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace parley::stress {

/// Lets two threads go on at the same moment, again and again: a sense-reversing barrier
/// (Mellor-Crummey, Scott: Algorithms for scalable synchronization on shared-memory
/// multiprocessors, ACM TOCS 1991) for two threads. It differs in reading the sense, here a phase
/// that counts up, before it arrives instead of keeping a copy per thread: the phase cannot turn
/// until both have arrived.
///
/// Spins first: threads that a kernel has to wake start microseconds apart, which is longer than
/// most instances take. Then it sleeps in the kernel, so that it works on a single core and does
/// not starve beside other programs. All that was written before the barrier is visible after it.
class SpinBarrier {
 public:
    /// `spins_max` pauses before it sleeps: 0 where both threads share a core.
    explicit SpinBarrier(std::uint32_t spins_max = spins_default) : spins_max_(spins_max) {}

    /// False when the barrier has been abandoned instead; it is of no use then.
    bool arrive_and_wait() {
        const std::uint32_t phase = phase_.load(std::memory_order_relaxed);
        if (arrived_.fetch_add(1, std::memory_order_acq_rel) == 1) {
            arrived_.store(0, std::memory_order_relaxed);
            turn_phase();
        } else {
            wait_for_turn_of(phase);
        }
        return !is_abandoned_.load(std::memory_order_relaxed);
    }

    /// Lets whoever waits go, now and for ever.
    void abandon() {
        is_abandoned_.store(true, std::memory_order_relaxed);
        turn_phase();
    }

 private:
    static constexpr std::size_t line_bytes = 128;

    void turn_phase() {
        // Sequentially consistent with the sleeper's count: one of the two sees the other.
        phase_.fetch_add(1, std::memory_order_seq_cst);
        if (sleepers_.load(std::memory_order_seq_cst) > 0) wake();
    }

    void wait_for_turn_of(std::uint32_t phase) {
        std::uint32_t spins = 0;
        while (phase_.load(std::memory_order_acquire) == phase) {
            if (is_abandoned_.load(std::memory_order_relaxed)) return;
            if (spins < spins_max_) {
                ++spins;
                model::StdPlatform::pause();
            } else {
                sleep(phase);
            }
        }
    }

    void sleep(std::uint32_t phase);
    void wake();

    std::uint32_t spins_max_;
    std::atomic<bool> is_abandoned_ = false;
    alignas(line_bytes) std::atomic<std::uint32_t> arrived_ = 0;
    alignas(line_bytes) std::atomic<std::uint32_t> phase_ = 0;
    alignas(line_bytes) std::atomic<std::uint32_t> sleepers_ = 0;
};

}  // namespace parley::stress
