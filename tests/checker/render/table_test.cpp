#include "parley/checker/render/table.hpp"
#include "parley/checker/render/matrix.hpp"
#include "parley/checker/render/report_text.hpp"
#include "parley/tests/checker/traces.hpp"
#include "parley/tests/golden.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace parley::tests {

using Catch::Matchers::Contains;
using checker::Report;
using checker::Verdict;

namespace {

Report report(std::string engine, Verdict verdict) {
    Report report;
    report.protocol = "one_shot";
    report.engine = std::move(engine);
    report.verdict = verdict;
    report.bounds = {{"capacity", 2}, {"rounds", 2}};
    report.counts = {{"executions", 1'234'567}};
    report.seed = 7;
    report.seconds = 1.5;
    report.meaning = "what the verdict means";
    return report;
}

std::vector<Report> all_verdicts() {
    std::vector<Report> reports{
        report("explore", Verdict::verified), report("relacy", Verdict::passed),
        report("stress", Verdict::incomplete), report("tsan", Verdict::violated)};
    reports[0].counts = {
        {"states", 12'345}, {"transitions", 67'890}, {"ends", 1}, {"bytes", 4'567'890}};
    reports[2].reason = "interrupted";
    reports[3].trace = race_trace();
    reports.push_back(report("explore", Verdict::vacuous));
    reports.back().protocol = "send";
    reports.back().reason = "sender never sends End";
    reports.back().seconds = 75;
    return reports;
}

}  // namespace

TEST_CASE("result table: one line for each report under its protocol, and what verdicts mean") {
    check_golden("result_table.txt", checker::render::result_table(all_verdicts(), {}));
}

TEST_CASE("result table: a count that has come to its end says so") {
    CHECK(checker::render::counts_text({{"executions", UINT64_MAX}, {"blocked", 1}}) ==
          "at least 18,446,744,073,709,551,615 executions, 1 blocked");
}

TEST_CASE("result table: says which scheduler it was, and how rare a failure may still be") {
    Report pct = report("explore", Verdict::passed);
    pct.scheduler = "pct";
    Report random = report("relacy", Verdict::passed);
    random.scheduler = "random";
    Report bounded = report("relacy", Verdict::passed);
    bounded.scheduler = "context_bound:3";
    Report known = report("explore", Verdict::violated);
    known.trace = crossing_trace();
    known.reason = "known from a.json";
    const std::string text = checker::render::result_table({pct, random, bounded, known}, {});
    CHECK_THAT(text, Contains("passed     pct, 1,234,567 executions, rate < 2.4e-06 "));
    CHECK_THAT(text, Contains("passed     1,234,567 executions, rate < 2.4e-06 "));
    CHECK_THAT(text, Contains("passed     context_bound:3, 1,234,567 executions "));
    CHECK_THAT(text, Contains(", known from a.json "));
}

TEST_CASE("result table: colour is only there when it is asked for") {
    const std::string plain = checker::render::result_table(all_verdicts(), {});
    CHECK(plain.find('\033') == std::string::npos);
    const std::string colour = checker::render::result_table(all_verdicts(), {.colour = true});
    CHECK(colour.find("\033[31m") != std::string::npos);
}

TEST_CASE("outcome table: most frequent first, with shares") {
    check_golden("outcome_table.txt",
                 checker::render::outcome_table(
                     {{"late cancel", 1}, {"fired", 1'000'000}, {"cancelled", 333'333}}, 80));
}

TEST_CASE("mutants matrix: time to find, what need not be found, and what went wrong") {
    using checker::render::Find;
    using checker::render::MatrixCell;
    const checker::render::TableStyle style;
    std::string text =
        checker::render::matrix_head("one_shot", {"explore", "relacy", "stress", "tsan"}, style);
    text += checker::render::matrix_row(
        "(original)",
        std::vector<MatrixCell>{
            {Find::clean, 1}, {Find::clean, 1}, {Find::unclean, 0}, {Find::clean, 1}},
        style);
    text += checker::render::matrix_row(
        "relaxed_publish",
        std::vector<MatrixCell>{
            {Find::not_run, 0}, {Find::found, 0.02}, {Find::survived, 0}, {Find::mistaken, 0}},
        style);
    check_golden("matrix.txt", text);
}

TEST_CASE("mutants matrix: names are whole, however many engines there are") {
    const std::string row = checker::render::matrix_row(
        "completion_touched_while_armed", std::vector<checker::render::MatrixCell>(7), {});
    CHECK_THAT(row, Catch::Matchers::StartsWith("  completion_touched_while_armed  "));
}

TEST_CASE("report text: a passing check says seed, bounds, counts, time and meaning") {
    Report passed = report("relacy", Verdict::passed);
    passed.scheduler = "random";
    passed.outcomes = {{"fired", 3}, {"cancelled", 1}};
    check_golden("report_passed.txt", checker::render::report_text(passed, "", {}));
}

TEST_CASE("report text: a failing check shows the property, a chart and a line that replays it") {
    Report failed = report("explore", Verdict::violated);
    failed.mutant = "late_cancel_hits_next_arm";
    failed.trace = crossing_trace();
    failed.lifted = "not lifted";
    check_golden("report_violated.txt",
                 checker::render::report_text(failed, "parley replay x/explore/-/-", {}));
}

TEST_CASE("report text: a command that replays a lifted run stays in one line") {
    Report failed = report("tsan", Verdict::violated);
    failed.lifted = "parley replay '" + std::string(150, 'x') + "'";
    const std::string text = checker::render::report_text(failed, "", {});
    CHECK(text.find(failed.lifted) != std::string::npos);
}

}  // namespace parley::tests
