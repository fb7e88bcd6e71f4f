#pragma once

#include "parley/checker/report.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace parley::checker {

class Stopwatch {
 public:
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    }

 private:
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Tells the check's progress function, a few times a second, how far it is.
class Progress {
 public:
    /// `seconds`: the time budget, or 0 when there is none.
    Progress(const CheckOptions& check, double seconds) : check_(check), seconds_(seconds) {}

    void tick(std::uint64_t count) {
        if (!check_.progress || count < next_count_) return;
        const double now = stopwatch_.seconds();
        const double rate = now > 0 ? static_cast<double>(count) / now : 0;
        check_.progress(seconds_ > 0 ? std::min(1.0, now / seconds_) : 0, rate);
        next_count_ = count + std::max<std::uint64_t>(1, static_cast<std::uint64_t>(rate / 5));
    }

 private:
    const CheckOptions& check_;
    double seconds_;
    Stopwatch stopwatch_;
    std::uint64_t next_count_ = 1000;
};

}  // namespace parley::checker
