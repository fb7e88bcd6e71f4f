#include "parley/checker/relacy/budget.hpp"

namespace parley::checker::relacy {

bool Budget::look() {
    const double now_s = seconds();
    if (progress_ && now_s >= next_progress_s_) {
        next_progress_s_ = now_s + seconds_per_progress;
        progress_(executions_);
    }
    return now_s < seconds_max_;
}

}  // namespace parley::checker::relacy
