#include "parley/checker/transport.hpp"

#include "parley/checker/report.hpp"
#include "parley/specs/model/transport.hpp"
#include "parley/tests/checker/small_check.hpp"
#include "parley/tests/checker/small_protocols.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>

namespace parley::tests {

using checker::Report;
using checker::Verdict;
using Kind = specs::model::Transport::Kind;

namespace {

/// CountedSend whose options name its capacity and its transport, with at most one fault.
template <Kind kind>
struct OverFourPlaces : CountedSend {
    struct Options : CountedSend::Options {
        using FieldsOf = CountedSend::Options;

        int capacity() const { return 4; }
        specs::model::Transport transport() const { return {kind, 1}; }
    };
};

}  // namespace

TEST_CASE("transport: a stream in order stands no fault, and each is found in four steps",
          "[explore][counts]") {
    for (const char* const kind : {"lossy", "duplicating", "reordering"}) {
        for (const int capacity : {2, 4}) {
            CAPTURE(kind, capacity);
            const Report report =
                explored<CountedSend>({{"capacity", capacity}, {"messages", 3}, {kind, 1}});
            REQUIRE(report.verdict == Verdict::violated);
            // The last step has two events: the message is taken, and rejected.
            CHECK(report.trace->events.size() == 5);
            CHECK(report.trace->bounds.back() == std::pair<std::string, int>{kind, 1});
        }
    }
}

TEST_CASE("transport: options may say capacity and transport, and a check has the last word",
          "[explore][counts]") {
    const Report fifo = explored<OverFourPlaces<Kind::fifo>>({{"messages", 8}});
    CHECK(fifo.verdict == Verdict::verified);
    CHECK(fifo.count("states") == 40);
    CHECK(fifo.count("transitions") == 61);

    const Report lossy = explored<OverFourPlaces<Kind::lossy>>({});
    REQUIRE(lossy.verdict == Verdict::violated);
    CHECK(lossy.trace->events[2].what == "Number(value=0) is lost");

    const Report doubled = explored<OverFourPlaces<Kind::lossy>>({{"duplicating", 1}});
    REQUIRE(doubled.verdict == Verdict::violated);
    CHECK(doubled.trace->events[1].what == "Number(value=0) is doubled");
}

TEST_CASE("transport: a one-shot with numbers stands reordering, with Spin's counts",
          "[explore][counts]") {
    struct Row {
        int capacity;
        std::uint64_t states;
        std::uint64_t transitions;
    };
    for (const auto& [capacity, states, transitions] : {Row{2, 93, 184}, Row{4, 196, 440}}) {
        const Report report =
            explored<CountedOneShot<0>>({{"capacity", capacity}, {"rounds", 3}, {"reordering", 1}});
        CAPTURE(capacity);
        CHECK(report.verdict == Verdict::verified);
        CHECK(report.count("states") == states);
        CHECK(report.count("transitions") == transitions);
    }
}

TEST_CASE("transport: a one-shot stands neither loss nor doubling", "[explore]") {
    const Report lossy =
        explored<CountedOneShot<0>>({{"capacity", 2}, {"rounds", 3}, {"lossy", 1}});
    CHECK(lossy.trace->violation.property == "deadlock");
    // Arm, Cancel, the loss of Arm; then the server ignores Cancel.
    REQUIRE(lossy.trace->events.size() == 4);
    CHECK(lossy.trace->events[2].what == "Arm(round=0) is lost");
    const Report doubled =
        explored<CountedOneShot<0>>({{"capacity", 2}, {"rounds", 3}, {"duplicating", 1}});
    CHECK(doubled.trace->violation.property == "unspecified reception");
    CHECK(doubled.trace->events.size() == 5);
}

TEST_CASE("transport: the trace of a fault is what its choices replay", "[explore]") {
    const auto runner = checker::explore_variant<CountedOneShot<0>>("small").runner;
    checker::CheckOptions check;
    check.bounds = {{"capacity", 2}, {"rounds", 3}, {"lossy", 1}};
    const Report found = runner.check(check);
    REQUIRE(found.trace);
    const Report again = runner.replay(check, found.trace->choices);
    CHECK(again.verdict == Verdict::violated);
    CHECK(again.trace->events == found.trace->events);
}

}  // namespace parley::tests
