#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace parley::checker {

/// Threads that do the same work at the same time, again and again; the one that asks for it is
/// among them. Signals go to that one: the others block all. Who waits looks again and again for a
/// fraction of a millisecond before it sleeps, since to be woken takes longer than most waits.
class ThreadTeam {
 public:
    /// `count`: of threads, at least 1.
    explicit ThreadTeam(std::size_t count);
    ~ThreadTeam();
    ThreadTeam(const ThreadTeam&) = delete;
    ThreadTeam& operator=(const ThreadTeam&) = delete;

    std::size_t size() const { return threads_.size() + 1; }

    /// Calls `work(thread)` in each thread, numbered from 0, and returns when all are done. It must
    /// not throw.
    void run(const std::function<void(std::size_t)>& work);

 private:
    void begin(const std::function<void(std::size_t)>* work);
    void wait_for_work(std::size_t thread);

    const std::function<void(std::size_t)>* work_ = nullptr;  ///< null: it is over
    alignas(64) std::atomic<std::uint32_t> round_ = 0;
    alignas(64) std::atomic<std::uint32_t> busy_ = 0;  ///< threads that are not done, but this one
    std::vector<std::thread> threads_;
};

}  // namespace parley::checker
