#pragma once

#include "parley/checker/cli/check_request.hpp"
#include "parley/checker/cli/schedulers.hpp"
#include "parley/checker/cli/selection.hpp"
#include "parley/checker/cli/time_plan.hpp"
#include "parley/checker/report.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace parley::cli {

/// One check of a command: a job under one scheduler, and what has come out of it so far.
struct Task {
    Job job;
    std::string scheduler = {};  ///< empty: the engine's default
    TaskProgress progress = {};
    std::optional<std::size_t> waits_for = {};   ///< the task that may make this one needless
    std::optional<checker::Report> report = {};  ///< of all slices so far; none: there was none
    std::uint32_t slices = 0;
};

/// A task for each job, under the scheduler that the user has named; rc11 has queues in their
/// place.
std::vector<Task> tasks_of(const std::vector<Job>& jobs, const Schedulers& schedulers,
                           const std::string& queue);

/// What else to do with a budget of time: beside each search of explore PCT and bursty random runs
/// of the same world, for as long as the search has not come to its end; beside relacy's random
/// scheduler the one with a bound on context switches.
std::vector<Task> with_portfolio(std::vector<Task> tasks);

/// Runs a task for so many seconds: a search from the beginning, everything else from where it was.
/// `options` are those of the whole check. With `is_bounded` a search ends after that time as well.
/// A failing run is made smaller if `is_shrinking`.
void run_slice(Task& task, const checker::CheckOptions& options, double seconds, bool is_bounded,
               bool is_shrinking);

/// The report on a task that has come to no result, for this reason.
checker::Report report_without_result(const Task& task, const checker::CheckOptions& options,
                                      std::string reason);

}  // namespace parley::cli
