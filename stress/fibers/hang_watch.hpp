#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include <pthread.h>

namespace parley::stress {

/// Watches, from a thread of its own, the fibers of the thread that makes it. When one of them goes
/// on for `hang_cpu_ms` of processor time, or `hang_ms`, without coming back, it is in a loop that
/// nothing can leave: the thread gets `hang_signal`, for which a crash handler should be installed.
class HangWatch {
 public:
    static constexpr int hang_cpu_ms = 1000;
    static constexpr int hang_ms = 20'000;

    HangWatch();
    ~HangWatch();
    HangWatch(const HangWatch&) = delete;
    HangWatch& operator=(const HangWatch&) = delete;

 private:
    void watch();
    /// False when there is nothing to watch any more.
    bool rest();

    pthread_t watched_ = pthread_self();
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_over_ = false;
    std::thread thread_;
};

}  // namespace parley::stress
