#include "parley/checker/merge.hpp"

#include "parley/checker/json.hpp"
#include "parley/tests/checker/small_check.hpp"
#include "parley/tests/checker/small_protocols.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace parley::tests {

using checker::CheckOptions;
using checker::InputError;
using checker::Report;
using checker::ReportFile;
using checker::Verdict;

namespace {

CheckOptions campaign(std::uint32_t shard, std::uint32_t shards, std::uint64_t runs = 100) {
    CheckOptions check;
    check.scheduler = "random";
    check.seconds = 1000;
    check.executions_max = runs;
    check.shard = shard;
    check.shards = shards;
    return check;
}

template <class V>
Report shard_of(std::uint32_t shard, std::uint32_t shards) {
    return explored<V>({{"rounds", 3}, {"capacity", 2}}, campaign(shard, shards));
}

ReportFile file_of(const std::string& name, Report report) {
    return {name, {std::move(report)}};
}

/// Ten runs of a campaign.
Report campaign_report(Verdict verdict) {
    Report report;
    report.engine = "stress";
    report.verdict = verdict;
    if (verdict == Verdict::vacuous) report.reason = "no execution came to its end";
    report.counts = {{"executions", 10}};
    return report;
}

/// As it comes out of a file.
ReportFile written(const std::string& name, const Report& report) {
    return {name, checker::reports_from_json(checker::to_json(std::vector{report}), name)};
}

}  // namespace

TEST_CASE("merge: the shards of a campaign are its runs, each once") {
    const Report all = shard_of<CountedOneShot<0>>(1, 1);
    CHECK(all.count("executions") == 100);
    CHECK(all.parts.empty());
    std::vector<ReportFile> files;
    for (std::uint32_t shard = 1; shard <= 3; ++shard) {
        const Report part = shard_of<CountedOneShot<0>>(shard, 3);
        CHECK(part.count("executions") == (shard == 1 ? 34 : 33));
        files.push_back(written(std::to_string(shard), part));
    }
    const std::vector<Report> merged = checker::merge_reports(files);
    REQUIRE(merged.size() == 1);
    CHECK(merged[0].verdict == Verdict::passed);
    CHECK(merged[0].count("executions") == all.count("executions"));
    CHECK(merged[0].count("cut") == all.count("cut"));
    CHECK(merged[0].meaning == all.meaning);
    CHECK(merged[0].meaning.find("below 0.03 at 95 %") != std::string::npos);
    CHECK(merged[0].parts == std::vector<std::string>{"1:1/3", "1:2/3", "1:3/3"});
}

TEST_CASE("merge: a run that fails is in exactly one shard") {
    constexpr std::uint32_t runs = 20;
    const auto explore = [](std::uint32_t shard, std::uint32_t shards, std::uint64_t seed) {
        CheckOptions check = campaign(shard, shards, runs);
        check.seed = seed;
        return explored<CountedOneShot<1>>({{"rounds", 1}, {"capacity", 1}}, check);
    };
    // A campaign whose first run does not fail, and another one does.
    std::uint64_t seed = 1;
    while (explore(1, 1, seed).count("executions") == 1) ++seed;
    const Report all = explore(1, 1, seed);
    REQUIRE(all.verdict == Verdict::violated);
    std::uint32_t first_failing = 0;
    for (std::uint32_t run = runs; run >= 1; --run) {
        const Report part = explore(run, runs, seed);
        CHECK(part.count("executions") == 1);
        if (part.verdict == Verdict::violated) first_failing = run;
    }
    CHECK(first_failing == all.count("executions"));
}

TEST_CASE("merge: the verdict is the worst, with its trace") {
    Report good = shard_of<CountedOneShot<1>>(1, 2);
    Report bad = shard_of<CountedOneShot<1>>(2, 2);
    REQUIRE(bad.verdict == Verdict::violated);
    good.verdict = Verdict::passed;
    good.trace.reset();
    const auto merged = checker::merge_reports({file_of("a", good), file_of("b", bad)});
    CHECK(merged[0].verdict == Verdict::violated);
    CHECK(merged[0].trace == bad.trace);
    Report undecided = good;
    undecided.verdict = Verdict::incomplete;
    undecided.reason = "interrupted";
    undecided.parts = {"1:2/2"};
    const auto half = checker::merge_reports({file_of("a", good), file_of("b", undecided)});
    CHECK(half[0].verdict == Verdict::incomplete);
    CHECK(half[0].reason == "interrupted");
}

TEST_CASE("merge: what was merged can be merged again") {
    std::vector<ReportFile> files;
    for (std::uint32_t shard = 1; shard <= 4; ++shard) {
        files.push_back(written("file", shard_of<CountedOneShot<0>>(shard, 4)));
    }
    const auto first = checker::merge_reports({files[0], files[1]});
    const auto second = checker::merge_reports({files[2], files[3]});
    const auto all = checker::merge_reports({written("a", first[0]), written("b", second[0])});
    CHECK(all[0].count("executions") == 100);
    CHECK_THROWS_AS(checker::merge_reports({written("a", first[0]), files[1]}), InputError);
}

TEST_CASE("merge: the same runs twice, another check or a search is refused") {
    const Report one = shard_of<CountedOneShot<0>>(1, 2);
    const Report two = shard_of<CountedOneShot<0>>(2, 2);
    const auto refuses = [&](Report other) {
        CHECK_THROWS_AS(checker::merge_reports({file_of("a", one), file_of("b", other)}),
                        InputError);
    };
    CHECK_NOTHROW(checker::merge_reports({file_of("a", one), file_of("b", two)}));
    refuses(one);
    refuses(shard_of<CountedOneShot<0>>(1, 1));
    refuses(shard_of<CountedOneShot<0>>(2, 3));
    Report other = two;
    other.protocol = "other";
    refuses(other);
    other = two;
    other.bounds[0].second += 1;
    refuses(other);
    other = two;
    other.scheduler = "pct";
    refuses(other);
    other = two;
    other.depth = 4;
    refuses(other);
    other = two;
    other.parts = {"1:3/2"};
    refuses(other);
    other.parts = {"x"};
    refuses(other);
    refuses(explored<CountedOneShot<0>>({{"rounds", 3}, {"capacity", 2}}));
    CHECK_THROWS_AS(checker::merge_reports({file_of("a", one), {"b", {two, two}}}), InputError);
    Report reseeded = one;
    reseeded.seed = 2;
    reseeded.parts = {"2:1/2"};
    CHECK_NOTHROW(checker::merge_reports({file_of("a", one), file_of("b", reseeded)}));
}

TEST_CASE("merge: slices of a campaign add up to what it is at one go") {
    const auto slice = [](std::uint64_t before, std::uint64_t runs) {
        CheckOptions check = campaign(1, 1, runs);
        check.executions_before = before;
        return explored<CountedOneShot<0>>({{"rounds", 3}, {"capacity", 2}}, check);
    };
    Report sum = slice(0, 40);
    checker::add_runs(sum, slice(40, 100));
    const Report all = slice(0, 100);
    CHECK(sum.verdict == Verdict::passed);
    CHECK(sum.counts == all.counts);
    CHECK(sum.meaning == all.meaning);
}

TEST_CASE("merge: what one slice has not come to another one may, and a failure counts") {
    Report vacuous = campaign_report(Verdict::vacuous);
    checker::add_runs(vacuous, campaign_report(Verdict::passed));
    CHECK(vacuous.verdict == Verdict::passed);
    CHECK(vacuous.reason.empty());
    checker::add_runs(vacuous, campaign_report(Verdict::vacuous));
    CHECK(vacuous.verdict == Verdict::passed);
    Report failing = campaign_report(Verdict::violated);
    failing.trace = checker::Trace{};
    failing.seed = 5;
    checker::add_runs(vacuous, failing);
    CHECK(vacuous.verdict == Verdict::violated);
    CHECK(vacuous.seed == 5);
    CHECK(vacuous.trace);
    CHECK(vacuous.count("executions") == 40);
}

}  // namespace parley::tests
