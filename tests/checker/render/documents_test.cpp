#include "parley/checker/render/github.hpp"
#include "parley/checker/render/html.hpp"
#include "parley/checker/render/junit.hpp"
#include "parley/checker/render/mermaid.hpp"
#include "parley/checker/render/regression.hpp"
#include "parley/checker/render/sarif.hpp"
#include "parley/checker/render/shiviz.hpp"
#include "parley/checker/render/svg.hpp"
#include "parley/tests/checker/traces.hpp"
#include "parley/tests/golden.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

/// What is written for others than the one at the terminal.
namespace parley::tests {

using Catch::Matchers::Contains;
using checker::Report;
using checker::Verdict;
using checker::render::Place;
using checker::render::Result;
using namespace checker::render;  // NOLINT(google-build-using-namespace)

namespace {

Report violated(Trace trace) {
    Report report;
    report.protocol = trace.protocol;
    report.mutant = trace.mutant;
    report.engine = trace.engine;
    report.bounds = trace.bounds;
    report.seed = trace.seed;
    report.verdict = Verdict::violated;
    report.meaning = "there is an execution in which the property fails";
    report.counts = {{"executions", 12}};
    report.seconds = 0.25;
    report.trace = std::move(trace);
    return report;
}

Report undecided(std::string protocol, Verdict verdict, std::string reason) {
    Report report;
    report.protocol = std::move(protocol);
    report.engine = "explore";
    report.scheduler = "exhaustive";
    report.verdict = verdict;
    report.reason = std::move(reason);
    report.seconds = 1.5;
    return report;
}

/// Two violations, a clean check and two that are neither.
std::vector<Report> reports() {
    Report clean = undecided("send", Verdict::verified, "");
    clean.counts = {{"states", 1'198}, {"transitions", 1'874}};
    return {violated(crossing_trace()), violated(race_trace()), clean,
            undecided("send", Verdict::incomplete, "more states than --states-max"),
            undecided("stream", Verdict::vacuous, "promises that no run reached")};
}

std::vector<Result> results_of(const std::vector<Report>& all) {
    std::vector<Result> results;
    for (const Report& report : all) results.push_back({&report, ""});
    results.front().replay = "./parley replay one_shot/explore/-/2:01";
    return results;
}

/// A trace in which every text wants to be more than text.
Trace hostile_trace() {
    const std::string hostile = "</text><script>alert(1)</script>;#\"'|`::error::%0A\n\x1b[31m&";
    Trace trace = race_trace();
    trace.left = hostile;
    trace.protocol = hostile;
    trace.violation = {hostile, hostile, hostile};
    for (Event& each : trace.events) {
        each.what = hostile;
        each.state = hostile;
        if (each.memory) each.memory->file = hostile;
    }
    for (auto& end : trace.race) end.access = hostile;
    return trace;
}

}  // namespace

TEST_CASE("mermaid: messages, states, memory operations and the violation") {
    check_golden("mermaid_crossing.mmd", mermaid(crossing_trace()));
    check_golden("mermaid_race.mmd", mermaid(race_trace()));
}

TEST_CASE("mermaid: an endless part is a loop") {
    Trace trace = loop_trace(1);
    trace.loop_begin = 2;
    CHECK_THAT(mermaid(trace), Contains("loop for ever\n"));
    CHECK_THAT(mermaid(loop_trace(1)), !Contains("loop for ever\n"));
}

TEST_CASE("svg: messages that cross are lines that cross") {
    check_golden("crossing.svg", svg(crossing_trace()));
    check_golden("race.svg", svg(race_trace()));
}

TEST_CASE("svg: of a long run the middle is left out, with the ends of its messages") {
    Trace trace = empty_trace();
    for (const EventKind kind : {EventKind::send, EventKind::receive}) {
        for (int i = 1; i <= 60; ++i) {
            const Party party = kind == EventKind::send ? Party::left : Party::right;
            trace.events.push_back(event(party, kind, "Item(" + std::to_string(i) + ")", "", i));
        }
    }
    const std::string picture = svg(trace);
    CHECK_THAT(picture,
               Contains(">Item(1)<") && Contains("lines left out") && Contains(">Item(60)<"));
    CHECK_THAT(mermaid(trace), Contains("lines left out"));
}

TEST_CASE("shiviz: a receive knows what its sender knew") {
    check_golden("crossing.shiviz", shiviz(crossing_trace()));
}

TEST_CASE("junit: a violation is a failure, what is undecided or vacuous an error") {
    const std::vector<Report> all = reports();
    check_golden("junit.xml", junit(results_of(all)));
}

TEST_CASE("sarif: both ends of a race and the interleaving are in it") {
    const std::vector<Report> all = reports();
    check_golden("results.sarif", sarif(results_of(all)));
}

TEST_CASE("github: annotations stand at their places, and the summary has the charts") {
    const std::vector<Report> all = reports();
    check_golden("github_annotations.txt", github_annotations(results_of(all)));
    check_golden("summary.md", markdown(results_of(all)));
}

TEST_CASE("regression: a test that runs the trace again and fails as long as the bug is there") {
    Trace trace = crossing_trace();
    check_golden("regression_of_mutant_test.cpp.txt", regression_test(trace));
    trace.mutant.clear();
    CHECK_THAT(regression_test(trace), Contains("verdict != checker::Verdict::violated"));
}

TEST_CASE("html: a table of all results, and a picture of each counterexample") {
    const std::vector<Report> all = reports();
    check_golden("results.html", html(results_of(all)));
}

TEST_CASE("documents: the place of a violation is an end of the race, else the page's line") {
    CHECK(place_of(race_trace()) == Place{"spsc_queue.hpp", 143, "write of 2 bytes by requester"});
    Trace trace = crossing_trace();
    CHECK(place_of(trace) == Place{"specs/one_shot.md", 1, ""});
    trace.violation.detail = "its page allows that only here: specs/one_shot.md:52: a --> b : !C";
    CHECK(place_of(trace) == Place{"specs/one_shot.md", 52, ""});
    trace = race_trace();
    trace.race.clear();
    CHECK(place_of(trace) == Place{"protocols/model/spsc_queue.hpp", 174, ""});
}

TEST_CASE("documents: of a stack the innermost frame that is not the system's counts") {
    Trace trace = race_trace();
    trace.race[0].stack = {"std::swap /usr/include/c++/12/variant:1600", "push queue.hpp:9",
                           "main main.cpp:1"};
    trace.race[1].stack = {"memcpy"};
    CHECK(race_places(trace) ==
          std::vector{Place{"queue.hpp", 9, "write of 2 bytes by requester"}});
}

TEST_CASE("documents: nothing that a trace contains is markup or a command") {
    const std::vector<Report> all{violated(hostile_trace())};
    const std::vector<Result> results = results_of(all);
    for (const std::string& text : {svg(hostile_trace()), html(results), junit(results)}) {
        CHECK_THAT(text, !Contains("<script>") && Contains("&lt;script&gt;"));
    }
    const std::string annotations = github_annotations(results);
    CHECK(std::ranges::count(annotations, '\n') == 1);
    CHECK_THAT(markdown(results), !Contains("\n::error") && !Contains("<script>"));
    for (const std::string& text :
         {svg(hostile_trace()), html(results), junit(results), sarif(results), annotations,
          markdown(results), mermaid(hostile_trace()), shiviz(hostile_trace())}) {
        CHECK(
            std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
    }
}

}  // namespace parley::tests
