#include "parley/checker/render/coverage_text.hpp"

#include "parley/checker/coverage.hpp"
#include "parley/checker/page.hpp"
#include "parley/tests/checker/pages.hpp"
#include "parley/tests/golden.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace parley::tests {

using checker::Coverage;
using checker::Report;
using checker::Verdict;
using model::Party;
using specs::model::Page;

namespace {

Page one_shot_page() {
    return checker::read_page(
        "my.md", page_of("[*] --> idle;idle --> armed : !Arm;armed --> idle : ?Fired;"
                         "armed --> cancelling : !Cancel;cancelling --> idle : ?Cancelled;"
                         "cancelling --> idle : ?Fired, optional;idle --> [*]",
                         "[*] --> idle;idle --> armed : ?Arm;armed --> idle : !Fired;"
                         "armed --> idle : ?Cancel;idle --> [*]"));
}

Report report(std::string engine, bool has_slots) {
    Report report;
    report.protocol = "one_shot";
    report.engine = std::move(engine);
    report.verdict = Verdict::passed;
    report.coverage = checker::begin_coverage(one_shot_page(), 2, has_slots);
    return report;
}

/// Two engines: the first one never cancels, the second one has seen an optional transition.
std::vector<Report> coverage_reports() {
    std::vector<Report> reports{report("explore", false), report("stress", true)};
    for (Report& each : reports) {
        Coverage& coverage = *each.coverage;
        for (int i = 0; i < 1'234; ++i) coverage.take(Party::left, 0);
        coverage.take(Party::left, 1);
        coverage.take(Party::right, 0);
        coverage.take(Party::right, 1);
        coverage.push(Party::left, 2);
        coverage.pop(Party::left, 0);
    }
    reports[0].coverage->refuse(Party::left, 0);
    reports[0].coverage->find_full(Party::left);
    reports[1].coverage->take(Party::left, 4);
    reports[1].coverage->wrap(Party::left);
    return reports;
}

}  // namespace

TEST_CASE("coverage text: each edge with its counts, dotted where no engine has been") {
    check_golden("coverage.txt",
                 checker::render::coverage_text(one_shot_page(), coverage_reports(), {}));
}

TEST_CASE("coverage diagrams: flowcharts with dotted edges") {
    check_golden("coverage_diagrams.md",
                 checker::render::coverage_diagrams(one_shot_page(), coverage_reports()));
}

TEST_CASE("coverage text: a name that is too long is not cut") {
    std::vector<Report> many = coverage_reports();
    many.push_back(report("relacy", true));
    many.push_back(report("tsan", true));
    const std::string line = "      --?Fired--> idle (optional)";
    const auto narrow = checker::render::coverage_text(one_shot_page(), many, {.columns = 80});
    CHECK_THAT(narrow, Catch::Matchers::Contains(line + "\n" + std::string(43, ' ') +
                                                 "-           1           -"));
    const auto wide = checker::render::coverage_text(one_shot_page(), many, {.columns = 100});
    CHECK_THAT(
        wide, Catch::Matchers::Contains(line + std::string(30, ' ') + "-           1           -"));
}

TEST_CASE("coverage text: colour is only there when it is asked for") {
    const auto plain = checker::render::coverage_text(one_shot_page(), coverage_reports(), {});
    CHECK(plain.find('\033') == std::string::npos);
    const auto colour =
        checker::render::coverage_text(one_shot_page(), coverage_reports(), {.colour = true});
    CHECK(colour.find("\033[33m") != std::string::npos);
}

}  // namespace parley::tests
