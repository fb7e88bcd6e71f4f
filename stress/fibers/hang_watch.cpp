#include "parley/stress/fibers/hang_watch.hpp"

#include "parley/stress/crash.hpp"
#include "parley/stress/fibers/party_fibers.hpp"

#include <chrono>
#include <ctime>

namespace parley::stress {

namespace {

using std::chrono::milliseconds;

constexpr int tick_ms = 50;

std::chrono::nanoseconds cpu_time_of(pthread_t thread) {
    clockid_t clock{};
    timespec time{};
    if (pthread_getcpuclockid(thread, &clock) != 0) return {};
    if (clock_gettime(clock, &time) != 0) return {};
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

HangWatch::HangWatch() : thread_([this] { watch(); }) {}

HangWatch::~HangWatch() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool HangWatch::rest() {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, milliseconds(tick_ms), [this] { return is_over_; });
}

void HangWatch::watch() {
    std::uint64_t traps = 0;
    auto begin = cpu_time_of(watched_);
    int ticks = 0;
    while (rest()) {
        const FiberPulse pulse = fiber_pulse();
        if (!pulse.is_running || pulse.traps != traps) {
            traps = pulse.traps;
            begin = cpu_time_of(watched_);
            ticks = 0;
            continue;
        }
        ++ticks;
        const bool has_hung = cpu_time_of(watched_) - begin > milliseconds(hang_cpu_ms);
        if (!has_hung && ticks * tick_ms < hang_ms) continue;
        pthread_kill(watched_, hang_signal);
        return;
    }
}

}  // namespace parley::stress
