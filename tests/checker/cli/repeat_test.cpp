#include "parley/checker/cli/repeat.hpp"

#include "parley/checker/explore_entry.hpp"
#include "parley/checker/mix.hpp"
#include "parley/checker/require.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/tests/checker/crash_scope.hpp"
#include "parley/tests/checker/small_protocols.hpp"
#include "parley/tests/checker/traces.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>

namespace parley::tests {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using checker::CheckOptions;
using checker::Choices;
using checker::Report;
using checker::Runner;
using checker::Verdict;

namespace {

/// The correct one-shot, whose server is unsure when to answer: it asks `Whim`, and not the port.
template <class Whim>
struct Moody : CountedOneShot<0> {
    struct Right : CountedOneShot<0>::Right {
        void act(auto& port, const Options& options) {
            if (Whim::is_idle()) return;
            CountedOneShot<0>::Right::act(port, options);
        }
    };
};

struct Never {
    static bool is_idle() { return false; }
};

struct StaticCounter {
    static bool is_idle() {
        static unsigned count = 0;
        return ++count % 7 == 0;
    }
};

struct OwnNumbers {
    static bool is_idle() { return std::rand() % 2 == 0; }
};

struct Clock {
    static bool is_idle() {
        // Mixed, since a clock may go on in steps of a multiple of five.
        const auto time = std::chrono::steady_clock::now().time_since_epoch().count();
        return checker::mix(static_cast<std::uint64_t>(time)) % 5 == 0;
    }
};

/// The client sends one message too many without ever letting the server take one.
struct Busy : CountedSend {
    struct Left : CountedSend::Left {
        using FieldsOf = CountedSend::Left;

        void act(auto& port, const Options&) {
            while (!port.send(Number{role.sent})) {
            }
            ++role.sent;
        }
    };
};

/// The server turns round for ever, and asks nobody.
struct Turning : CountedSend {
    struct Right : CountedSend::Right {
        using FieldsOf = CountedSend::Right;

        bool can_act(const Options& options) const { return role.expected >= options.messages; }
        void act(auto&, const Options& options) {
            role.expected = static_cast<std::uint8_t>(2 * options.messages + 1 - role.expected);
        }
        bool is_done(const Options&) const { return false; }
    };
};

template <class V>
Runner runner_of() {
    return checker::explore_variant<V>("small").runner;
}

CheckOptions small_check() {
    CheckOptions check;
    check.bounds = {{"capacity", 2}, {"rounds", 2}};
    return check;
}

/// A runner whose check ends in `report`, and whose run is another one each time if it is moody.
Runner made_up(const Report& report, bool is_moody) {
    Runner runner;
    runner.check = [=](const CheckOptions&) { return report; };
    runner.replay = [is_moody, report, calls = 0](const CheckOptions&,
                                                  const Choices& choices) mutable {
        Report run = report;
        run.trace = crossing_trace();
        run.trace->choices = choices;
        if (is_moody && calls++ % 2 == 1) run.trace->events[5].what = "Cancel(round=2)";
        return run;
    };
    return runner;
}

Report crossing_report() {
    Report report;
    report.verdict = Verdict::violated;
    report.trace = crossing_trace();
    return report;
}

/// A difference between two runs was found, and is no counterexample.
void check_difference(const std::optional<Report>& report) {
    REQUIRE(report);
    CHECK(report->verdict == Verdict::violated);
    CHECK(report->trace->violation.property == specs::model::property::determinism);
    CHECK(!report->trace->events.empty());
    CHECK(!cli::is_repeatable(*report));
}

}  // namespace

TEMPLATE_TEST_CASE("repeat: code that does not do the same again is found, at its first event", "",
                   StaticCounter, OwnNumbers) {
    const auto report = cli::find_difference(runner_of<Moody<TestType>>(), small_check(), 200);
    check_difference(report);
    CHECK_THAT(report->trace->violation.detail, StartsWith("at event "));
}

TEST_CASE("repeat: code that asks the clock is found, at an event or at the end of its run") {
    // A run may fail twice in the same way, which is not for find_difference() to report.
    std::optional<Report> report;
    CheckOptions check = small_check();
    for (; !report && check.seed < 100; ++check.seed) {
        report = cli::find_difference(runner_of<Moody<Clock>>(), check, 200);
    }
    check_difference(report);
    CHECK_THAT(report->trace->violation.detail,
               StartsWith("at event ") || StartsWith("after the last event: "));
}

TEST_CASE("repeat: correct code, and code with another bug, does the same again") {
    CHECK(!cli::find_difference(runner_of<Moody<Never>>(), small_check(), 200));
    CHECK(!cli::find_difference(runner_of<CountedOneShot<1>>(), small_check(), 200));
    const Report report = cli::check_repeatably(runner_of<CountedOneShot<1>>(), small_check());
    REQUIRE(report.trace);
    CHECK(report.trace->violation.property == specs::model::property::unspecified_reception);
    CHECK(cli::is_repeatable(report));
}

TEST_CASE("repeat: an endless loop is cut off anywhere", "[large]") {
    const CrashScope hang;
    const Report report = cli::check_repeatably(runner_of<Busy>(), {});
    REQUIRE(report.trace);
    CHECK(report.trace->violation.property == specs::model::property::hang);
}

TEST_CASE("repeat: a run that turns round and asks nothing comes to its end") {
    const Runner runner = runner_of<Turning>();
    CHECK(!cli::find_difference(runner, {}, 16));
    const Report report = cli::check_repeatably(runner, {});
    REQUIRE(report.trace);
    CHECK(report.trace->violation.property == specs::model::property::livelock);
    CHECK(runner.replay({}, report.trace->choices).trace == report.trace);
}

TEST_CASE("repeat: a failing run that is another one when it is had again is no counterexample") {
    const Report same = cli::check_repeatably(made_up(crossing_report(), false), {});
    CHECK(*same.trace == crossing_trace());
    Report lost = crossing_report();
    lost.trace->violation = {};
    const Report without = cli::check_repeatably(made_up(lost, false), {});
    CHECK(without.trace->violation.property == specs::model::property::determinism);
    Report other = crossing_report();
    other.trace->events[5].what = "Cancel(round=7)";
    const Report report = cli::check_repeatably(made_up(other, false), {});
    CHECK(report.trace->violation.property == specs::model::property::determinism);
    CHECK(report.trace->events.size() == 6);
    CHECK_THAT(report.trace->violation.detail,
               Contains("at event 6: it was \"requester: sends Cancel(round=7)"));
}

TEST_CASE("repeat: where an engine meets what cannot be, the code is looked at first") {
    for (const bool is_moody : {true, false}) {
        Runner runner = made_up({}, is_moody);
        runner.check = [](const CheckOptions&) -> Report {
            throw checker::InternalError("a failing run fails again");
        };
        if (!is_moody) {
            CHECK_THROWS_AS(cli::check_repeatably(runner, {}), checker::InternalError);
            continue;
        }
        const Report report = cli::check_repeatably(runner, {});
        CHECK(report.verdict == Verdict::violated);
        CHECK(report.trace->violation.property == specs::model::property::determinism);
    }
}

TEST_CASE("repeat: random runs are had twice now and then, whoever asks for them") {
    CheckOptions check = small_check();
    check.scheduler = "random";
    check.seconds = 1000;
    check.executions_max = 3000;
    const Report moody = runner_of<Moody<StaticCounter>>().check(check);
    CHECK(moody.verdict == Verdict::violated);
    CHECK(moody.trace->violation.property == specs::model::property::determinism);
    const Report steady = runner_of<Moody<Never>>().check(check);
    CHECK(steady.verdict == Verdict::passed);
    CHECK(steady.count("executions") == 3000);
}

}  // namespace parley::tests
