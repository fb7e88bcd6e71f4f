#include "parley/checker/walk.hpp"
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

/// A client that takes a number for sent when there was no room for it.
struct Skipping : CountedSend {
    struct Left : CountedSend::Left {
        void act(auto& port, const Options& options) {
            const auto before = role.sent;
            CountedSend::Left::act(port, options);
            if (role.sent == before && !role.is_finished) ++role.sent;
        }
    };
};

CheckOptions walk_options(const std::string& scheduler, std::uint64_t seed) {
    CheckOptions check;
    check.scheduler = scheduler;
    check.seed = seed;
    check.seconds = 60;
    check.executions_max = 2000;
    return check;
}

}  // namespace

TEST_CASE("walk: random and pct runs pass a correct protocol and say how many they were",
          "[explore]") {
    for (const std::string scheduler : {"random", "pct"}) {
        const Report report =
            explored<CountedOneShot<0>>({{"capacity", 2}}, walk_options(scheduler, 1));
        CAPTURE(scheduler);
        CHECK(report.verdict == Verdict::passed);
        CHECK(report.count("executions") == 2000);
        CHECK(report.count("cut") == 0);
        CHECK(report.meaning ==
              "nothing found in 2000 executions: failure rate below 0.0015 at 95 %");
    }
}

TEST_CASE("walk: random and pct runs find a planted bug with every seed", "[explore]") {
    for (const std::string scheduler : {"random", "pct"}) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const Report report = explored<CountedOneShot<2>>({{"capacity", 2}, {"rounds", 3}},
                                                              walk_options(scheduler, seed));
            CAPTURE(scheduler, seed);
            CHECK(report.verdict == Verdict::violated);
            REQUIRE(report.trace);
            // The second answer arrives in the next round, or when there is none.
            const std::string& property = report.trace->violation.property;
            CHECK((property == "unspecified reception" || property == "orphan message"));
        }
    }
}

TEST_CASE("walk: bursts fill a queue that other random runs do not fill", "[explore]") {
    const auto runs_to_failure = [](const std::string& scheduler) {
        return explored<Skipping>({{"capacity", 16}, {"messages", 17}}, walk_options(scheduler, 1));
    };
    CHECK(runs_to_failure("random").verdict == Verdict::passed);
    const Report bursty = runs_to_failure("bursty");
    CHECK(bursty.verdict == Verdict::violated);
    CHECK(bursty.count("executions") < 100);
    const Report correct =
        explored<CountedSend>({{"capacity", 16}, {"messages", 17}}, walk_options("bursty", 1));
    CHECK(correct.verdict == Verdict::passed);
    CHECK(correct.count("cut") == 0);
}

TEST_CASE("walk: a campaign goes on where it was", "[explore]") {
    CheckOptions check = walk_options("random", 1);
    const std::map<std::string, int> bounds{{"capacity", 16}, {"messages", 17}};
    check.scheduler = "bursty";
    // A campaign whose first run does not fail.
    while (explored<Skipping>(bounds, check).count("executions") == 1) ++check.seed;
    const Report all = explored<Skipping>(bounds, check);
    const std::uint64_t failing = all.count("executions");
    check.executions_before = failing - 1;
    const Report rest = explored<Skipping>(bounds, check);
    CHECK(rest.count("executions") == 1);
    CHECK(rest.trace == all.trace);
    check.executions_max = failing - 1;
    check.executions_before = 1;
    const Report before = explored<Skipping>(bounds, check);
    CHECK(before.count("executions") == failing - 2);
    CHECK(!before.trace);
}

TEST_CASE("walk: the same seed finds the same run", "[explore]") {
    const auto check = walk_options("random", 7);
    CHECK(explored<CountedOneShot<2>>({{"rounds", 3}}, check).trace ==
          explored<CountedOneShot<2>>({{"rounds", 3}}, check).trace);
}

}  // namespace parley::tests
