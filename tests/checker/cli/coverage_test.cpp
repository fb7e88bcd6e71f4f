#include "parley/tests/checker/cli/command.hpp"

#include "parley/checker/engines.hpp"
#include "parley/checker/json.hpp"
#include "parley/checker/report.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace parley::tests {

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using checker::Report;

TEST_CASE("command: --coverage prints what was reached of the page, exactly for explore") {
    const Ended ended = run_parley("check cancelable_one_shot --transport fifo --coverage");
    CHECK(ended.code == 0);
    CHECK(ended.errors.empty());
    for (const char* line :
         {"cancelable_one_shot  10 of 10 promises of the page reached\n",
          "      --!Cancel--> cancelling  ", "  192\n        found no room",
          "      ..!Fired..> idle (optional)  ", "    s2 -.->|\"!Fired, optional\"| s0\n"}) {
        CHECK_THAT(ended.output, Contains(line));
    }
}

TEST_CASE("command: without --coverage nothing is said of what was reached") {
    const Ended ended = run_parley("check cancelable_one_shot --engine explore");
    CHECK_THAT(ended.output, !Contains("promises of the page"));
}

TEST_CASE("command: pages have no coverage of their own") {
    check_bad_input("check --coverage " + std::string{PARLEY_TESTS_DIR} + "/../specs/send.md",
                    "--coverage is for protocols");
}

TEST_CASE("command: coverage is in the JSON of each engine, and real queues wrap") {
    const TemporaryFolder folder;
    const std::string file = folder.file("reports.json");
    const Ended ended = run_parley("check send --json '" + file + "'");
    INFO(ended.output);
    CHECK(ended.code == 0);
    const std::vector<Report> reports = checker::reports_from_json(read_file(file), file);
    REQUIRE(reports.size() >= 2);
    for (const Report& report : reports) {
        INFO(report.engine);
        REQUIRE(report.coverage);
        // Every run has at most 6 items, of which at least one is sent, and one end.
        CHECK(report.coverage->transitions[0][0].taken > 0);
        CHECK(report.coverage->transitions[0][1].taken > 0);
        const auto& wrapped = report.coverage->queues[0].wrapped;
        CHECK(wrapped.has_value() == (report.engine != "explore"));
        // A blocked execution may use a slot again as well; rc11 runs one of many that are alike.
        if (wrapped) CHECK(*wrapped > 0);
        if (wrapped && !checker::is_rc11(report.engine))
            CHECK(*wrapped == report.count("executions"));
    }
}

}  // namespace parley::tests
