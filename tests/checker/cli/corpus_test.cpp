#include "parley/checker/json.hpp"
#include "parley/tests/checker/cli/command.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace parley::tests {

using Catch::Matchers::Contains;

namespace {

const std::string failing = "check cancelable_one_shot --mutant both_outcomes --engine ";

std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        files.push_back(entry.path().string());
    }
    return files;
}

/// The only report of the only file of a corpus.
checker::Report only_report(const std::string& corpus) {
    const std::vector<std::string> files = files_in(corpus);
    REQUIRE(files.size() == 1);
    const auto reports = checker::reports_from_json(read_file(files[0]), files[0]);
    REQUIRE(reports.size() == 1);
    return reports[0];
}

}  // namespace

TEST_CASE("corpus: what is found is kept, and looked at first from then on") {
    const TemporaryFolder folder;
    const std::string corpus = folder.file("deep/corpus");
    const Ended first = run_parley(failing + "explore --corpus '" + corpus + "'");
    CHECK(first.code == 1);
    CHECK_THAT(first.output, Contains("kept in the corpus: " + corpus +
                                      "/cancelable_one_shot+both_"
                                      "outcomes-explore-"));
    const std::string file = files_in(corpus).at(0);
    // A search that may see one state does not come to it: only the corpus knows.
    const std::string short_search = failing + "explore --states-max 1";
    CHECK(run_parley(short_search).code == 3);
    const Ended again = run_parley(short_search + " --corpus '" + corpus + "' --json '" +
                                   folder.file("a.json") + "'");
    CHECK(again.code == 1);
    CHECK_THAT(again.output, Contains("known: " + file + ": it fails again"));
    CHECK(files_in(corpus) == std::vector{file});
    const auto reports = checker::reports_from_json(read_file(folder.file("a.json")), "a.json");
    CHECK(reports.size() == 2);
}

TEST_CASE("corpus: the original is not judged by the failures of a mutant, nor by another one's") {
    const TemporaryFolder folder;
    const std::string corpus = folder.file("corpus");
    REQUIRE(run_parley(failing + "explore --corpus '" + corpus + "'").code == 1);
    const Ended original =
        run_parley("check cancelable_one_shot --engine explore --corpus '" + corpus + "'");
    CHECK(original.code == 0);
    CHECK_THAT(original.output, !Contains("known"));
}

TEST_CASE("corpus: a run whose choices do not fit any more is found by its messages") {
    const TemporaryFolder folder;
    const std::string corpus = folder.file("corpus");
    REQUIRE(run_parley(failing + "explore --corpus '" + corpus + "'").code == 1);
    checker::Report report = only_report(corpus);
    report.trace->choices.assign(3, {40, 39});
    write_file(files_in(corpus).at(0), checker::to_json(std::vector{report}));
    const Ended again = run_parley(failing + "explore --corpus '" + corpus + "'");
    CHECK_THAT(again.output, Contains("it fails again"));
    const Ended replayed = run_parley("replay '" + files_in(corpus).at(0) + "'");
    CHECK(replayed.code == 1);
    CHECK_THAT(replayed.output,
               Contains("by its messages: its choices do not fit any more, at event "));
}

TEST_CASE("corpus: a failure that was mended is said to be one, and is no violation") {
    const TemporaryFolder folder;
    const std::string corpus = folder.file("corpus");
    REQUIRE(run_parley(failing + "explore --corpus '" + corpus + "'").code == 1);
    checker::Report report = only_report(corpus);
    report.mutant.clear();
    report.trace->mutant.clear();
    write_file(files_in(corpus).at(0), checker::to_json(std::vector{report}));
    const Ended ended =
        run_parley("check cancelable_one_shot --engine explore --corpus '" + corpus + "'");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("it does not fail any more"));
}

TEST_CASE("corpus: a run of real threads is found again in the model", "[stress]") {
    const TemporaryFolder folder;
    const std::string corpus = folder.file("corpus");
    REQUIRE(run_parley(failing + "stress --seconds 2 --corpus '" + corpus + "'").code == 1);
    const Ended again = run_parley(failing + "explore --states-max 1 --corpus '" + corpus + "'");
    CHECK(again.code == 1);
    CHECK_THAT(again.output, Contains("it fails again"));
}

TEST_CASE("corpus: a file in it that is none is refused, and nothing is checked") {
    const TemporaryFolder folder;
    write_file(folder.file("a.json"), "{");
    write_file(folder.file("README"), "not looked at");
    check_bad_input("check send --engine explore --corpus '" + folder.file("") + "'", "a.json");
    std::filesystem::remove(folder.file("a.json"));
    CHECK(run_parley("check send --engine explore --corpus '" + folder.file("") + "'").code == 0);
    check_bad_input("check send --engine explore --corpus '" + folder.file("README") + "'",
                    "cannot read");
}

TEST_CASE("regress: writes a test, never over a file") {
    const TemporaryFolder folder;
    const std::string trace = folder.file("t.json");
    REQUIRE(run_parley(failing + "explore --json '" + trace + "'").code == 1);
    const std::string into = folder.file("x_test.cpp");
    CHECK(run_parley("regress '" + trace + "' --into '" + into + "'").code == 0);
    CHECK_THAT(read_file(into), Contains("TEST_CASE(\"cancelable_one_shot + both_outcomes"));
    CHECK(run_parley("regress '" + trace + "'").output == read_file(into));
    check_bad_input("regress '" + trace + "' --into '" + into + "'", "cannot write");
    check_bad_input("regress '" + into + "'", "x_test.cpp");
}

}  // namespace parley::tests
