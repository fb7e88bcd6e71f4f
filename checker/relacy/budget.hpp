#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

namespace parley::checker::relacy {

/// How long a simulation goes on: a number of runs, a time, a stop from outside. Whichever comes
/// first. The clock is read once in `runs_per_look` runs.
class Budget {
 public:
    using Clock = std::chrono::steady_clock;

    Budget(std::uint64_t executions_max, double seconds_max, const std::atomic<bool>* stop,
           const std::function<void(std::uint64_t executions)>& progress)
        : executions_max_(executions_max),
          seconds_max_(seconds_max),
          stop_(stop),
          progress_(progress) {}

    /// Counts a finished run; false when there may be no further one.
    bool count_run() {
        ++executions_;
        if (executions_ >= executions_max_) return false;
        if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) return false;
        return executions_ % runs_per_look != 0 || look();
    }

    std::uint64_t executions() const { return executions_; }
    double seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

 private:
    static constexpr std::uint64_t runs_per_look = 32;
    static constexpr double seconds_per_progress = 0.1;

    bool look();

    std::uint64_t executions_max_;
    double seconds_max_;
    const std::atomic<bool>* stop_;
    const std::function<void(std::uint64_t executions)>& progress_;
    std::uint64_t executions_ = 0;
    double next_progress_s_ = seconds_per_progress;
    Clock::time_point begin_ = Clock::now();
};

}  // namespace parley::checker::relacy
