#include "parley/checker/explore.hpp"
#include "parley/tests/checker/ends.hpp"
#include "parley/tests/checker/keeper.hpp"
#include "parley/tests/checker/small_check.hpp"
#include "parley/tests/checker/small_protocols.hpp"

#include <unistd.h>
#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <stdexcept>

namespace parley::tests {

using checker::CheckOptions;
using checker::Report;
using checker::Verdict;

namespace {

struct Row {
    int capacity;
    int size;
    std::uint64_t states;
    std::uint64_t transitions;
};

std::string property_of(const Report& report) {
    return report.trace ? report.trace->violation.property : "";
}

/// CountedSend with a fault in the client's step after its first message.
template <class Fault>
struct Faulty : CountedSend {
    struct Left : CountedSend::Left {
        using FieldsOf = CountedSend::Left;

        void act(auto& port, const Options& options) {
            if (role.sent == 1) Fault::happen();
            FieldsOf::act(port, options);
        }
    };
};

struct Crashes {
    static void happen() { static_cast<void>(std::raise(SIGSEGV)); }
};
struct Aborts {
    static void happen() { std::abort(); }
};
struct Exits {
    static void happen() { std::exit(0); }
};
struct ExitsAtOnce {
    static void happen() { _exit(0); }
};
struct Traps {
    static void happen() { std::raise(SIGTRAP); }
};
struct WaitsForever {
    static void happen() {
        static std::mutex mutex;
        mutex.lock();
        mutex.lock();
    }
};
struct FindsLimit {
    static void happen() { throw checker::LimitReached{"buckets"}; }
};
struct Throws {
    static void happen() { throw std::runtime_error("no more room"); }
};
struct Loops {
    static void happen() {
        for (volatile int turns = 0; turns >= 0;) turns = 1;
    }
};

/// CountedSend whose server has had enough after one message.
struct LeavesEarly : CountedSend {
    struct Right : CountedSend::Right {
        using FieldsOf = CountedSend::Right;

        bool is_done(const Options&) const { return role.expected == 1; }
    };
};

/// CountedSend whose client stops before the server expects it.
struct StopsEarly : CountedSend {
    struct Left : CountedSend::Left {
        using FieldsOf = CountedSend::Left;

        bool is_done(const Options&) const { return role.sent == 1; }
    };
};

/// CountedSend whose client never sends.
struct SaysNothing : CountedSend {
    struct Left : CountedSend::Left {
        using FieldsOf = CountedSend::Left;

        void act(auto&, const Options&) { role.is_finished = true; }
    };
    struct Right : CountedSend::Right {
        using FieldsOf = CountedSend::Right;

        bool may_end(const Options&) const { return true; }
    };
};

/// CountedSend whose server would do without a message but leaves one in its inbox.
struct LooksAway : CountedSend {
    struct Right : CountedSend::Right {
        using FieldsOf = CountedSend::Right;

        bool can_receive(const Options&) const { return role.expected == 0; }
        bool is_done(const Options&) const { return false; }
        bool may_end(const Options&) const { return true; }
    };
};

/// Goes on for ever: nobody is ever done.
struct Endless : CountedSend {
    struct Left : CountedSend::Left {
        using FieldsOf = CountedSend::Left;

        void act(auto& port, const Options&) {
            if (port.send(Number{role.sent})) ++role.sent;
        }
    };
    struct Right : CountedSend::Right {
        using FieldsOf = CountedSend::Right;

        bool is_done(const Options&) const { return false; }
    };
};

/// Goes on for ever, and could stop at any time.
struct MayEndAtAnyTime : Endless {
    struct Left : Endless::Left {
        using FieldsOf = CountedSend::Left;

        bool may_end(const Options&) const { return true; }
    };
    struct Right : Endless::Right {
        using FieldsOf = CountedSend::Right;

        bool may_end(const Options&) const { return true; }
    };
};

}  // namespace

TEST_CASE("explore: counts states and transitions of a counted send as Spin does",
          "[explore][counts]") {
    // Spin counts one transition more: the initial state.
    for (const auto& [capacity, messages, states, transitions] :
         {Row{1, 2, 7, 7}, Row{1, 8, 19, 19}, Row{1, 64, 131, 131}, Row{2, 2, 9, 11},
          Row{2, 8, 27, 35}, Row{2, 64, 195, 259}, Row{4, 2, 9, 11}, Row{4, 8, 40, 61},
          Row{4, 64, 320, 509}}) {
        const Report report =
            explored<CountedSend>({{"capacity", capacity}, {"messages", messages}});
        CAPTURE(capacity, messages);
        CHECK(report.verdict == Verdict::verified);
        CHECK(report.count("states") == states);
        CHECK(report.count("transitions") == transitions);
        CHECK(report.count("ends") == 1);
    }
}

TEST_CASE("explore: counts states and transitions of a cancelable one-shot as Spin does",
          "[explore][counts]") {
    for (const auto& [capacity, rounds, states, transitions] :
         {Row{1, 1, 13, 17}, Row{1, 2, 23, 31}, Row{1, 4, 43, 59}, Row{2, 1, 14, 19},
          Row{2, 2, 26, 37}, Row{2, 4, 50, 73}, Row{2, 16, 194, 289}}) {
        const Report report =
            explored<CountedOneShot<0>>({{"capacity", capacity}, {"rounds", rounds}});
        CAPTURE(capacity, rounds);
        CHECK(report.verdict == Verdict::verified);
        CHECK(report.count("states") == states);
        CHECK(report.count("transitions") == transitions);
    }
}

TEST_CASE("explore: a counterexample has the fewest steps", "[explore]") {
    const Report crossing = explored<CountedOneShot<1>>({{"capacity", 2}, {"rounds", 2}});
    CHECK(property_of(crossing) == "unspecified reception");
    // Arm, Cancel, Arm taken, Fired, Fired taken and rejected.
    CHECK(crossing.trace->events.size() == 6);
    CHECK(crossing.count("steps") == 5);

    const Report late = explored<CountedOneShot<2>>({{"capacity", 2}, {"rounds", 2}});
    CHECK(property_of(late) == "unspecified reception");
    CHECK(late.trace->events.size() == 9);
    CHECK(late.count("steps") == 8);
}

TEST_CASE("explore: a message for a party that has finished is an orphan", "[explore]") {
    CHECK(property_of(explored<LeavesEarly>({})) == "orphan message");
}

TEST_CASE("explore: a party that waits for ever is a deadlock, and the report says who waits",
          "[explore]") {
    const Report report = explored<StopsEarly>({});
    CHECK(property_of(report) == "deadlock");
    CHECK(report.trace->violation.detail ==
          "client has finished (sent=1 is_finished=no), server waits (expected=1)");
}

TEST_CASE("explore: a party that does not receive now leaves its messages in the queue",
          "[explore]") {
    CHECK(explored<LooksAway>({{"messages", 1}}).verdict == Verdict::verified);
    const Report report = explored<LooksAway>({{"messages", 2}, {"capacity", 2}});
    CHECK(property_of(report) == "deadlock");
    CHECK(report.count("steps") == 4);
    CHECK(report.trace->violation.detail ==
          "client has finished (sent=2 is_finished=yes), server waits (expected=1)");
}

TEST_CASE("explore: all may be over where a party is done and the other one could go on",
          "[explore]") {
    using keeper::Protocol;
    using keeper::Wish;
    using C = specs::model::CheckPlatform;
    const Report look = explored<Protocol<C, Wish::look>>({});
    CHECK(look.verdict == Verdict::verified);
    CHECK(look.count("states") == 4);
    CHECK(look.count("transitions") == 3);
    CHECK(look.count("ends") == 2);
    // Where the other one waits it has to go on.
    const Report thanked = explored<Protocol<C, Wish::be_moved>>({});
    CHECK(thanked.verdict == Verdict::verified);
    CHECK(thanked.count("ends") == 1);

    const auto runner = checker::explore_variant<Protocol<C, Wish::destroy>>("small").runner;
    const Report left = runner.check({});
    CHECK(property_of(left) == "leak");
    CHECK(left.count("steps") == 2);
    const Report again = runner.replay({}, left.trace->choices);
    CHECK(property_of(again) == "leak");
    CHECK(again.trace->events == left.trace->events);
    CHECK(runner.lift({}, *left.trace) == left.trace->choices);
    CheckOptions random;
    random.scheduler = "random";
    CHECK(property_of(runner.check(random)) == "leak");
    CheckOptions reduced;
    reduced.is_reduced = true;
    CHECK(property_of(runner.check(reduced)) == "leak");
}

TEST_CASE("explore: a message that is never sent makes the verdict vacuous", "[explore]") {
    const Report report = explored<SaysNothing>({});
    CHECK(report.verdict == Verdict::vacuous);
    CHECK(report.reason == "client never sends Number");
}

TEST_CASE("explore: parties that never end, and do not say that they may, are a livelock",
          "[explore]") {
    const auto runner = checker::explore_variant<Endless>("small").runner;
    const Report report = runner.check({});
    CHECK(property_of(report) == "livelock");
    CHECK(report.trace->loop_begin == 0);
    CHECK(runner.replay({}, report.trace->choices).trace->events == report.trace->events);
}

TEST_CASE("explore: a protocol that never stops is vacuous although its parties may end",
          "[explore]") {
    const Report report = explored<MayEndAtAnyTime>({});
    CHECK(report.verdict == Verdict::vacuous);
    CHECK(report.reason == "no run reaches its end");
}

TEST_CASE("explore: too many states make the verdict incomplete", "[explore]") {
    CheckOptions check;
    check.states_max = 50;
    const Report report = explored<CountedSend>({{"capacity", 4}, {"messages", 64}}, check);
    CHECK(report.verdict == Verdict::incomplete);
    CHECK(report.reason == "states");
}

TEST_CASE("explore: a stopped search is incomplete", "[explore]") {
    const std::atomic<bool> stop{true};
    CheckOptions check;
    check.stop = &stop;
    const Report report = explored<CountedSend>({}, check);
    CHECK(report.verdict == Verdict::incomplete);
    CHECK(report.reason == "interrupted");
}

TEST_CASE("explore: a crash of the code under check is a violation with its trace", "[explore]") {
    const Report crash = explored<Faulty<Crashes>>({});
    CHECK(property_of(crash) == "crash");
    CHECK(crash.trace->violation.detail == "segmentation fault");
    REQUIRE(crash.trace->events.size() == 2);
    CHECK(crash.trace->events[0].what == "Number(value=0)");
    CHECK(property_of(explored<Faulty<Aborts>>({})) == "crash");
}

TEST_CASE("explore: code under check that ends the process is a violation, and the end of nothing",
          "[explore]") {
    const Report report = explored<Faulty<Exits>>({});
    CHECK(property_of(report) == "crash");
    CHECK(report.trace->violation.detail == "exit");
    CHECK(property_of(explored<Faulty<ExitsAtOnce>>({})) == "crash");
    CHECK(property_of(explored<Faulty<Traps>>({})) == "crash");
}

TEST_CASE("explore: an exception of the code under check is a violation with its text",
          "[explore]") {
    const Report report = explored<Faulty<Throws>>({});
    CHECK(property_of(report) == "exception");
    CHECK(report.trace->violation.detail == "no more room");
}

TEST_CASE("explore: an endless loop of the code under check is a violation", "[explore]") {
    CHECK(property_of(explored<Faulty<Loops>>({})) == "hang");
}

TEST_CASE("explore: code under check that waits for ever is a violation", "[explore][large]") {
    const Report report = explored<Faulty<WaitsForever>>({});
    CHECK(property_of(report) == "hang");
    CHECK(report.trace->violation.detail == "it waits for ever");
}

TEST_CASE("explore: a limit that a run comes to is told in every way of looking", "[explore]") {
    for (const char* scheduler : {"", "random", "pct"}) {
        CheckOptions check;
        check.scheduler = scheduler;
        const Report report = explored<Faulty<FindsLimit>>({}, check);
        CHECK(report.verdict == Verdict::incomplete);
        CHECK(report.reason == "buckets");
    }
}

TEST_CASE("explore: a check that is run twice reports the same", "[explore]") {
    const Report once = explored<CountedOneShot<2>>({{"capacity", 2}, {"rounds", 4}});
    const Report twice = explored<CountedOneShot<2>>({{"capacity", 2}, {"rounds", 4}});
    CHECK(once.counts == twice.counts);
    CHECK(once.trace == twice.trace);
}

TEST_CASE("explore: the trace of a violation is what its choices replay", "[explore]") {
    const auto runner = checker::explore_variant<CountedOneShot<2>>("small").runner;
    const Report found = runner.check({});
    REQUIRE(found.trace);
    const Report again = runner.replay({}, found.trace->choices);
    CHECK(again.verdict == Verdict::violated);
    CHECK(again.trace->events == found.trace->events);
    CHECK(again.trace->violation == found.trace->violation);
}

TEST_CASE("explore: a party does what it may in any order, and a run is over when nothing is owed",
          "[explore]") {
    ends::for_each([]<template <class> class V> {
        using C = V<specs::model::CheckPlatform>;
        const Report report = explored<C>({});
        constexpr std::string_view property = ends::property_with_known_room<C>;
        INFO(property);
        CHECK(report.verdict == (property.empty() ? Verdict::verified : Verdict::violated));
        CHECK(property_of(report) == property);
    });
}

}  // namespace parley::tests
