#include "parley/checker/render/difference.hpp"

#include "parley/checker/page.hpp"
#include "parley/tests/checker/pages.hpp"
#include "parley/tests/checker/traces.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <string>

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

TEST_CASE("difference: an event is shown with the line of the page, by what came before it") {
    const specs::model::Page page = checker::read_page(
        "my.md", page_of("[*] --> idle;idle --> armed : !Arm;armed --> idle : ?Fired;"
                         "armed --> cancelling : !Cancel;cancelling --> idle : ?Fired;"
                         "idle --> [*]",
                         "[*] --> idle;idle --> armed : ?Arm;armed --> idle : !Fired;"
                         "armed --> idle : ?Cancel;idle --> idle : ?Cancel;idle --> [*]"));
    const auto line_of = [&](Party party, std::size_t transition) {
        return "my.md:" + std::to_string(page.automaton(party).transitions[transition].line);
    };
    Trace recorded = empty_trace();
    recorded.events = {event(Party::left, EventKind::send, "Arm(round=1)"),
                       event(Party::right, EventKind::receive, "Arm(round=1)"),
                       event(Party::left, EventKind::send, "Cancel(round=1)"),
                       event(Party::right, EventKind::send, "Fired(round=1)"),
                       event(Party::left, EventKind::receive, "Fired(round=1)")};
    Trace now = recorded;
    now.events[4] = event(Party::right, EventKind::receive, "Cancel(round=1)");
    const std::string text = difference(recorded, now, &page);
    CHECK_THAT(text, Contains("receives Fired(round=1)\" (" + line_of(Party::left, 3) + ")"));
    CHECK_THAT(text, Contains("receives Cancel(round=1)\" (" + line_of(Party::right, 3) + ")"));
    CHECK_THAT(difference(recorded, now), !Contains("my.md"));
    now.events[4] = event(Party::left, EventKind::receive, "Cancelled()");
    CHECK_THAT(difference(recorded, now, &page), Contains("receives Cancelled()\""));
}

TEST_CASE("difference: a memory operation is shown with its line") {
    Trace recorded = empty_trace();
    recorded.events = {event(Party::left, EventKind::load, "x")};
    recorded.events[0].memory.emplace();
    recorded.events[0].memory->file = "queue.hpp";
    recorded.events[0].memory->line = 41;
    Trace now = recorded;
    now.events[0].memory->value = "1";
    CHECK_THAT(difference(recorded, now), Contains("(queue.hpp:41)"));
}

}  // namespace parley::tests
