#include "parley/checker/catalog.hpp"
#include "parley/checker/report.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/tests/models/expected_counts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace parley::tests {

namespace {

using checker::Report;
using checker::Verdict;

/// A row with more states takes more than a second.
constexpr std::uint64_t small_states_max = 1'000'000;

/// "K=2 N=3" as bounds of a check.
std::map<std::string, int> parsed(const std::string& text) {
    std::map<std::string, int> bounds;
    std::istringstream words{text};
    for (std::string word; words >> word;) {
        const std::size_t equals = word.find('=');
        bounds[word.substr(0, equals)] = std::stoi(word.substr(equals + 1));
    }
    return bounds;
}

Report explored(const ExpectedCounts& row) {
    const auto& catalog = checker::catalog();
    const auto found = std::ranges::find(catalog, row.model, &checker::ProtocolEntry::name);
    REQUIRE(found != catalog.end());
    checker::CheckOptions check;
    check.bounds = parsed(row.bounds);
    check.is_safety_only = true;
    return found->engines.front().variants.front().runner.check(check);
}

Finding finding_of(const Report& report) {
    namespace property = specs::model::property;
    if (report.verdict != Verdict::violated) return Finding::none;
    const std::string& failed = report.trace->violation.property;
    if (failed == property::unspecified_reception) return Finding::reception;
    REQUIRE((failed == property::deadlock || failed == property::orphan_message));
    return Finding::end;
}

void check_row(const ExpectedCounts& row) {
    CAPTURE(row.model, row.bounds);
    const Report report = explored(row);
    CHECK(finding_of(report) == row.finding);
    if (row.finding == Finding::none) {
        CHECK(report.verdict == Verdict::verified);
        CHECK(report.count("states") == row.states);
        CHECK(report.count("transitions") + row.self_loops + 1 == row.transitions);
        if (row.model == "subshot") CHECK(report.count("ends") == 1);
    } else {
        CHECK(report.verdict == Verdict::violated);
        CHECK(report.count("steps") == row.steps);
    }
}

void check_small_rows(std::string_view model) {
    for (const ExpectedCounts& row : expected_counts()) {
        if (row.model == model && row.states <= small_states_max) check_row(row);
    }
}

std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields;
    std::istringstream stream{line};
    for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
    fields.resize(9);
    return fields;
}

/// One safety row of a table of results: model, bounds, check, states, transitions, two counts of
/// a reduced search, verdict, steps.
std::string summary_of(const std::vector<std::string>& fields) {
    const std::string& verdict = fields[7];
    std::string finding = "passes " + fields[3] + " " + fields[4];
    if (verdict.starts_with("FAIL assert")) finding = "reception " + fields[8];
    if (verdict.starts_with("FAIL deadlock/orphan")) finding = "end " + fields[8];
    return fields[0] + " " + fields[1] + ": " + finding;
}

std::string summary_of(const ExpectedCounts& row) {
    const std::string finding =
        row.finding == Finding::none
            ? "passes " + std::to_string(row.states) + " " + std::to_string(row.transitions)
            : (row.finding == Finding::end ? "end " : "reception ") + std::to_string(row.steps);
    return row.model + " " + row.bounds + ": " + finding;
}

}  // namespace

TEST_CASE("counts: p1_send, numbers in order", "[counts]") {
    check_small_rows("p1_send");
}

TEST_CASE("counts: p2_reqrep, replies in any order", "[counts]") {
    check_small_rows("p2_reqrep");
}

TEST_CASE("counts: p2r_reliable, requests that are sent again", "[counts]") {
    check_small_rows("p2r_reliable");
}

TEST_CASE("counts: p3_multirep, parts and one Done", "[counts]") {
    check_small_rows("p3_multirep");
}

TEST_CASE("counts: p4_subscr, sessions with a final message", "[counts]") {
    check_small_rows("p4_subscr");
}

TEST_CASE("counts: p5_oneshot, cancelable one-shots", "[counts]") {
    check_small_rows("p5_oneshot");
}

TEST_CASE("counts: subshot, a subscription beside one-shots", "[counts]") {
    check_small_rows("subshot");
}

TEST_CASE("counts: models with millions of states", "[counts_large]") {
    for (const ExpectedCounts& row : expected_counts()) {
        if (row.states > small_states_max) check_row(row);
    }
}

TEST_CASE("counts: every model has rows, and every row a model", "[counts]") {
    std::set<std::string> models;
    for (const auto& protocol : checker::catalog()) models.emplace(protocol.name);
    std::set<std::string> counted;
    for (const ExpectedCounts& row : expected_counts()) counted.insert(row.model);
    CHECK(counted == models);
    CHECK(models.size() == 7);
    CHECK(expected_counts().size() == 166);
}

TEST_CASE("counts: the rows here are those of the table of reference", "[reference]") {
    std::ifstream table{PARLEY_EXPECTED_COUNTS};
    REQUIRE(table);
    std::vector<std::string> theirs;
    for (std::string line; std::getline(table, line);) {
        const std::vector<std::string> fields = fields_of(line);
        if (fields[2].starts_with("safety")) theirs.push_back(summary_of(fields));
    }
    std::vector<std::string> ours;
    for (const ExpectedCounts& row : expected_counts()) ours.push_back(summary_of(row));
    std::ranges::sort(theirs);
    std::ranges::sort(ours);
    CHECK(ours == theirs);
}

}  // namespace parley::tests
