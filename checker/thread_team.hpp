#pragma once

#include <barrier>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace parley::checker {

/// Threads that do the same work at the same time, again and again; the one that asks for it is
/// among them. Signals go to that one: the others block all.
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
    void wait_for_work(std::size_t thread);

    const std::function<void(std::size_t)>* work_ = nullptr;  ///< null: it is over
    std::barrier<> begin_;
    std::barrier<> end_;
    std::vector<std::thread> threads_;
};

}  // namespace parley::checker
