#pragma once

#include "parley/checker/relacy/relacy.hpp"

namespace parley::checker::relacy {

/// Watches one piece of memory that two threads may touch only one after the other: Relacy's race
/// detector without the value. Making it counts as a write.
class RaceGuard {
 public:
    RaceGuard() : data_(rl::ctx().var_ctor()) { data_->init(*rl::ctx().threadx_); }
    ~RaceGuard() { rl::ctx().var_dtor(data_); }
    RaceGuard(const RaceGuard&) = delete;
    RaceGuard& operator=(const RaceGuard&) = delete;

    /// Counts as a write; false if it is in a race with an earlier one.
    [[nodiscard]] bool touch() { return data_->store(*rl::ctx().threadx_); }

 private:
    rl::var_data* data_;
};

}  // namespace parley::checker::relacy
