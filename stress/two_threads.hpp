#pragma once

#include "parley/protocols/model/role.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

namespace parley::stress {

/// The two real threads of a check, named "left" and "right". They are made once and kept: between
/// two pieces of work they sleep and cost nothing.
///
/// What the caller wrote before start() is visible to the work, and what the work wrote is visible
/// to the caller once wait_for() has said true.
class TwoThreads {
 public:
    using Work = void (*)(void* job, model::Party party);

    TwoThreads();
    /// Joins the threads. When work is still under way (it never ends), they are left behind, and
    /// the program must end through std::_Exit: they still use the job.
    ~TwoThreads();
    TwoThreads(const TwoThreads&) = delete;
    TwoThreads& operator=(const TwoThreads&) = delete;

    /// Lets both threads run `work(job, party)`. Requires that they are idle.
    void start(Work work, void* job);

    /// Whether both threads have done their work, after waiting for at most `time`.
    bool wait_for(std::chrono::milliseconds time);

    /// The processor time that each thread has used since it was made, by model::index_of(party).
    std::array<std::chrono::nanoseconds, 2> cpu_times();

 private:
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        Work work = nullptr;
        void* job = nullptr;
        std::uint64_t started = 0;  ///< pieces of work so far
        int busy = 0;               ///< threads that still work
        bool is_over = false;
    };

    static void serve(const std::shared_ptr<Shared>& shared, model::Party party);

    std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
    std::thread left_;
    std::thread right_;
};

}  // namespace parley::stress
