#include "parley/checker/nearest.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

namespace parley::tests {

using checker::nearest;

namespace {

constexpr std::array<std::string_view, 5> protocols{"cancelable_one_shot", "multi_reply",
                                                    "request_reply", "send", "subscription"};

}  // namespace

TEST_CASE("nearest: finds names that were misspelt, cut short or padded") {
    CHECK(nearest("sned", protocols) == "send");
    CHECK(nearest("oneshot", protocols) == "cancelable_one_shot");
    CHECK(nearest("requestreply", protocols) == "request_reply");
    CHECK(nearest("multi", protocols) == "multi_reply");
    constexpr std::array<std::string_view, 2> mutants{"late_cancel_hits_next_arm", "late_arm"};
    CHECK(nearest("late_cancel", mutants) == "late_cancel_hits_next_arm");
    CHECK(nearest("Subscriptions", protocols) == "subscription");
    CHECK(nearest("request-reply", protocols) == "request_reply");
}

TEST_CASE("nearest: prefers the name that begins with what was typed") {
    constexpr std::array<std::string_view, 2> mutants{"fired_after_cancelled",
                                                      "late_cancel_hits_next_arm"};
    CHECK(nearest("late_cancel", mutants) == "late_cancel_hits_next_arm");
}

TEST_CASE("nearest: has nothing to offer when there are no names") {
    CHECK(nearest("send", {}).empty());
    CHECK(checker::unknown_name("protocol", "x", {}) == "unknown protocol 'x'");
}

TEST_CASE("nearest: the sentence holds in one line whatever was typed") {
    const std::string sentence =
        checker::unknown_name("protocol", "a\n\033[2J" + std::string(100'000, 'x'), protocols);
    CHECK(sentence.size() < 200);
    CHECK(sentence.find('\n') == std::string::npos);
    CHECK(sentence.find('\033') == std::string::npos);
}

}  // namespace parley::tests
