#include "parley/checker/page_check.hpp"

#include "parley/specs/model/property.hpp"
#include "parley/tests/checker/pages.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

namespace parley::tests {

using checker::PageReport;
using checker::Trace;
using checker::Verdict;
namespace property = specs::model::property;
using Catch::Matchers::Contains;

namespace {

PageReport checked_file(const std::string& protocol, std::optional<std::size_t> capacity = {}) {
    const std::string path = std::string(PARLEY_TESTS_DIR) + "/../specs/" + protocol + ".md";
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return checker::check_page(checker::read_page("specs/" + protocol + ".md", text.str()), {},
                               capacity);
}

const std::string ask = around("a --> b : !Ask; b --> a : ?Answer");
const std::string answer = around("a --> b : ?Ask; b --> a : !Answer");

}  // namespace

TEST_CASE("page check: the shipped pages are verified, with exact counts") {
    using Row = std::tuple<std::string, std::size_t, std::uint64_t, std::uint64_t, std::uint64_t>;
    const auto [protocol, capacity, states, transitions, ends] =
        GENERATE(table<std::string, std::size_t, std::uint64_t, std::uint64_t, std::uint64_t>({
            Row{"send", 2, 6, 8, 1},
            Row{"send", 5, 12, 20, 1},
            Row{"subscription", 2, 14, 24, 1},
            Row{"subscription", 5, 26, 51, 1},
            Row{"cancelable_one_shot", 2, 12, 19, 1},
            Row{"cancelable_one_shot", 5, 13, 21, 1},
            Row{"request_reply", 2, 18, 32, 1},
            Row{"request_reply", 5, 18, 32, 1},
            Row{"multi_reply", 2, 7, 10, 1},
            Row{"multi_reply", 5, 13, 22, 1},
            Row{"unreliable_send", 2, 3, 4, 1},
            Row{"unreliable_send", 5, 6, 10, 1},
            Row{"request_response_acknowledge", 2, 820, 2'482, 9},
            Row{"stream", 2, 49, 134, 1},
            Row{"stream", 5, 208, 695, 1},
            Row{"nondeterministic_exchange", 2, 13, 20, 1},
            Row{"nondeterministic_exchange", 5, 14, 22, 1},
        }));
    const PageReport report = checked_file(protocol, capacity);
    INFO(protocol);
    CHECK(report.report.verdict == Verdict::verified);
    CHECK(report.report.count("states") == states);
    CHECK(report.report.count("transitions") == transitions);
    CHECK(report.report.count("ends") == ends);
    CHECK(report.findings.empty());
    CHECK(report.unreached.empty());
    CHECK(report.is_dual);
    CHECK(report.can_finish == true);
}

TEST_CASE("page check: where the shipped exchanges cross") {
    CHECK_FALSE(checked_file("send").crossing);
    CHECK_FALSE(checked_file("multi_reply").crossing);
    CHECK_FALSE(checked_file("unreliable_send").crossing);
    CHECK(checked_file("request_reply").crossing->events.size() == 4);
    CHECK(checked_file("subscription").crossing->events.size() == 4);
    CHECK(checked_file("cancelable_one_shot").crossing->events.size() == 4);
    CHECK(checked_file("nondeterministic_exchange").crossing->events.size() == 2);
    CHECK(checked_file("cancelable_one_shot").mixed ==
          std::vector<std::string>{"requester in armed", "notifier in armed",
                                   "notifier in cancelling"});
    CHECK(checked_file("multi_reply").mixed.empty());
}

TEST_CASE("page check: the capacity from which a bigger queue changes nothing") {
    const auto one_shot = checked_file("cancelable_one_shot").capacity;
    CHECK(one_shot.exact == 3U);
    const auto request_reply = checked_file("request_reply").capacity;
    CHECK(request_reply.exact == 2U);
    const auto multi_reply = checked_file("multi_reply").capacity;
    CHECK_FALSE(multi_reply.exact);
    CHECK(multi_reply.exhaustive == 1U);
    CHECK(multi_reply.side_condition.empty());
    const auto subscription = checked_file("subscription").capacity;
    CHECK_FALSE(subscription.exact);
    CHECK(subscription.exhaustive == 1U);
    CHECK(subscription.side_condition == "subscriber has a mixed state");
}

TEST_CASE("page check: two that talk at once need room for k messages each") {
    // Each party sends two messages before it looks: with less room nobody can go on.
    const std::string left = around("a --> b : !P; b --> c : !P; c --> d : ?Q; d --> a : ?Q");
    const std::string right = around("a --> b : !Q; b --> c : !Q; c --> d : ?P; d --> a : ?P");
    const auto text = [&](const std::string& deferred_left, const std::string& deferred_right) {
        return page_of(left + deferred_left, right + deferred_right);
    };
    const PageReport report = checked(text(";a --> a : ?Q, deferred;b --> b : ?Q, deferred",
                                           ";a --> a : ?P, deferred;b --> b : ?P, deferred"));
    CHECK(report.report.verdict == Verdict::verified);
    CHECK(report.capacity.exhaustive == 2U);
    CHECK(report.capacity.side_condition == "left defers messages");
    CHECK(checker::check_page(
              checker::read_page("my.md", text(";a --> a : ?Q, deferred;b --> b : ?Q, deferred",
                                               ";a --> a : ?P, deferred;b --> b : ?P, deferred")),
              {}, 1)
              .report.verdict == Verdict::violated);
}

TEST_CASE("page check: finds an unspecified reception by a shortest run") {
    const PageReport report = checked(page_of(around("a --> b : !Go; b --> a : !Go; a --> a : ?No"),
                                              around("a --> b : ?Go; b --> a : !No")));
    CHECK(report.report.verdict == Verdict::violated);
    const Trace trace = finding(report, property::unspecified_reception);
    REQUIRE(trace.events.size() == 4);
    CHECK(trace.events.back().kind == checker::EventKind::reject);
    CHECK(trace.violation.detail == "right in b got Go; it expects nothing there");
}

TEST_CASE("page check: finds an orphan message") {
    const PageReport report = checked(page_of(around("a --> b : !Go; b --> a : ?Done"),
                                              "[*] --> a;a --> b : ?Go;b --> c : !Done;c --> [*]"));
    const Trace trace = finding(report, property::orphan_message);
    CHECK(trace.violation.detail == "right has finished in c, and Go is under way to it");
    CHECK(trace.events.size() == 5);
}

TEST_CASE("page check: finds an orphan message that is deferred for ever") {
    const PageReport report =
        checked(page_of("[*] --> a;a --> b : !Go;b --> [*]", around("a --> a : ?Go, deferred")));
    CHECK(finding(report, property::orphan_message).events.size() == 1);
}

TEST_CASE("page check: finds a deadlock and says who waits for what") {
    const PageReport waiting = checked(
        page_of(around("a --> b : !Go; b --> a : ?Done"),
                around("a --> b : ?Go; b --> c : ?More; c --> a : !Done") + ";d --> d : !Never"));
    CHECK(finding(waiting, property::deadlock).violation.detail ==
          "left in b waits for ?Done; right in b waits for ?More");
    CHECK(finding(waiting, property::deadlock).events.size() == 2);

    const PageReport full = checked(
        page_of(around("a --> b : !P; b --> c : !P; c --> d : !P; d --> a : ?Q;"
                       "a --> a : ?Q, deferred; b --> b : ?Q, deferred; c --> c : ?Q, deferred"),
                around("a --> b : !Q; b --> c : !Q; c --> d : !Q; d --> a : ?P;"
                       "a --> a : ?P, deferred; b --> b : ?P, deferred; c --> c : ?P, deferred")));
    CHECK(finding(full, property::deadlock).violation.detail ==
          "left in c waits for ?Q, and has no room to send !P; "
          "right in c waits for ?P, and has no room to send !Q");
}

TEST_CASE("page check: finds a state from which no run ends") {
    const PageReport report = checked(page_of(around("a --> b : !Go; b --> b : ?Tick"),
                                              around("a --> b : ?Go; b --> b : !Tick")));
    CHECK(report.report.verdict == Verdict::violated);
    CHECK(finding(report, property::livelock).events.size() == 1);
    CHECK(report.can_finish == false);
}

TEST_CASE("page check: finds a message that the other party never receives") {
    const PageReport report = checked(page_of(ask, around("a --> b : ?Ask; b --> a : !Anwser")));
    CHECK_FALSE(report.is_dual);
    CHECK_THAT(finding(report, property::duality).violation.detail,
               Contains("left never receives Anwser; did you mean 'Answer'? (my.md:"));
    REQUIRE(report.unreached.size() == 1);
    CHECK_THAT(report.unreached[0], Contains("right never sends Answer; did you mean 'Anwser'?"));
}

TEST_CASE("page check: what is never reached makes the verdict vacuous, unless it is optional") {
    const std::string more = ";a --> c : ?Stop; c --> a : !Stopped";
    const std::string more_left = ";b --> b : ?Stopped";
    const PageReport report = checked(page_of(ask + more_left, answer + more));
    CHECK(report.report.verdict == Verdict::vacuous);
    CHECK(checker::exit_code(report.report.verdict) == 3);
    REQUIRE(report.unreached.size() == 3);
    CHECK_THAT(report.unreached[0], Contains("my.md:13: b --> b : ?Stopped is never taken"));
    CHECK_THAT(report.unreached[1], Contains("right never reaches c (my.md:"));
    CHECK_THAT(report.unreached[2], Contains("?Stop is never taken: left never sends Stop"));

    const std::string optional = ";a --> c : ?Stop, optional; c --> a : !Stopped, optional";
    const PageReport good = checked(page_of(ask + more_left + ", optional", answer + optional));
    CHECK(good.report.verdict == Verdict::verified);
    CHECK(good.unreached.empty());
}

TEST_CASE("page check: a state that nothing leads to gets the nearest name") {
    const PageReport report =
        checked(page_of(around("a --> bee : !Ask; be --> a : ?Answer"), answer));
    REQUIRE_FALSE(report.unreached.empty());
    CHECK_THAT(report.unreached[0],
               Contains("left never reaches be, to which nothing leads; did you mean 'bee'?"));
}

TEST_CASE("page check: an ignored message is received and changes nothing") {
    const PageReport report = checked(
        page_of(around("a --> b : !Arm; b --> a : ?Fired; b --> c : !Cancel; c --> a : ?Fired"),
                around("a --> b : ?Arm; b --> a : !Fired; a --> a : ?Cancel, ignored;"
                       "b --> b : ?Cancel, ignored")));
    CHECK(report.report.verdict == Verdict::verified);
}

TEST_CASE("page check: a deferred message waits and lets others pass") {
    const PageReport report = checked(
        page_of("[*] --> a;a --> b : !Late; b --> c : !Early; c --> [*]",
                "[*] --> a;a --> a : ?Late, deferred;a --> b : ?Early;b --> c : ?Late; c --> [*]"));
    CHECK(report.report.verdict == Verdict::verified);
    CHECK(report.report.count("states") == 5);
    CHECK(report.unreached.empty());
}

TEST_CASE("page check: a key has a conversation for each of its values") {
    const auto keyed = [](const std::string& values) {
        return checked(page_of(around("a --> b : !Ask(id); b --> a : ?Answer(id)"),
                               around("a --> b : ?Ask(id); b --> a : !Answer(id)"),
                               "| key | values |\n|---|---|\n| id | " + values + " |\n"));
    };
    CHECK(keyed("1").report.count("states") == 4);
    CHECK(keyed("2").report.count("states") == 18);
    CHECK(keyed("2").report.verdict == Verdict::verified);
    CHECK(keyed("2").crossing->events[1].what == "Ask(id=1)");
    CHECK(keyed("2").capacity.side_condition ==
          "left sends and receives in several conversations at once");
}

TEST_CASE("page check: says how full each queue gets") {
    const PageReport report = checked(page_of("[*] --> a;a --> b : !P; b --> c : !P; c --> [*]",
                                              "[*] --> a;a --> a : ?P;a --> [*]"));
    CHECK(report.queues[0] == checker::QueueUse{2, 2, false});
    CHECK(report.queues[1] == checker::QueueUse{2, 0, false});
    CHECK(report.capacity.exact == 2U);
}

TEST_CASE("page check: is undecided when a limit is reached") {
    checker::CheckOptions options;
    options.states_max = 3;
    const PageReport report =
        checker::check_page(checker::read_page("my.md", page_of(ask, answer)), options);
    CHECK(report.report.verdict == Verdict::incomplete);
    CHECK(report.report.reason == "states");
    CHECK_FALSE(report.can_finish);
}

TEST_CASE("page check: thousands of states are no problem") {
    std::string left = "[*] --> s0";
    std::string right = "[*] --> s0";
    constexpr int count = 5000;
    for (int i = 0; i < count; ++i) {
        const std::string step = ";s" + std::to_string(i) + " --> s" + std::to_string(i + 1);
        const bool is_left = i % 2 == 0;
        left += step + (is_left ? " : !P" : " : ?Q") + std::to_string(i);
        right += step + (is_left ? " : ?P" : " : !Q") + std::to_string(i);
    }
    const std::string stop = ";s" + std::to_string(count) + " --> [*]";
    const PageReport report = checked(page_of(left + stop, right + stop));
    CHECK(report.report.verdict == Verdict::verified);
    CHECK(report.report.count("states") == 2 * count + 1);
    CHECK(report.capacity.exact == 1U);
}

TEST_CASE("page check: the same page gives the same report") {
    const PageReport first = checked_file("cancelable_one_shot");
    const PageReport second = checked_file("cancelable_one_shot");
    CHECK(first.report.counts == second.report.counts);
    CHECK(first.crossing == second.crossing);
}

TEST_CASE("page check: a queue that is marked full has to be full in some run") {
    const std::string left = around("a --> b : !Ask;b --> a : ?Answer");
    const std::string right = around("a --> b : ?Ask;b --> a : !Answer");
    const auto with_capacity = [&](const std::string& capacity) {
        std::string text = page_of(left, right);
        const std::string row = "left to right | 2";
        text.replace(text.find(row), row.size(), "left to right | " + capacity);
        return checked(text);
    };
    CHECK(with_capacity("1").report.verdict == Verdict::verified);
    const checker::PageReport report = with_capacity("1, full");
    CHECK(report.report.verdict == Verdict::vacuous);
    CHECK(report.unreached == std::vector<std::string>{"no send of left finds the queue full"});
}

}  // namespace parley::tests
