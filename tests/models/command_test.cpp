#include "parley/tests/models/run_models.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace parley::tests {

using Catch::Matchers::Contains;

TEST_CASE("models: the command takes a value for each bound", "[models]") {
    const Ended ended =
        run_models("check subshot --set K=2 --set P=2 --set R=1 --set Q=4 --set S=1 --set TR=0");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("6,949 states, 20,387 transitions, 1 end"));
    CHECK_THAT(ended.output, Contains("fairness: weak, for each kind of step"));
}

TEST_CASE("models: a check for safety alone says so, and finds no endless run", "[models]") {
    const std::string unfair = "check p4_subscr --set N=1 --fairness none";
    CHECK(run_models(unfair).code == 1);
    const Ended safety = run_models(unfair + " --safety-only");
    CHECK(safety.code == 0);
    CHECK_THAT(safety.output, Contains("were not"));
}

TEST_CASE("models: a capacity is no power of two where explore is the only engine", "[models]") {
    CHECK(run_models("check p1_send --set K=3").code == 0);
    CHECK(run_models("check p1_send --engine relacy").code == 2);
}

TEST_CASE("models: a failing check says how many steps its run has", "[models]") {
    const Ended deadlock = run_models("check p2_reqrep --set K=1 --set N=4 --set BUG=3");
    CHECK(deadlock.code == 1);
    CHECK_THAT(deadlock.output, Contains("deadlock") && Contains(", 6 steps"));

    const Ended lost = run_models("check p5_oneshot --set N=3 --set NOID=1 --set TR=3");
    CHECK(lost.code == 1);
    CHECK_THAT(lost.output, Contains("unspecified reception") && Contains(", 11 steps"));
}

TEST_CASE("models: a transport that is asked for takes the place of TR", "[models]") {
    const Ended ended = run_models("check p1_send --set N=3 --transport lossy:1");
    CHECK(ended.code == 1);
    CHECK_THAT(ended.output, Contains("is lost"));
}

}  // namespace parley::tests
