#pragma once

#include <pthread.h>

#include <atomic>
#include <cstdint>

namespace parley::rc11 {

/// Thread-local variables for one fiber: those of a thread of the system that lends them and does
/// nothing else. What code under check writes to them is undone like what it writes elsewhere.
///
/// Limits: Linux on x86-64, with a processor and a kernel that let programs set FS.
class ThreadStorage {
 public:
    static bool is_supported();

    ThreadStorage();
    ThreadStorage(const ThreadStorage&) = delete;
    ThreadStorage& operator=(const ThreadStorage&) = delete;
    ~ThreadStorage();

    /// Makes this the storage of the calling thread, which gives back its own with `leave`.
    std::uintptr_t enter() const;
    static void leave(std::uintptr_t before);

 private:
    static void* lend(void* storage);

    pthread_t thread_{};
    int end_[2] = {-1, -1};  ///< a pipe; the thread ends when it is closed
    std::atomic<std::uintptr_t> base_{0};
};

}  // namespace parley::rc11
