#include "parley/checker/lift.hpp"
#include "parley/tests/checker/small_check.hpp"
#include "parley/tests/checker/small_protocols.hpp"

#include <catch2/catch.hpp>

namespace parley::tests {

using checker::Event;
using checker::EventKind;
using checker::Trace;
using model::Party;

namespace {

/// What real threads would have seen of a late cancel that the server answers: each party's own
/// events in order, merged as it happened to be.
Trace late_cancel() {
    Trace trace;
    const auto add = [&](Party party, EventKind kind, const char* what) {
        Event event;
        event.party = party;
        event.kind = kind;
        event.what = what;
        trace.events.push_back(event);
    };
    add(Party::left, EventKind::send, "Arm(round=0)");
    add(Party::left, EventKind::send, "Cancel(round=0)");
    add(Party::right, EventKind::receive, "Arm(round=0)");
    add(Party::right, EventKind::send, "Fired(round=0)");
    add(Party::right, EventKind::receive, "Cancel(round=0)");
    add(Party::left, EventKind::receive, "Fired(round=0)");
    add(Party::left, EventKind::send, "Arm(round=1)");
    add(Party::right, EventKind::receive, "Arm(round=1)");
    return trace;
}

}  // namespace

TEST_CASE("lift: finds choices of the model with the same messages that fail") {
    const auto runner = checker::explore_variant<CountedOneShot<2>>("small").runner;
    checker::CheckOptions check;
    check.bounds = {{"capacity", 2}, {"rounds", 2}};
    const auto choices = runner.lift(check, late_cancel());
    REQUIRE(choices);
    const checker::Report report = runner.replay(check, *choices);
    CHECK(report.verdict == checker::Verdict::violated);
    CHECK(report.trace->violation.property == "unspecified reception");
}

TEST_CASE("lift: says no when the model does not fail with these messages") {
    const auto runner = checker::explore_variant<CountedOneShot<0>>("small").runner;
    checker::CheckOptions check;
    check.bounds = {{"capacity", 2}, {"rounds", 2}};
    CHECK_FALSE(runner.lift(check, late_cancel()));
}

}  // namespace parley::tests
