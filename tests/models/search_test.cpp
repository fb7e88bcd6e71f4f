#include "parley/checker/catalog.hpp"
#include "parley/checker/report.hpp"
#include "parley/tests/models/bounds.hpp"
#include "parley/tests/models/expected_counts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::tests {

namespace {

using checker::CheckOptions;
using checker::Report;
using checker::Verdict;

Report explored(std::string_view model, const CheckOptions& check) {
    const auto& catalog = checker::catalog();
    const auto found = std::ranges::find(catalog, model, &checker::ProtocolEntry::name);
    REQUIRE(found != catalog.end());
    return found->engines.front().variants.front().runner.check(check);
}

/// Without bytes: each thread has tables of its own.
std::vector<std::pair<std::string, std::uint64_t>> counts_of(const Report& report) {
    auto counts = report.counts;
    std::erase_if(counts, [](const auto& count) { return count.first == "bytes"; });
    return counts;
}

void check_same(const Report& report, const Report& expected) {
    CHECK(report.verdict == expected.verdict);
    CHECK(report.reason == expected.reason);
    CHECK(report.trace == expected.trace);
}

/// "The client comes to its end" in one model.
struct Promise {
    const char* model;
    const char* bounds;
    const char* fairness;
    bool holds;
};

/// Spin's verdicts on `<> cfin`, without fairness and with weak fairness for each process. What
/// fails by an assertion or in a state without steps fails here as well.
constexpr Promise promises[] = {
    {"p1_send", "K=2 N=4 TR=0", "none", true},
    {"p1_send", "K=2 N=4 TR=0", "process", true},
    {"p1_send", "K=2 N=4 TR=1", "none", false},
    {"p1_send", "K=2 N=4 TR=1", "process", false},
    {"p1_send", "K=2 N=4 TR=3", "none", false},
    {"p1_send", "K=2 N=4 TR=3", "process", false},
    {"p2_reqrep", "K=2 N=4 TR=0", "none", true},
    {"p2_reqrep", "K=2 N=4 TR=0", "process", true},
    {"p2_reqrep", "K=2 N=4 TR=1", "none", false},
    {"p2_reqrep", "K=2 N=4 TR=1", "process", false},
    {"p2_reqrep", "K=2 N=4 TR=3", "none", false},
    {"p2_reqrep", "K=2 N=4 TR=3", "process", true},
    {"p3_multirep", "K=2 N=2 M=2 TR=0", "none", true},
    {"p3_multirep", "K=2 N=2 M=2 TR=0", "process", true},
    {"p3_multirep", "K=2 N=2 M=2 TR=1", "none", false},
    {"p3_multirep", "K=2 N=2 M=2 TR=1", "process", false},
    {"p3_multirep", "K=2 N=2 M=2 TR=3", "none", false},
    {"p3_multirep", "K=2 N=2 M=2 TR=3", "process", false},
    {"p4_subscr", "K=2 N=2 Q=16 SVEND=0 TR=0", "none", false},
    {"p4_subscr", "K=2 N=2 Q=16 SVEND=0 TR=0", "process", false},
    {"p4_subscr", "K=2 N=2 Q=16 SVEND=0 TR=1", "none", false},
    {"p4_subscr", "K=2 N=2 Q=16 SVEND=0 TR=1", "process", false},
    {"p4_subscr", "K=2 N=2 Q=16 SVEND=0 TR=3", "none", false},
    {"p4_subscr", "K=2 N=2 Q=16 SVEND=0 TR=3", "process", false},
    {"p5_oneshot", "K=2 N=4 TR=0", "none", true},
    {"p5_oneshot", "K=2 N=4 TR=0", "process", true},
    {"p5_oneshot", "K=2 N=4 TR=1", "none", false},
    {"p5_oneshot", "K=2 N=4 TR=1", "process", false},
    {"p5_oneshot", "K=2 N=4 TR=3", "none", false},
    {"p5_oneshot", "K=2 N=4 TR=3", "process", true},
    {"p2r_reliable", "K=2 N=3 TR=0 RT=0", "none", true},
    {"p2r_reliable", "K=2 N=3 TR=0 RT=0", "process", true},
    {"p2r_reliable", "K=2 N=3 TR=1 F=3 RT=0", "none", true},
    {"p2r_reliable", "K=2 N=3 TR=1 F=3 RT=0", "process", true},
    {"p2r_reliable", "K=2 N=3 TR=3 RT=0", "none", false},
    {"p2r_reliable", "K=2 N=3 TR=3 RT=0", "process", true},
    {"subshot", "K=2 P=1 R=1 Q=4 S=1", "none", false},
    {"subshot", "K=2 P=1 R=1 Q=4 S=1", "process", false},
};

constexpr std::uint64_t compared_states_max = 10'000;
constexpr std::uint64_t tiny_states_max = 1'000;

}  // namespace

TEST_CASE("models: what Spin says of runs without end is so", "[counts]") {
    for (const Promise& row : promises) {
        CAPTURE(row.model, row.bounds, row.fairness);
        CheckOptions check = with_bounds(row.bounds);
        check.fairness = row.fairness;
        const Report report = explored(row.model, check);
        CHECK(report.verdict == (row.holds ? Verdict::verified : Verdict::violated));
    }
}

TEST_CASE("models: verdict, counts and counterexample do not depend on the number of threads",
          "[explore][large]") {
    for (const ExpectedCounts& row : expected_counts()) {
        if (row.states > tiny_states_max) continue;
        CAPTURE(row.model, row.bounds);
        for (const bool is_reduced : {false, true}) {
            CheckOptions check = with_bounds(row.bounds);
            check.is_reduced = is_reduced;
            const Report expected = explored(row.model, check);
            check.threads = 3;
            const Report report = explored(row.model, check);
            check_same(report, expected);
            CHECK(counts_of(report) == counts_of(expected));
        }
    }
}

TEST_CASE(
    "models: what many blocks of states have in common is the same with any number of threads",
    "[explore][counts_large]") {
    for (const ExpectedCounts& row : expected_counts()) {
        if (row.states <= tiny_states_max || row.states > 3 * small_states_max) continue;
        for (const std::uint32_t threads : {2U, 5U}) {
            CAPTURE(row.model, row.bounds, threads);
            CheckOptions check = with_bounds(row.bounds);
            check.is_safety_only = threads == 2;
            check.threads = threads;
            const Report report = explored(row.model, check);
            CHECK(report.count("states") == row.states);
            CHECK(report.count("transitions") + row.self_loops + 1 == row.transitions);
        }
    }
}

TEST_CASE("models: a reduced search has the verdict and counterexample of a search of all",
          "[explore][large]") {
    for (const ExpectedCounts& row : expected_counts()) {
        if (row.states > 20 * compared_states_max) continue;
        CAPTURE(row.model, row.bounds);
        for (const bool is_safety_only : {true, false}) {
            CheckOptions check = with_bounds(row.bounds);
            check.is_safety_only = is_safety_only;
            const Report expected = explored(row.model, check);
            check.is_reduced = true;
            const Report report = explored(row.model, check);
            check_same(report, expected);
            CHECK(report.count("states") <= expected.count("states"));
        }
    }
}

TEST_CASE("models: a search for safety is reduced where that is sound, and says so", "[explore]") {
    CheckOptions check = with_bounds("K=4 P=2");
    check.is_safety_only = true;
    const Report all = explored("subshot", check);
    check.is_reduced = true;
    const Report reduced = explored("subshot", check);
    CHECK(reduced.is_reduced);
    CHECK_FALSE(all.is_reduced);
    CHECK(all.count("states") == 31'523);
    CHECK(reduced.count("states") == 13'115);
    CHECK(reduced.count("ends") == all.count("ends"));
    // A transport has steps of its own.
    check = with_bounds("K=2 N=3 TR=3");
    check.is_safety_only = check.is_reduced = true;
    CHECK_FALSE(explored("p2_reqrep", check).is_reduced);
}

}  // namespace parley::tests
