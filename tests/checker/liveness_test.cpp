#include "parley/checker/liveness.hpp"

#include "parley/checker/report.hpp"
#include "parley/tests/checker/small_check.hpp"
#include "parley/tests/checker/small_protocols.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace parley::tests {

using checker::CheckOptions;
using checker::Report;
using checker::Verdict;

namespace {

CheckOptions assuming(const std::string& fairness) {
    CheckOptions check;
    check.fairness = fairness;
    return check;
}

const std::map<std::string, int> subscribed_twice{{"capacity", 2}, {"sessions", 2}};

}  // namespace

TEST_CASE("liveness: a client that may always end does so, if every kind of step gets its turn",
          "[explore][counts]") {
    const Report report = explored<CountedSubscription<>>(subscribed_twice, assuming("action"));
    CHECK(report.verdict == Verdict::verified);
    // Spin's numbers for the same model, which count the initial state as a transition.
    CHECK(report.count("states") == 360);
    CHECK(report.count("transitions") == 649);
}

TEST_CASE("liveness: without fairness, or with fairness for parties, it may never end",
          "[explore]") {
    for (const char* const fairness : {"none", "process"}) {
        CAPTURE(fairness);
        const Report report = explored<CountedSubscription<>>(subscribed_twice, assuming(fairness));
        REQUIRE(report.verdict == Verdict::violated);
        CHECK(report.trace->violation.property == "livelock");
        REQUIRE(report.trace->loop_begin);
        CHECK(*report.trace->loop_begin < report.trace->events.size());
    }
}

TEST_CASE("liveness: with fairness for parties both take part in the loop", "[explore]") {
    const Report report = explored<CountedSubscription<>>(subscribed_twice, assuming("process"));
    REQUIRE(report.trace);
    std::map<model::Party, int> events;
    for (std::size_t i = *report.trace->loop_begin; i < report.trace->events.size(); ++i) {
        ++events[report.trace->events[i].party];
    }
    CHECK(events.size() == 2);
}

TEST_CASE("liveness: a wish that may be forgotten is a loop that no fairness excludes",
          "[explore]") {
    // The client waits for an acknowledgement; the server has forgotten and notifies on.
    const Report report = explored<CountedSubscription<true>>(subscribed_twice, assuming("action"));
    REQUIRE(report.verdict == Verdict::violated);
    CHECK(report.trace->violation.property == "livelock");
}

TEST_CASE("liveness: the trace of a loop is what its choices replay", "[explore]") {
    for (const char* const fairness : {"action", "process", "none"}) {
        const auto runner = checker::explore_variant<CountedSubscription<true>>("small").runner;
        CheckOptions check = assuming(fairness);
        check.bounds = subscribed_twice;
        const Report found = runner.check(check);
        REQUIRE(found.trace);
        const Report again = runner.replay(check, found.trace->choices);
        CHECK(again.verdict == Verdict::violated);
        CHECK(again.trace->events == found.trace->events);
        CHECK(again.trace->loop_begin == found.trace->loop_begin);
    }
}

TEST_CASE("liveness: a transport that reorders without end is no excuse and no fault",
          "[explore]") {
    // Messages are turned round for ever, and each party could always take one.
    const Report report = explored<CountedOneShot<0>>(
        {{"capacity", 4}, {"rounds", 3}, {"reordering", 1}}, assuming("action"));
    CHECK(report.verdict == Verdict::verified);
    const Report unfair = explored<CountedOneShot<0>>(
        {{"capacity", 4}, {"rounds", 3}, {"reordering", 1}}, assuming("none"));
    CHECK(unfair.verdict == Verdict::violated);
}

TEST_CASE("liveness: fairness has three names", "[explore]") {
    CHECK(checker::fairness_named("process") == checker::Fairness::process);
    CHECK_THROWS_AS(checker::fairness_named("fair"), checker::InputError);
}

}  // namespace parley::tests
