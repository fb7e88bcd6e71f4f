#include "parley/checker/cli/time_plan.hpp"

#include "parley/checker/require.hpp"

#include <algorithm>
#include <array>

namespace parley::cli {

namespace {

constexpr double turn_min_s = 0.05;  ///< for less another turn makes no sense
constexpr double slice_min_s = 0.02;

/// Of the time that is left, by turn; searches begin. After the last turn all is for those who want
/// more.
constexpr std::array parts{0.0625, 0.125, 0.5, 0.5};

bool is_alive(const TaskProgress& task) {
    return task.state != TaskState::closed;
}

double weight_of(const TaskProgress& task) {
    constexpr double without_gain = 0.25;
    return task.has_gained ? 1 : without_gain;
}

}  // namespace

std::optional<Slice> TimePlan::next(std::span<const TaskProgress> tasks, double elapsed_s) {
    checker::require(!tasks.empty(), "a check has tasks");
    const bool is_only_one = std::ranges::count_if(tasks, is_alive) == 1;
    while (elapsed_s < seconds_) {
        if (turns_ == 0 || next_ == tasks.size()) {
            const bool is_little = seconds_ - elapsed_s < turn_min_s;
            if (turns_ > parts.size() && (idle_turns_ >= 2 || is_little)) return std::nullopt;
            begin_turn(elapsed_s);
        }
        const std::size_t number = next_++;
        const TaskProgress& task = tasks[number];
        if (task.state != TaskState::open || task.is_search != is_for_searches()) continue;
        const double share_s = is_only_one ? seconds_ - elapsed_s
                                           : (turn_end_s_ - elapsed_s) * share_of(tasks, number);
        const double worth_it_s = (is_only_one ? 1 : 2) * task.last_slice_s;
        if (task.is_search && share_s < worth_it_s) continue;
        idle_turns_ = 0;
        return Slice{number, std::max(share_s, slice_min_s)};
    }
    return std::nullopt;
}

void TimePlan::begin_turn(double elapsed_s) {
    const double part = turns_ < parts.size() ? parts[turns_] : 1;
    turn_end_s_ = elapsed_s + (seconds_ - elapsed_s) * part;
    next_ = 0;
    ++turns_;
    ++idle_turns_;
}

bool TimePlan::is_for_searches() const {
    return turns_ % 2 == 1;
}

/// Of what is left of the turn, for the one whose turn it is.
double TimePlan::share_of(std::span<const TaskProgress> tasks, std::size_t number) const {
    double all = 0;
    for (std::size_t i = number; i < tasks.size(); ++i) {
        const bool is_to_come = is_alive(tasks[i]) && tasks[i].is_search == is_for_searches();
        if (is_to_come) all += weight_of(tasks[i]);
    }
    return weight_of(tasks[number]) / all;
}

}  // namespace parley::cli
