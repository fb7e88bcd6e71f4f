#include "parley/checker/render/difference.hpp"
#include "parley/tests/checker/traces.hpp"

#include <catch2/catch.hpp>

namespace parley::tests {

using Catch::Matchers::Contains;
using checker::Choices;
using checker::render::difference;

TEST_CASE("difference: the same run has none") {
    CHECK(difference(crossing_trace(), crossing_trace()).empty());
}

TEST_CASE("difference: names the first event that is not what it was") {
    Trace now = crossing_trace();
    now.events[5].what = "Cancel(round=2)";
    now.events[7].what = "something else";
    CHECK_THAT(difference(crossing_trace(), now),
               Contains("at event 6: it was \"requester: sends Cancel(round=1)") &&
                   Contains("is now \"requester: sends Cancel(round=2)"));
}

TEST_CASE("difference: a run that is over early, or goes on, differs") {
    Trace now = crossing_trace();
    now.events.pop_back();
    CHECK_THAT(difference(crossing_trace(), now), Contains("at event 12") && Contains("the end"));
    CHECK_THAT(difference(now, crossing_trace()), Contains("at event 12") && Contains("the end"));
}

TEST_CASE("difference: details, the property and the choices count") {
    Trace now = crossing_trace();
    now.events[3].left_to_right = "Arm";
    CHECK_THAT(difference(crossing_trace(), now), Contains("at event 4: differs in a detail"));
    now = crossing_trace();
    now.violation.sentence = "another";
    CHECK_THAT(difference(crossing_trace(), now), Contains("after the last event"));
    now = crossing_trace();
    now.choices[1].count = 3;
    CHECK_THAT(difference(crossing_trace(), now), Contains("at choice 2"));
}

TEST_CASE("difference: choices may have gone on, but not otherwise, nor ended") {
    const Choices recorded{{2, 1}, {3, 0}};
    CHECK(difference(recorded, Choices{{2, 1}, {3, 0}, {2, 0}}).empty());
    CHECK_THAT(difference(recorded, Choices{{2, 1}, {2, 0}}),
               Contains("at choice 2: it was 0 of 3 and is now 0 of 2"));
    CHECK_THAT(difference(recorded, Choices{{2, 1}}), Contains("at choice 2: the run is over"));
}

}  // namespace parley::tests
