#include "parley/checker/walk.hpp"
#include "parley/tests/checker/small_check.hpp"
#include "parley/tests/checker/small_protocols.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace parley::tests {

using checker::CheckOptions;
using checker::Report;
using checker::Verdict;

namespace {

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

TEST_CASE("walk: the same seed finds the same run", "[explore]") {
    const auto check = walk_options("random", 7);
    CHECK(explored<CountedOneShot<2>>({{"rounds", 3}}, check).trace ==
          explored<CountedOneShot<2>>({{"rounds", 3}}, check).trace);
}

}  // namespace parley::tests
