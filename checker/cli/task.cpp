#include "parley/checker/cli/task.hpp"

#include "parley/checker/bound_check.hpp"
#include "parley/checker/bounds.hpp"
#include "parley/checker/cli/repeat.hpp"
#include "parley/checker/cli/stress_engine.hpp"
#include "parley/checker/engines.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/merge.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/shrink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace parley::cli {

namespace {

using checker::CheckOptions;
using checker::Coverage;
using checker::Report;
using checker::Verdict;

/// Runs that can be replayed are in a process of their own, which makes smaller what it finds if it
/// can.
bool is_in_harness(const Task& task) {
    return task.job.engine == "fibers" || task.job.engine == "native";
}

/// Whether only its end says something: engine and scheduler look at everything.
bool is_exhaustive(const Task& task) {
    if (checker::is_rc11(task.job.engine)) return true;
    return task.job.engine == "explore" &&
           (task.scheduler.empty() || task.scheduler == "exhaustive");
}

Task make_task(const Job& job, const std::string& scheduler) {
    Task task{.job = job, .scheduler = scheduler};
    const bool is_bound = scheduler == "context_bound" || scheduler == "full";
    task.progress.is_search = is_exhaustive(task) || is_bound;
    return task;
}

/// How many different things have been reached of a page and of the queues.
std::size_t reached(const std::optional<Coverage>& coverage) {
    std::size_t count = 0;
    if (!coverage) return count;
    for (const auto& uses : coverage->transitions) {
        for (const auto& use : uses) count += (use.taken > 0 ? 1 : 0) + (use.refused > 0 ? 1 : 0);
    }
    for (const auto& queue : coverage->queues) {
        count += queue.largest + (queue.emptied > 0 ? 1 : 0) + (queue.refused > 0 ? 1 : 0) +
                 (queue.wrapped.value_or(0) > 0 ? 1 : 0);
    }
    return count;
}

CheckOptions options_of(const Task& task, const CheckOptions& all, double seconds,
                        bool is_bounded) {
    using std::chrono::steady_clock;
    CheckOptions options = all;
    options.seconds = seconds;
    options.scheduler = task.scheduler;
    for (const auto& [name, value] : task.job.transport) options.bounds[name] = value;
    if (is_bounded && is_exhaustive(task)) {
        options.deadline = steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(
                                                     std::chrono::duration<double>(seconds));
    }
    if (!task.report || task.progress.is_search) return options;
    const std::uint64_t executions = task.report->count("executions");
    if (task.job.variant->runner.replay && !is_in_harness(task)) {
        options.executions_before = executions;
    } else {
        // A process begins at the beginning, unless it has another seed.
        options.seed += task.slices - 1;
        options.executions_max -= std::min(executions, options.executions_max);
    }
    return options;
}

/// Puts a smaller failing run into `report`, if there is one, and says so.
void shrink_run(const Task& task, CheckOptions options, Report& report) {
    const auto& replay = task.job.variant->runner.replay;
    if (!replay || !is_repeatable(report) || is_in_harness(task)) return;
    if (!checker::is_worth_shrinking(report)) return;
    options.deadline.reset();
    const checker::ShrinkLimits limits{.stop = options.stop};
    checker::SmallerQueues queues;
    if (const auto* bound = checker::find_bound(*task.job.protocol, "capacity")) {
        queues = {bound->min, [&, bound](const checker::Choices& choices, int capacity) {
                      CheckOptions smaller = options;
                      smaller.bounds[bound->name] = capacity;
                      return replay(smaller, choices);
                  }};
    }
    const checker::Shrunk shrunk = checker::shrink(
        report, [&](const checker::Choices& choices) { return replay(options, choices); }, limits,
        queues);
    report.trace = shrunk.report.trace;
    report.shrunk = checker::summary(shrunk);
}

/// Adds what a slice has found to what is known.
void take(Task& task, Report report) {
    const std::size_t reached_before = task.report ? reached(task.report->coverage) : 0;
    if (!task.report) {
        task.report = std::move(report);
    } else if (task.progress.is_search) {
        report.seconds += task.report->seconds;
        task.report = std::move(report);
    } else {
        checker::add_runs(*task.report, report);
    }
    const auto& coverage = task.report->coverage;
    const bool has_grown = !coverage || reached(coverage) > reached_before;
    // A search with a bound on context switches says as much before its end as random runs do.
    const bool is_undecided = task.report->verdict == Verdict::incomplete;
    task.progress.has_gained = task.progress.is_search ? is_undecided : has_grown;
}

}  // namespace

std::vector<Task> tasks_of(const std::vector<Job>& jobs, const Schedulers& schedulers,
                           const std::string& queue) {
    std::vector<Task> tasks;
    for (const Job& job : jobs) {
        tasks.push_back(make_task(job, job.engine == "rc11" ? queue : schedulers.of(job.engine)));
    }
    return tasks;
}

std::vector<Task> with_portfolio(std::vector<Task> tasks) {
    std::vector<Task> all;
    for (Task& task : tasks) {
        const Job job = task.job;
        all.push_back(std::move(task));
        const std::size_t first = all.size() - 1;
        if (job.engine == "relacy") all.push_back(make_task(job, "context_bound"));
        if (job.engine != "explore") continue;
        for (const char* scheduler : {"pct", "bursty"}) {
            all.push_back(make_task(job, scheduler));
            all.back().waits_for = first;
            all.back().progress.state = TaskState::waiting;
        }
    }
    return all;
}

void run_slice(Task& task, const CheckOptions& all, double seconds, bool is_bounded,
               bool is_shrinking) {
    constexpr std::uint32_t runs_twice = 16;
    const checker::Runner& runner = task.job.variant->runner;
    const specs::model::Page* const page =
        task.job.protocol->page == nullptr ? nullptr : &task.job.protocol->page();
    std::optional<Report> report;
    if (task.slices++ == 0 && !is_in_harness(task)) {
        report = find_difference(runner, options_of(task, all, seconds, false), runs_twice, page);
    }
    const checker::Stopwatch stopwatch;
    CheckOptions options = options_of(task, all, seconds, is_bounded);
    if (task.job.engine == "fibers" && !is_shrinking) options.scheduler = as_found;
    if (!report) report = check_repeatably(runner, options, page);
    task.progress.last_slice_s = stopwatch.seconds();
    const bool has_ended_early = task.progress.last_slice_s < seconds;
    if (report->verdict == Verdict::violated && is_shrinking) shrink_run(task, options, *report);
    take(task, std::move(*report));
    const Verdict verdict = task.report->verdict;
    const bool is_decided = verdict == Verdict::violated || verdict == Verdict::verified;
    if (is_decided || has_ended_early) task.progress.state = TaskState::closed;
}

Report report_without_result(const Task& task, const CheckOptions& options, std::string reason) {
    Report report;
    report.protocol = task.job.protocol->name;
    report.mutant = task.job.variant->mutant.name;
    report.engine = task.job.engine;
    report.scheduler = task.scheduler;
    report.seed = options.seed;
    report.verdict = Verdict::incomplete;
    report.reason = std::move(reason);
    for (const checker::BoundEntry& bound : task.job.protocol->bounds) {
        const auto set = options.bounds.find(bound.name);
        report.bounds.emplace_back(bound.name,
                                   set == options.bounds.end() ? bound.value : set->second);
    }
    report.bounds.insert(report.bounds.end(), task.job.transport.begin(), task.job.transport.end());
    checker::explain(report);
    return report;
}

}  // namespace parley::cli
