#include "parley/tests/models/run_models.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

namespace parley::tests {

using Catch::Matchers::Contains;

namespace {

/// The exit code that the lines of a table stand for.
int code_of_table(const std::string& output) {
    const auto has = [&](const std::string& verdict) {
        return output.find("\n  explore " + verdict) != std::string::npos;
    };
    if (has("violated")) return 1;
    return has("incomplete") || has("vacuous") ? 3 : 0;
}

}  // namespace

TEST_CASE("budget: searches that end leave nothing to be done") {
    const Ended ended = run_models("check --seconds 600");
    CHECK(ended.code == 0);
    CHECK(code_of_table(ended.output) == 0);
    CHECK_THAT(ended.output, Contains("p1_send") && Contains("subshot") &&
                                 !Contains("incomplete") && !Contains("pct"));
}

TEST_CASE("budget: a search that is cut off is undecided, and random runs take its place") {
    const Ended ended = run_models("check subshot --set K=12 --set P=4 --seconds 8");
    CHECK(ended.code == 3);
    CHECK(code_of_table(ended.output) == 3);
    CHECK_THAT(ended.output, Contains("explore incomplete out of time") &&
                                 Contains("explore passed     pct, ") &&
                                 Contains("explore passed     bursty, "));
}

TEST_CASE("budget: who names the engine gets that, and no other scheduler") {
    const Ended ended =
        run_models("check subshot --engine explore --set K=8 --set P=3 --seconds 0.5");
    CHECK(ended.code == 3);
    CHECK_THAT(ended.output, Contains("out of time") && !Contains("pct") && !Contains("bursty"));
}

TEST_CASE("budget: what has got no time is undecided, and said") {
    const Ended ended = run_models("check --seconds 0.001");
    CHECK(ended.code == 3);
    CHECK(code_of_table(ended.output) == 3);
    CHECK_THAT(ended.output, Contains("subshot") && Contains("no time was left for it"));
}

TEST_CASE("budget: a violation is one, whatever else there was no time for") {
    const Ended ended = run_models("check p5_oneshot --set BUG=1 --seconds 600");
    CHECK(ended.code == 1);
    CHECK(code_of_table(ended.output) == 1);
}

TEST_CASE(
    "budget: known failures come first and are in the table; without time they are undecided") {
    const TemporaryFolder folder;
    const std::string corpus = " --corpus '" + folder.file("corpus") + "'";
    const std::string check = "check p5_oneshot --set BUG=1 --states-max 1 --seconds ";
    REQUIRE(run_models("check p5_oneshot --set BUG=1" + corpus).code == 1);
    const Ended again = run_models(check + "600 --engine explore" + corpus);
    CHECK(again.code == 1);
    CHECK(code_of_table(again.output) == 1);
    CHECK_THAT(again.output, Contains("it fails again") && Contains("known from"));
    // So many that it takes longer to read them.
    const std::string file = std::filesystem::directory_iterator(folder.file("corpus"))->path();
    for (int i = 0; i < 200; ++i) {
        std::filesystem::copy_file(file, folder.file("corpus/" + std::to_string(i) + ".json"));
    }
    const Ended without = run_models(check + "0.001 --engine explore" + corpus);
    CHECK(without.code == code_of_table(without.output));
    CHECK(without.code != 0);
    CHECK_THAT(without.output, Contains("no time was left for what is known from"));
}

}  // namespace parley::tests
