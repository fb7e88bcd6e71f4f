#include "parley/checker/cli/time_plan.hpp"

#include "parley/checker/require.hpp"

#include <algorithm>
#include <array>

namespace parley::cli {

namespace {

constexpr double round_min_s = 0.05;  ///< for less another round makes no sense
constexpr double slice_min_s = 0.02;

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
        if (!has_begun_ || place_ == 2 * tasks.size()) {
            const bool is_over = !has_given_ || seconds_ - elapsed_s < round_min_s;
            if (round_ == last && is_over) return std::nullopt;
            begin_round(elapsed_s);
        }
        const std::size_t place = place_++;
        const std::size_t number = place % tasks.size();
        const TaskProgress& task = tasks[number];
        if (task.state != TaskState::open || task.is_search != (place < tasks.size())) continue;
        const double share_s = is_only_one ? seconds_ - elapsed_s
                                           : (round_end_s_ - elapsed_s) * share_of(tasks, number);
        const double worth_it_s = (is_only_one ? 1 : 2) * task.last_slice_s;
        const bool is_its_round = is_only_one || round_ != second;
        if (task.is_search && (share_s < worth_it_s || !is_its_round)) continue;
        has_given_ = true;
        return Slice{number, std::max(share_s, slice_min_s)};
    }
    return std::nullopt;
}

void TimePlan::begin_round(double elapsed_s) {
    constexpr std::array parts{0.125, 0.5, 1.0};
    if (has_begun_) round_ = std::min(round_ + 1, last);
    has_begun_ = true;
    has_given_ = false;
    place_ = 0;
    round_end_s_ = elapsed_s + (seconds_ - elapsed_s) * parts[round_];
}

/// Of what is left of the round, for the one whose turn it is.
double TimePlan::share_of(std::span<const TaskProgress> tasks, std::size_t number) const {
    double all = weight_of(tasks[number]);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        const bool is_to_come = (tasks[i].is_search ? i : tasks.size() + i) >= place_;
        const bool is_its_round = !tasks[i].is_search || round_ != second;
        if (is_to_come && is_its_round && is_alive(tasks[i])) all += weight_of(tasks[i]);
    }
    return weight_of(tasks[number]) / all;
}

}  // namespace parley::cli
