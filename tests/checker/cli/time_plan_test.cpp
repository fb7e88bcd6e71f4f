#include "parley/checker/cli/time_plan.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <vector>

namespace parley::tests {

using Catch::Detail::Approx;
using cli::Slice;
using cli::TaskProgress;
using cli::TaskState;
using cli::TimePlan;

namespace {

constexpr double budget_s = 80;

TaskProgress search() {
    return {.is_search = true};
}

/// What a task makes of a slice: how many seconds of it it uses.
using Use = std::function<double(TaskProgress& task, double seconds)>;

double uses_all(TaskProgress&, double seconds) {
    return seconds;
}

/// A search that needs `needed_s` in one slice.
Use needs(double needed_s) {
    return [needed_s](TaskProgress& task, double seconds) {
        if (needed_s <= seconds) task.state = TaskState::closed;
        return std::min(needed_s, seconds);
    };
}

struct Run {
    std::vector<Slice> slices;
    double elapsed_s = 0;
    std::map<std::size_t, double> seconds;  ///< of each task
};

/// Goes through with a plan on a clock of its own.
Run run(std::vector<TaskProgress> tasks, const std::vector<Use>& uses) {
    TimePlan plan(budget_s);
    Run run;
    while (const auto slice = plan.next(tasks, run.elapsed_s)) {
        TaskProgress& task = tasks[slice->task];
        const double used_s = uses[slice->task](task, slice->seconds);
        task.last_slice_s = used_s;
        run.elapsed_s += used_s;
        run.seconds[slice->task] += used_s;
        run.slices.push_back(*slice);
        REQUIRE(run.slices.size() < 1000);
    }
    return run;
}

}  // namespace

TEST_CASE("time plan: the only task gets everything at once") {
    for (const TaskProgress& task : {TaskProgress{}, search()}) {
        const Run all = run({task}, {uses_all});
        CHECK(all.slices.size() == 1);
        CHECK(all.elapsed_s == Approx(budget_s));
    }
}

TEST_CASE("time plan: equal tasks get equal times, in three turns") {
    const Run all = run({{}, {}, {}, {}}, {uses_all, uses_all, uses_all, uses_all});
    CHECK(all.slices.size() == 12);
    CHECK(all.elapsed_s == Approx(budget_s));
    for (const auto& [task, seconds] : all.seconds) CHECK(seconds == Approx(budget_s / 4));
    CHECK(all.slices[0].seconds == Approx(budget_s / 8 / 4));
}

TEST_CASE("time plan: what a task gives back goes to the others") {
    const Run all = run({search(), {}, {}}, {needs(0.5), uses_all, uses_all});
    CHECK(all.seconds.at(0) == Approx(0.5));
    CHECK(all.seconds.at(1) == Approx(39.75));
    CHECK(all.elapsed_s == Approx(budget_s));
}

TEST_CASE("time plan: a search is looked at first, and begun again only where that is worth it") {
    const Run all = run({{}, search()}, {uses_all, needs(30)});
    CHECK(all.slices[0].task == 1);
    std::vector<double> slices;
    for (const Slice& slice : all.slices) {
        if (slice.task == 1) slices.push_back(slice.seconds);
    }
    REQUIRE(slices.size() == 2);
    CHECK(slices[1] >= 2 * slices[0]);
    CHECK(all.elapsed_s == Approx(budget_s));
}

TEST_CASE("time plan: searches that do not end get half of the time, however few they are") {
    const Run all = run({search(), {}, {}, {}, {}, {}, {}},
                        {uses_all, uses_all, uses_all, uses_all, uses_all, uses_all, uses_all});
    CHECK(all.seconds.at(0) > 0.4 * budget_s);
    CHECK(all.seconds.at(0) < 0.6 * budget_s);
    CHECK(all.seconds.at(1) == Approx(all.seconds.at(6)));
    CHECK(all.elapsed_s == Approx(budget_s));
}

TEST_CASE("time plan: the last task that is not closed gets all the time that is left") {
    const Run all = run({search(), search()}, {needs(50), needs(0.1)});
    CHECK(all.slices.size() == 3);
    CHECK(all.slices.back().task == 0);
    CHECK(all.slices.back().seconds > 50);
}

TEST_CASE("time plan: a task that comes to nothing new gets a quarter of what the others get") {
    const Use stale = [](TaskProgress& task, double seconds) {
        task.has_gained = false;
        return seconds;
    };
    const Run all = run({{}, {}}, {stale, uses_all});
    CHECK(all.slices[0].seconds == Approx(all.slices[1].seconds));
    CHECK(all.slices[3].seconds == Approx(4 * all.slices[2].seconds));
}

TEST_CASE("time plan: what waits gets nothing before it is woken, and has its share kept") {
    TaskProgress waiting;
    waiting.state = TaskState::waiting;
    std::vector<TaskProgress> tasks{search(), waiting};
    TimePlan plan(budget_s);
    const auto first = plan.next(tasks, 0);
    REQUIRE(first);
    CHECK(first->task == 0);
    CHECK(first->seconds < budget_s / 2);
    tasks[0].last_slice_s = first->seconds;
    tasks[1].state = TaskState::open;
    const auto second = plan.next(tasks, first->seconds);
    REQUIRE(second);
    CHECK(second->task == 1);
    tasks[0].state = tasks[1].state = TaskState::closed;
    CHECK(!plan.next(tasks, first->seconds + second->seconds));
    tasks[1].state = TaskState::waiting;
    CHECK(!plan.next(tasks, first->seconds + second->seconds));
}

TEST_CASE("time plan: nobody gets anything when the time is over, however many are open") {
    const std::vector<TaskProgress> tasks(1000);
    TimePlan plan(1);
    double elapsed_s = 0;
    std::size_t slices = 0;
    while (const auto slice = plan.next(tasks, elapsed_s)) {
        elapsed_s += slice->seconds;
        ++slices;
    }
    CHECK(slices < 1000);
    CHECK(elapsed_s < 1.1);
}

}  // namespace parley::tests
