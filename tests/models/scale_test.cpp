#include "parley/tests/models/run_models.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace parley::tests {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

void check_refused(const std::string& arguments, const std::string& words) {
    const Ended ended = run_models(arguments);
    INFO(arguments);
    CHECK(ended.code == 2);
    CHECK(ended.output.empty());
    CHECK_THAT(ended.errors, StartsWith("parley: ") && Contains(words));
    CHECK(std::count(ended.errors.begin(), ended.errors.end(), '\n') == 1);
}

/// Starts a search and kills it as soon as it has written its checkpoint.
void kill_after_checkpoint(const std::string& arguments, const std::string& file) {
    const std::string script = "'" PARLEY_MODELS_COMMAND "' " + arguments +
                               " >/dev/null 2>&1 & search=$!; while [ ! -e '" + file +
                               "' ] && kill -0 $search; do sleep 0.01; done; kill -9 $search; "
                               "wait $search 2>/dev/null";
    static_cast<void>(std::system(script.c_str()));
}

}  // namespace

TEST_CASE("models: a search that was killed goes on from its checkpoint to the same counts",
          "[models][large]") {
    const TemporaryFolder folder;
    const std::string file = folder.file("check");
    const std::string arguments =
        "check subshot --set K=4 --set P=3 --checkpoint-seconds 0.02 --checkpoint '" + file + "'";
    kill_after_checkpoint(arguments, file);
    REQUIRE(std::filesystem::exists(file));
    const Ended ended = run_models(arguments);
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("736,272 states, 2,559,919 transitions, 1 end"));
    CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("models: a checkpoint that is cut off is bad input and stays", "[models]") {
    const TemporaryFolder folder;
    const std::string file = folder.file("check");
    const std::string arguments = "check subshot --set P=2 --states-max 1000 --checkpoint " + file;
    CHECK(run_models(arguments).code == 3);
    const std::string whole = read_file(file);
    const std::string half = whole.substr(0, whole.size() / 2);
    write_file(file, half);
    check_refused(arguments, "is no whole checkpoint");
    CHECK(read_file(file) == half);
    write_file(file, whole);
    check_refused("check subshot --set P=3 --checkpoint " + file, "of another check");
    CHECK(read_file(file) == whole);
    CHECK(run_models("check subshot --set P=2 --checkpoint " + file).code == 0);
}

TEST_CASE("models: a search that needs more memory than it may have says so", "[models]") {
    const Ended ended = run_models("check subshot --set K=4 --set P=3 --memory 8M");
    CHECK(ended.code == 3);
    CHECK_THAT(ended.output, Contains("incomplete") && Contains("reason    memory"));
    CHECK(run_models("check subshot --set K=4 --set P=3 --memory 1G").code == 0);
}

TEST_CASE("models: the shards of a campaign, run by GNU parallel, are put together", "[models]") {
    const TemporaryFolder folder;
    const std::string campaign = "check p5_oneshot --random --seconds 1000 --executions-max 3000 ";
    const Ended shards =
        run_models(campaign + "--shard {}/4 --json " + folder.file("{}.json"), "seq 4 | parallel");
    REQUIRE(shards.code == 0);
    const Ended merged = run_models("merge " + folder.file("*.json"));
    CHECK(merged.code == 0);
    CHECK_THAT(merged.output, Contains("nothing found in 3000 executions: failure rate below "
                                       "0.001") &&
                                  Contains("3,000 executions"));
    const std::string one = folder.file("1.json");
    check_refused("merge " + one + " " + one, "would count twice");
    CHECK(run_models(campaign + "--set N=1 --json " + folder.file("other")).code == 0);
    check_refused("merge " + one + " " + folder.file("other"), "of another check");
    check_refused("merge " + folder.file("none"), "none");
    write_file(folder.file("text"), "{}");
    check_refused("merge " + folder.file("text"), "is not a trace");
}

TEST_CASE("models: shards, sizes and checkpoints that make no sense are refused", "[models]") {
    const std::vector<std::pair<std::string, std::string>> rows{
        {"--random --shard 3/2", "--shard must be I/N"},
        {"--random --shard 0/2", "--shard must be I/N"},
        {"--random --shard 2", "--shard must be I/N"},
        {"--random --shard x/y", "--shard must be I/N"},
        {"--shard 1/2", "--shard needs"},
        {"--threads 0", "--threads must be"},
        {"--reduce --random", "--reduce is for"},
        {"--reduce --checkpoint f", "--reduce is for"},
        {"--memory 0", "--memory must be"},
        {"--memory 3X", "--memory must be"},
        {"--memory 99999999999999G", "--memory must be"},
        {"--memory ''", "--memory must be"},
        {"--checkpoint-seconds 3", "needs --checkpoint"},
        {"--checkpoint-seconds x --checkpoint f", "--checkpoint-seconds must be"},
        {"--random --checkpoint f", "one exhaustive search"},
        {"p1_send --checkpoint f", "one exhaustive search"},
        {"--checkpoint /nowhere/at/all", "cannot write /nowhere/at/all"},
        {"--checkpoint /", "is no checkpoint"},
    };
    for (const auto& [options, words] : rows) check_refused("check subshot " + options, words);
}

}  // namespace parley::tests
