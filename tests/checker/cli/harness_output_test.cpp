#include "parley/checker/cli/harness_output.hpp"

#include "parley/checker/json.hpp"
#include "parley/checker/require.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>

namespace parley::tests {

using checker::CommandResult;
using checker::Report;
using checker::Verdict;

namespace {

/// What a harness writes, and how it ended.
CommandResult wrote(Verdict verdict, int exit_code, int signal = 0) {
    Report report;
    report.engine = "stress";
    report.verdict = verdict;
    CommandResult result;
    result.exit_code = exit_code;
    result.signal = signal;
    result.output = "a line of the code under check\n" + to_json(report) + "\n";
    return result;
}

}  // namespace

TEST_CASE("harness output: good news counts only from a harness that came to its own end") {
    const auto verdict = GENERATE(Verdict::verified, Verdict::passed, Verdict::incomplete);
    const int own_end = exit_code(verdict);
    const std::optional<Report> report = cli::report_in("harness", wrote(verdict, own_end));
    REQUIRE(report);
    CHECK(report->verdict == verdict);
    CHECK_THROWS_AS(cli::report_in("harness", wrote(verdict, own_end + 1)), checker::InternalError);
    CHECK_THROWS_AS(cli::report_in("harness", wrote(verdict, -1, 11)), checker::InternalError);
}

TEST_CASE("harness output: a violation counts however the harness ended") {
    for (const CommandResult& result :
         {wrote(Verdict::violated, 1), wrote(Verdict::violated, -1, 11)}) {
        const std::optional<Report> report = cli::report_in("harness", result);
        REQUIRE(report);
        CHECK(report->verdict == Verdict::violated);
    }
}

TEST_CASE("harness output: a harness that has written no whole report has found nothing") {
    CommandResult result = wrote(Verdict::verified, 0);
    CHECK(cli::report_in("harness", result));
    result.output.resize(result.output.rfind('}') + 1);
    CHECK_FALSE(cli::report_in("harness", result));
    result.output = "nothing of the kind\n";
    CHECK_FALSE(cli::report_in("harness", result));
}

}  // namespace parley::tests
