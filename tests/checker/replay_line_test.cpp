#include "parley/checker/replay_line.hpp"
#include "parley/checker/report.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace parley::tests {

using checker::Choices;
using checker::InputError;
using checker::parse_choices;
using checker::parse_replay_line;
using checker::ReplayLine;
using checker::to_text;

TEST_CASE("replay line: has the form that is documented") {
    const ReplayLine line{"cancelable_one_shot",
                          "late_cancel_hits_next_arm",
                          "explore",
                          "",
                          {{"capacity", 2}, {"rounds", -2}},
                          {{2, 0}, {2, 1}, {2, 1}, {2, 0}, {3, 2}}};
    const std::string text =
        "cancelable_one_shot+late_cancel_hits_next_arm/explore/capacity=2,rounds=-2/2:0110.3:2";
    CHECK(to_text(line) == text);
    CHECK(parse_replay_line(text) == line);
}

TEST_CASE("replay line: no mutant, no bounds and no choices") {
    const ReplayLine line{"send", "", "relacy", "", {}, {}};
    CHECK(to_text(line) == "send/relacy/-/-");
    CHECK(parse_replay_line("send/relacy/-/-") == line);
}

TEST_CASE("replay line: the scheduler goes with the engine") {
    const ReplayLine line{"send", "", "relacy", "context_bound:2", {}, {}};
    CHECK(to_text(line) == "send/relacy:context_bound:2/-/-");
    CHECK(parse_replay_line(to_text(line)) == line);
}

TEST_CASE("replay line: repeated choices are counted") {
    CHECK(to_text(Choices(12, {2, 0})) == "2:0^12");
    CHECK(to_text(Choices{{2, 1}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 1}}) == "2:1.0^4.1");
    CHECK(to_text(Choices(5, {100, 99})) == "100:99^5");
    CHECK(to_text(Choices{{100, 99}, {100, 7}, {36, 35}}) == "100:99.7.36:z");
}

TEST_CASE("replay line: what is written is read again") {
    std::mt19937 generator{1};
    for (int round = 0; round < 500; ++round) {
        Choices choices;
        for (std::size_t i = generator() % 40; i > 0; --i) {
            const auto count =
                static_cast<std::uint32_t>(generator() % 3 == 0 ? 2 + generator() % 60 : 2);
            const checker::Choice choice{count, static_cast<std::uint32_t>(generator() % count)};
            choices.insert(choices.end(), generator() % 4 == 0 ? 5 : 1, choice);
        }
        CHECK(parse_choices(to_text(choices)) == choices);
    }
}

TEST_CASE("replay line: everything else is refused") {
    const auto text = GENERATE(
        "", "send", "send/explore/-", "send/explore/-/-/-", "/explore/-/-", "send//-/-",
        "send/relacy:/-/-", "send+/explore/-/-", "se nd/explore/-/-", "send/explore//-",
        "send/explore/a/-", "send/explore/a=/-", "send/explore/a=x/-", "send/explore/=1/-",
        "send/explore/a=1,/-", "send/explore/a=99999999999/-", "send/explore/-/",
        "send/explore/-/01", "send/explore/-/2:", "send/explore/-/2:2", "send/explore/-/1:0",
        "send/explore/-/2:0..2:1", "send/explore/-/2:0.", "send/explore/-/2:01^4",
        "send/explore/-/2:0^", "send/explore/-/2:0^0", "send/explore/-/2:0^-1",
        "send/explore/-/2:0^4000000000", "send/explore/-/99999999999:0", "send/explore/-/40:40",
        "send/explore/-/2:A", "../../etc/passwd", "send/explore/-/2:0\n");
    CHECK_THROWS_AS(parse_replay_line(text), InputError);
}

TEST_CASE("replay line: choices that would fill the memory are refused") {
    std::string text = "2:0^1000000";
    CHECK(parse_choices(text).size() == checker::choices_max);
    CHECK_THROWS_AS(parse_choices(text + ".1"), InputError);
}

}  // namespace parley::tests
