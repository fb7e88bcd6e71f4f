#include "parley/checker/shrink.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/tests/checker/traces.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <string_view>

namespace parley::tests {

using checker::Choice;
using checker::Choices;
using checker::Report;
using checker::Verdict;

namespace {

/// What a run of a made-up program leads to.
struct Run {
    std::string property;  ///< empty: nothing is violated
    std::vector<Event> events;
};

/// A made-up program asks `asks` for choices between `count` and is judged by `judge`.
checker::Rerun program(std::size_t asks, std::uint32_t count,
                       std::function<Run(const std::vector<std::uint32_t>&)> judge) {
    return [=](const Choices& choices) {
        checker::ReplayChooser chooser{choices};
        std::vector<std::uint32_t> answers;
        for (std::size_t i = 0; i < asks; ++i) answers.push_back(chooser.choose(count));
        Run run = judge(answers);
        Report report;
        report.verdict = run.property.empty() ? Verdict::passed : Verdict::violated;
        report.trace = empty_trace();
        report.trace->choices = chooser.taken();
        report.trace->violation.property = run.property;
        report.trace->events = std::move(run.events);
        return report;
    };
}

/// A step of the left party for 1, of the right party for everything else but 0.
std::vector<Event> steps(const std::vector<std::uint32_t>& answers) {
    std::vector<Event> events;
    for (const std::uint32_t answer : answers) {
        if (answer == 0) continue;
        events.push_back(event(answer == 1 ? Party::left : Party::right, EventKind::note, "step"));
    }
    return events;
}

std::vector<std::uint32_t> indices(const Report& report) {
    std::vector<std::uint32_t> list;
    for (const Choice& choice : report.trace->choices) list.push_back(choice.index);
    return list;
}

}  // namespace

TEST_CASE("shrink: finds the one choice that matters among many") {
    const auto rerun = program(40, 4, [](const auto& answers) {
        const bool fails = std::ranges::find(answers, 3U) != answers.end();
        return Run{fails ? "bad" : "", steps(answers)};
    });
    const Report failing = rerun(Choices(40, {4, 3}));
    const auto shrunk = checker::shrink(failing, rerun, {});
    CHECK(shrunk.is_reproduced);
    CHECK(shrunk.from.events == 40);
    CHECK(shrunk.to.events == 1);
    CHECK(shrunk.report.trace->events.size() == 1);
    CHECK(std::ranges::count(indices(shrunk.report), 3U) == 1);
    CHECK(shrunk.runs > 1);
}

TEST_CASE("shrink: keeps the violated property") {
    const auto rerun = program(10, 3, [](const auto& answers) {
        const auto ones = std::ranges::count(answers, 1U);
        return Run{ones >= 3 ? "deep" : ones == 1 ? "shallow" : "", steps(answers)};
    });
    const auto shrunk = checker::shrink(rerun(Choices(10, {3, 1})), rerun, {});
    CHECK(shrunk.report.trace->violation.property == "deep");
    CHECK(shrunk.to.events == 3);
}

TEST_CASE("shrink: prefers fewer context switches, then smaller choices") {
    const auto rerun = program(6, 3, [](const auto& answers) {
        const bool fails =
            std::ranges::count(answers, 1U) == 2 && std::ranges::count(answers, 2U) == 2;
        return Run{fails ? "bad" : "", steps(answers)};
    });
    const Report failing = rerun({{3, 2}, {3, 1}, {3, 2}, {3, 1}});
    const auto shrunk = checker::shrink(failing, rerun, {});
    CHECK(shrunk.to.events == 4);
    CHECK(indices(shrunk.report) == std::vector<std::uint32_t>{1, 1, 2, 2, 0, 0});
}

TEST_CASE("shrink: a run that does not end is shown as it was found, and one without a trace") {
    const auto found = [](std::string_view property) {
        return program(1, 2, [=](const auto& answers) {
            return Run{std::string(property), steps(answers)};
        })({});
    };
    CHECK(checker::is_worth_shrinking(found("crash")));
    CHECK_FALSE(checker::is_worth_shrinking(found(specs::model::property::hang)));
    CHECK_FALSE(checker::is_worth_shrinking(Report{}));
}

TEST_CASE("shrink: shows the run as it was when it does not fail again") {
    bool is_first = true;
    const auto unreliable = program(3, 2, [&](const auto& answers) {
        return Run{std::exchange(is_first, false) ? "bad" : "", steps(answers)};
    });
    const Report failing = unreliable(Choices(3, {2, 1}));
    const auto shrunk = checker::shrink(failing, unreliable, {});
    CHECK(!shrunk.is_reproduced);
    CHECK(shrunk.runs == 1);
    CHECK(shrunk.report.trace == failing.trace);
}

TEST_CASE("shrink: stops at each of its limits with the best run so far") {
    const auto rerun = program(60, 4, [](const auto& answers) {
        const bool fails = std::ranges::count(answers, 3U) >= 5;
        return Run{fails ? "bad" : "", steps(answers)};
    });
    const Report failing = rerun(Choices(60, {4, 3}));
    const auto few = checker::shrink(failing, rerun, {.runs_max = 10});
    CHECK(few.runs == 10);
    CHECK(few.report.trace->violation.property == "bad");
    CHECK(few.to.events <= 60);
    CHECK(checker::shrink(failing, rerun, {.events_max = 61}).runs == 1);
    const std::atomic<bool> stop{true};
    CHECK(checker::shrink(failing, rerun, {.stop = &stop}).runs == 1);
}

TEST_CASE("shrink: gives the same result twice") {
    const auto rerun = program(30, 5, [](const auto& answers) {
        std::uint32_t sum = 0;
        for (const std::uint32_t answer : answers) sum += answer;
        return Run{sum >= 17 ? "bad" : "", steps(answers)};
    });
    const Report failing = rerun(Choices(30, {5, 3}));
    const auto first = checker::shrink(failing, rerun, {});
    const auto second = checker::shrink(failing, rerun, {});
    CHECK(first.report.trace == second.report.trace);
    CHECK(first.runs == second.runs);
    CHECK(first.to.events == 6);
}

namespace {

constexpr auto left = Party::left;
constexpr auto right = Party::right;

Event message(Party party) {
    return event(party, EventKind::send, "message");
}

Event note(Party party) {
    return event(party, EventKind::note, "step");
}

Event stale_read(Party party) {
    Event read = event(party, EventKind::load, "x");
    read.memory.emplace().newest = "1";
    return read;
}

/// Whether a run with `better` is preferred to one with `worse`: it is come to from the other one,
/// and not left for it. Both fail; the first choice says which it is.
bool is_preferred(const std::vector<Event>& better, const std::vector<Event>& worse) {
    const auto is_first = [&](const std::vector<Event>& first, const std::vector<Event>& second) {
        const auto rerun = program(1, 2, [&](const auto& answers) {
            return Run{"bad", answers[0] == 0 ? first : second};
        });
        return checker::shrink(rerun({{2, 1}}), rerun, {}).report.trace->events == first;
    };
    return is_first(better, worse) && !is_first(worse, better);
}

/// A run of one message, which fails over queues of any capacity from 2 on.
Report over_queues(int capacity) {
    Report report;
    report.verdict = capacity >= 2 ? Verdict::violated : Verdict::passed;
    report.trace = empty_trace();
    report.trace->bounds = {{"rounds", 9}, {"capacity", capacity}};
    report.trace->violation.property = capacity >= 2 ? "bad" : "";
    report.trace->events = {message(left)};
    return report;
}

}  // namespace

TEST_CASE("shrink: fewer messages come before fewer switches and events") {
    CHECK(is_preferred({message(left), note(right), note(left), note(right)},
                       {message(left), message(left)}));
}

TEST_CASE("shrink: then come fewer context switches, before stale reads and events") {
    CHECK(is_preferred({note(left), note(left), stale_read(left), note(right)},
                       {note(left), note(right), note(left)}));
}

TEST_CASE("shrink: then come fewer stale reads, before events") {
    CHECK(is_preferred({note(left), note(left), note(left)}, {note(left), stale_read(left)}));
}

TEST_CASE("shrink: then comes the smallest capacity over which the run fails") {
    const Report failing = over_queues(5);
    const auto rerun = [&](const Choices&) { return over_queues(5); };
    const checker::SmallerQueues queues{
        1, [](const Choices&, int capacity) { return over_queues(capacity); }};
    const auto shrunk = checker::shrink(failing, rerun, {}, queues);
    CHECK(shrunk.to.capacity == 2);
    CHECK(shrunk.report.trace->bounds.back().second == 2);
    CHECK(summary(shrunk) == "from 1 to 1 events (capacity 5 to 2) in 4 runs");
}

TEST_CASE("shrink: smaller queues are not worth another message") {
    const Report failing = over_queues(2);
    const auto rerun = [&](const Choices&) { return over_queues(2); };
    const checker::SmallerQueues queues{1, [](const Choices&, int capacity) {
                                            Report report = over_queues(2);
                                            report.trace->bounds.back().second = capacity;
                                            report.trace->events.push_back(message(left));
                                            return report;
                                        }};
    CHECK(checker::shrink(failing, rerun, {}, queues).to.capacity == 2);
}

}  // namespace parley::tests
