#include "parley/checker/coverage.hpp"

#include "parley/checker/catalog.hpp"
#include "parley/checker/explore_entry.hpp"
#include "parley/checker/json.hpp"
#include "parley/checker/merge.hpp"
#include "parley/checker/page.hpp"
#include "parley/checker/report.hpp"
#include "parley/specs/cancelable_one_shot.hpp"
#include "parley/tests/checker/cli/command.hpp"
#include "parley/tests/checker/pages.hpp"
#include "parley/tests/checker/small_protocols.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::tests {

using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using checker::Coverage;
using checker::Report;
using checker::Verdict;
using model::Party;
using specs::model::CheckPlatform;
using specs::model::Page;

namespace {

/// A page for CountedSend; `mark` goes behind the capacity, `more` behind the client's lines.
Page marked_page(const std::string& mark, const std::string& more = "") {
    std::string text = "| queue | capacity |\n|---|---|\n| client to server | 1" + mark + " |\n\n";
    const std::string diagram = "```mermaid\nstateDiagram-v2\n[*] --> a\na --> [*]\n";
    text += "## client\n" + diagram + "a --> a : !Number\n" + more + "```\n";
    text += "## server\n" + diagram + "a --> a : ?Number\n```\n";
    return checker::read_page("counted.md", text);
}

const Page& plain_page() {
    static const Page page = marked_page("");
    return page;
}
const Page& page_that_promises_more() {
    static const Page page = marked_page("", "a --> b : ?Never\nb --> a : ?Other, optional\n");
    return page;
}
const Page& page_with_an_option() {
    static const Page page = marked_page("", "a --> b : ?Never, optional\n");
    return page;
}
const Page& page_with_a_full_queue() {
    static const Page page = marked_page(", full");
    return page;
}

Report explored_with(checker::PageSource page, int messages, const char* scheduler = "") {
    checker::CheckOptions check;
    check.bounds = {{"capacity", 1}, {"messages", messages}};
    check.scheduler = scheduler;
    check.executions_max = 50;
    return checker::explore_variant<CountedSend>("small", page).runner.check(check);
}

const checker::ProtocolEntry& shipped(std::string_view name) {
    for (const checker::ProtocolEntry& protocol : checker::catalog()) {
        if (protocol.name == name) return protocol;
    }
    FAIL("no such protocol");
    return checker::catalog().front();
}

namespace one_shot = specs::cancelable_one_shot;

/// A planted fault of a check: the script of the requester never issues a cancel.
template <class P>
struct NeverCancels : one_shot::Original<P> {
    struct Left : one_shot::RequesterScript<P> {
        using FieldsOf = one_shot::RequesterScript<P>;
        bool can_act(const one_shot::Options& options) const {
            return this->role.can_arm() && FieldsOf::can_act(options);
        }
    };
};

Report with_coverage(Verdict verdict, const std::vector<std::uint64_t>& taken) {
    Report report;
    report.verdict = verdict;
    report.coverage.emplace();
    for (const std::uint64_t each : taken) {
        const std::string line = std::to_string(report.coverage->transitions[0].size());
        report.coverage->transitions[0].push_back({.text = "line " + line, .taken = each});
    }
    return report;
}

}  // namespace

// With room for one message and two messages to send there are, by messages sent, in the queue and
// received, the states 000, 110, 101, 211, 202, and each of the client's once more when it has
// finished. The client sends in 000 and 101, finds no room in 110, and not in 211: then it finishes
// there. The server receives in 110 and in 211, and in 211 once more when the client has finished.
TEST_CASE("coverage: explore counts each step of each state once") {
    const Report report = explored_with(&plain_page, 2);
    REQUIRE(report.verdict == Verdict::verified);
    REQUIRE(report.coverage);
    const Coverage& coverage = *report.coverage;
    REQUIRE(coverage.transitions[0].size() == 1);
    REQUIRE(coverage.transitions[1].size() == 1);
    CHECK(coverage.transitions[0][0].text == "counted.md:10: a --> a : !Number");
    CHECK(coverage.transitions[0][0].taken == 2);
    CHECK(coverage.transitions[0][0].refused == 1);
    CHECK(coverage.transitions[1][0].text == "counted.md:17: a --> a : ?Number");
    CHECK(coverage.transitions[1][0].taken == 3);
    CHECK(coverage.queues[0].text == "client to server");
    CHECK(coverage.queues[0].capacity == 1);
    CHECK(coverage.queues[0].largest == 1);
    CHECK(coverage.queues[0].emptied == 3);
    CHECK(coverage.queues[0].refused == 1);
    CHECK_FALSE(coverage.queues[0].wrapped);
    CHECK(coverage.queues[1].largest == 0);
}

TEST_CASE("coverage: what the page promises and no run reaches makes a complete check vacuous") {
    const Report report = explored_with(&page_that_promises_more, 2);
    CHECK(report.verdict == Verdict::vacuous);
    CHECK(checker::exit_code(report.verdict) == 3);
    CHECK(report.reason == "1 of the 3 promises of the page was not reached");
    CHECK_THAT(report.unreached,
               Equals(std::vector<std::string>{"counted.md:11: a --> b : ?Never was never taken"}));
    CHECK(explored_with(&page_with_an_option, 2).verdict == Verdict::verified);
}

TEST_CASE("coverage: a queue that has to be full is, or the check is vacuous") {
    CHECK(explored_with(&page_with_a_full_queue, 2).verdict == Verdict::verified);
    const Report report = explored_with(&page_with_a_full_queue, 1);
    CHECK(report.verdict == Verdict::vacuous);
    CHECK_THAT(report.unreached,
               Equals(std::vector<std::string>{"client to server: no send found the queue full"}));
    CHECK(explored_with(&plain_page, 1).verdict == Verdict::verified);
}

TEST_CASE("coverage: a script that never issues a command makes the check vacuous") {
    const auto source = shipped("cancelable_one_shot").page;
    REQUIRE(source != nullptr);
    const auto entry = checker::explore_variant<NeverCancels<CheckPlatform>>("planted", source);
    const Report report = entry.runner.check({});
    CHECK(report.verdict == Verdict::vacuous);
    REQUIRE(report.unreached.size() == 6);
    CHECK_THAT(report.unreached.front(), Contains("armed --> cancelling : !Cancel"));
    for (const std::string& each : report.unreached) {
        CHECK_THAT(each, Contains("ancel") && Contains("specs/cancelable_one_shot.md:"));
    }
}

TEST_CASE("coverage: random runs count, and the same runs count the same") {
    const Report report = explored_with(&plain_page, 2, "random");
    REQUIRE(report.verdict == Verdict::passed);
    CHECK(report.coverage->transitions[0][0].taken == 2 * 50);
    CHECK(report.coverage->transitions[1][0].taken == 2 * 50);
    CHECK(report.coverage == explored_with(&plain_page, 2, "random").coverage);
}

TEST_CASE("coverage: what one engine has reached is reached for all that sample") {
    std::vector<Report> reports{with_coverage(Verdict::passed, {1, 0, 3}),
                                with_coverage(Verdict::passed, {0, 7, 1})};
    checker::settle_coverage(reports);
    CHECK(reports[0].verdict == Verdict::passed);
    CHECK(reports[0].reason == "1 promise unreached");
    CHECK(reports[1].verdict == Verdict::passed);
    CHECK(reports[1].reason == "1 promise unreached");
}

TEST_CASE("coverage: what no engine has reached makes each that has passed vacuous") {
    std::vector<Report> reports{with_coverage(Verdict::violated, {1, 0, 0}),
                                with_coverage(Verdict::passed, {0, 0, 2}),
                                with_coverage(Verdict::passed, {9, 0, 9})};
    checker::settle_coverage(reports);
    CHECK(reports[0].verdict == Verdict::violated);
    for (const std::size_t sampling : {1U, 2U}) {
        CHECK(reports[sampling].verdict == Verdict::vacuous);
        CHECK_THAT(reports[sampling].unreached,
                   Equals(std::vector<std::string>{"line 1 was never taken"}));
    }
}

TEST_CASE("coverage: an engine that has reached all alone says nothing of it") {
    std::vector<Report> reports{with_coverage(Verdict::passed, {1, 2})};
    checker::settle_coverage(reports);
    CHECK(reports[0].verdict == Verdict::passed);
    CHECK(reports[0].reason.empty());
}

TEST_CASE(
    "coverage: explore reaches all that the shipped pages promise, and their options by far") {
    for (const checker::ProtocolEntry& protocol : checker::catalog()) {
        INFO(protocol.name);
        if (protocol.page == nullptr) continue;
        const Report report = protocol.engines.front().variants.front().runner.check({});
        CHECK(report.verdict == Verdict::verified);
        REQUIRE(report.coverage);
        CHECK(checker::promises_of(*report.coverage).unreached.empty());
    }
}

TEST_CASE("coverage: a search that goes on from a checkpoint counts as one in one go",
          "[explore]") {
    const auto& runner = shipped("cancelable_one_shot").engines.front().variants.front().runner;
    const Report expected = runner.check({});
    const TemporaryFolder folder;
    checker::CheckOptions check;
    check.checkpoint = folder.file("check");
    int pieces = 0;
    Report report;
    for (check.states_max = 100;; check.states_max *= 2) {
        report = runner.check(check);
        ++pieces;
        if (report.verdict != Verdict::incomplete) break;
    }
    CHECK(pieces > 1);
    CHECK(report.verdict == Verdict::verified);
    CHECK(report.coverage == expected.coverage);
}

TEST_CASE("coverage: the parts of a campaign keep together what none of them keeps alone") {
    const auto part = [](const std::string& name, const std::vector<std::uint64_t>& taken) {
        Report report = with_coverage(Verdict::passed, taken);
        report.counts = {{"executions", 10}};
        report.parts = {name};
        checker::settle_coverage({&report, 1});
        CHECK(report.verdict == Verdict::vacuous);
        return checker::ReportFile{name, {report}};
    };
    const auto merged = checker::merge_reports({part("1:1/3", {1, 0}), part("1:2/3", {0, 2})});
    REQUIRE(merged.size() == 1);
    CHECK(merged[0].verdict == Verdict::passed);
    CHECK(merged[0].unreached.empty());
    CHECK(merged[0].coverage->transitions[0][1].taken == 2);

    const auto missing = checker::merge_reports({part("1:1/3", {1, 0}), part("1:3/3", {3, 0})});
    CHECK(missing[0].verdict == Verdict::vacuous);
    CHECK(missing[0].unreached == std::vector<std::string>{"line 1 was never taken"});
    CHECK_THROWS_AS(checker::merge_reports({part("1:1/3", {1, 0}), part("1:2/3", {1, 0, 0})}),
                    checker::InputError);
}

TEST_CASE("coverage: a report with it survives JSON") {
    const Report report = explored_with(&page_that_promises_more, 2);
    const Report again = checker::report_from_json(checker::to_json(report), "pipe");
    REQUIRE(again.coverage);
    CHECK(again.coverage == report.coverage);
    CHECK(again.unreached == report.unreached);
}

TEST_CASE("coverage: wrapped queues survive JSON, and so does that an engine has no slots") {
    Report report = explored_with(&plain_page, 2);
    report.coverage->queues[0].wrapped = 3;
    const Report again = checker::report_from_json(checker::to_json(report), "pipe");
    REQUIRE(again.coverage);
    CHECK(again.coverage->queues[0].wrapped == 3U);
    CHECK_FALSE(again.coverage->queues[1].wrapped);
}

}  // namespace parley::tests
