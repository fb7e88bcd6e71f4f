#include "parley/checker/rc11/protocol/runner.hpp"

#include "parley/checker/require.hpp"
#include "parley/tests/checker/rc11/protocol/programs.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <memory>
#include <utility>

namespace parley::tests {

namespace {

using checker::CheckOptions;
using checker::Report;
using checker::Verdict;

/// Two threads that each write three times to the same variable.
struct Writers {
    explicit Writers(checker::Campaign& of_all) : campaign(of_all) {}

    void thread(unsigned index) {
        for (int i = 0; i < 3; ++i) x.store(static_cast<int>(index) + 1, relaxed_order);
    }
    void after(std::array<PartyEnd, 2>) { ++campaign.ends; }

    checker::Campaign& campaign;
    Rc11Platform::Atomic<int> x;
};

/// Thread 1 crashes when it reads what thread 0 has written.
struct Crashes : Writers {
    using Writers::Writers;
    void thread(unsigned index) {
        if (index == 0) return x.store(1, relaxed_order);
        if (x.load(relaxed_order) == 1) std::raise(SIGSEGV);
    }
};

struct Hangs : Writers {
    using Writers::Writers;
    void thread(unsigned index) {
        if (index == 0) return x.store(1, relaxed_order);
        for (volatile bool goes_on = x.load(relaxed_order) == 1; goes_on;) {
        }
    }
};

struct ThrowsNumber : Writers {
    using Writers::Writers;
    void thread(unsigned index) {
        if (index == 0) return x.store(1, relaxed_order);
        if (x.load(relaxed_order) == 1) throw 7;
    }
};

/// A violation in the newest of three values only, and of a choice.
struct Picky : Writers {
    using Writers::Writers;
    void thread(unsigned index) {
        if (index == 0) {
            for (int i = 1; i <= 3; ++i) x.store(i, relaxed_order);
        } else if (x.load(relaxed_order) == 2 && Machine::current().choose(3) == 1) {
            violate("picky");
        }
    }
};

struct NeedsTooMuch : Writers {
    using Writers::Writers;
    void thread(unsigned) { throw checker::LimitReached{"buckets"}; }
};

struct NeverEnds : Writers {
    using Writers::Writers;
    void after(std::array<PartyEnd, 2>) {}
};

template <class P>
checker::Runner runner() {
    const auto describe = [](const CheckOptions&) {
        return checker::Subject{
            .protocol = "small", .mutant = {}, .roles = {"a", "b"}, .messages = {}, .bounds = {}};
    };
    const auto make_test = [](const CheckOptions&, checker::Campaign& campaign) {
        auto make = [&campaign] { return P(campaign); };
        return std::unique_ptr<rc11::Test>(
            std::make_unique<rc11::TestOf<decltype(make)>>(std::move(make)));
    };
    return rc11::rc11_runner(describe, make_test);
}

/// The failing execution fails again by its choices.
template <class P>
void check_violated(const char* property) {
    const checker::Runner each = runner<P>();
    const Report report = each.check({});
    REQUIRE(report.verdict == Verdict::violated);
    CHECK(report.trace->violation.property == property);
    const Report again = each.replay({}, report.trace->choices);
    CHECK(again.verdict == Verdict::violated);
    CHECK(again.trace->violation == report.trace->violation);
    CHECK(again.trace->events == report.trace->events);
    CHECK(again.trace->choices == report.trace->choices);
}

/// Thread 0 takes steps that change nothing until a flag is up; thread 1 may raise it.
template <bool is_raised>
struct Spins {
    Rc11Platform::Atomic<int> flag;

    void thread(unsigned index) {
        begin_script();
        if (index == 1) {
            if (is_raised) flag.store(1, release_order);
            return;
        }
        while (flag.load(acquire_order) == 0) Machine::current().end_step({});
    }
};

/// As before, but each step changes something.
struct Counts {
    Rc11Platform::Atomic<int> flag;

    void thread(unsigned index) {
        int script = 0;
        begin_script();
        if (index == 1) return;
        while (flag.load(acquire_order) == 0) {
            ++script;
            Machine::current().end_step(std::as_bytes(std::span(&script, 1)));
        }
    }
};

}  // namespace

TEST_CASE("rc11 runner: steps for ever that change nothing are a livelock") {
    check_violated<Spins<false>>("livelock");
}

TEST_CASE("rc11 runner: what may still be stopped, or changes something, is incomplete") {
    const Report report = runner<Spins<true>>().check({});
    CHECK(report.verdict == Verdict::incomplete);
    CHECK(report.reason == "a party takes one step after another that changes nothing");
    CHECK(runner<Counts>().check({}).verdict == Verdict::incomplete);
}

TEST_CASE("rc11 runner: a search that ends is verified and counts every execution") {
    const Report report = runner<Writers>().check({});
    CHECK(report.verdict == Verdict::verified);
    CHECK(report.count("executions") == 20);
    CHECK(report.count("blocked") == 0);
}

TEST_CASE("rc11 runner: a search that a limit ends is incomplete and says which") {
    CheckOptions few;
    few.executions_max = 5;
    const Report cut = runner<Writers>().check(few);
    CHECK(cut.verdict == Verdict::incomplete);
    CHECK(cut.reason == "5 executions");
    CHECK(cut.count("executions") == 5);

    CheckOptions tiny;
    tiny.steps_max = 6;
    CHECK(runner<Writers>().check(tiny).verdict == Verdict::incomplete);
    CHECK(runner<NeedsTooMuch>().check({}).reason == "buckets");

    const std::atomic<bool> stop = true;
    CheckOptions stopped;
    stopped.stop = &stop;
    CHECK(runner<Writers>().check(stopped).reason == "interrupted");
}

TEST_CASE("rc11 runner: a search in which nothing comes to its end is vacuous") {
    CHECK(runner<NeverEnds>().check({}).verdict == Verdict::vacuous);
}

TEST_CASE("rc11 runner: a failing execution fails again by its choices") {
    check_violated<ThrowsNumber>("exception");
    check_violated<Picky>("picky");
}

TEST_CASE("rc11 runner: an endless loop is a violation with its trace", "[signals]") {
    const Report report = runner<Hangs>().check({});
    REQUIRE(report.verdict == Verdict::violated);
    CHECK(report.trace->violation.property == "hang");
    CHECK_FALSE(report.trace->events.empty());
}

TEST_CASE("rc11 runner: a crash is a violation with its trace", "[signals]") {
    check_violated<Crashes>("crash");
    // And the next search is none the worse for it.
    CHECK(runner<Writers>().check({}).count("executions") == 20);
}

}  // namespace parley::tests
