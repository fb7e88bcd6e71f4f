#include "parley/checker/render/phrase.hpp"
#include "parley/checker/render/text.hpp"

#include <catch2/catch.hpp>

namespace parley::tests {

using checker::render::fit_message;
using checker::render::fit_state;

TEST_CASE("phrase: a message loses its field names, then its fields, then its end") {
    const std::string message = "Arm(round=1, completion=#1)";
    CHECK(fit_message(message, 27) == message);
    CHECK(fit_message(message, 26) == "Arm(1, #1)");
    CHECK(fit_message(message, 9) == "Arm");
    CHECK(fit_message("Cancelled(round=1)", 6) == "Canc..");
    CHECK(fit_message("Tick", 10) == "Tick");
}

TEST_CASE("phrase: a state shows its words and the fields that have changed") {
    CHECK(fit_state("armed round=1 object=#1", "idle round=0 object=#1", 20) == "armed round=1");
    CHECK(fit_state("armed round=1", "armed round=1", 20) == "armed");
    CHECK(fit_state("next=3 ended=no", "next=2 ended=no", 20) == "next=3");
    CHECK(fit_state("next=3 ended=no", "next=3 ended=no", 8) == "next=3..");
    CHECK(fit_state("armed completion=#1 a=1", "", 10) == "armed a=1");
    CHECK(fit_state("last=Reply(id=0, value=1) list=[1 2] on", "", 30) ==
          "last=Reply(id=0, value=1) on");
    CHECK(fit_state("a=[1 2 3] b=2", "a=[1 2 3] b=1", 10) == "b=2");
    CHECK(fit_state(")) (( [", "", 10) == ")) (( [");
    CHECK(fit_state("", "x", 10).empty());
}

TEST_CASE("text: wraps at spaces, and inside words only when there are none") {
    using checker::render::wrap;
    CHECK(wrap("ab cd ef", 5) == std::vector<std::string>{"ab cd", "ef"});
    CHECK(wrap("abcdefg", 3) == std::vector<std::string>{"abc", "def", "g"});
    CHECK(wrap("", 3) == std::vector<std::string>{""});
}

TEST_CASE("text: numbers are grouped and times have a unit") {
    using checker::render::duration;
    using checker::render::grouped;
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1'000) == "1,000");
    CHECK(grouped(UINT64_MAX) == "18,446,744,073,709,551,615");
    CHECK(duration(0.004) == "0.00 s");
    CHECK(duration(12.34) == "12.3 s");
    CHECK(duration(245) == "4 min 5 s");
    CHECK(duration(-1) == "?");
    CHECK(duration(1e300) == "> 30 years");
}

}  // namespace parley::tests
