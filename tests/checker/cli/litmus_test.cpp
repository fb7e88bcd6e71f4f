#include "parley/tests/checker/cli/command.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace parley::tests {

namespace {

/// Store buffering with a number of executions that may be wrong.
std::string store_buffering(int executions) {
    const std::string load = R"({"op":"load","dst":"r","mo":"rlx","loc":)";
    const std::string store = R"({"op":"store","val":1,"mo":"rlx","loc":)";
    return R"({"id":"SB","vars":{"x":{"init":0},"y":{"init":0}},"threads":[)"
           R"({"regs":["r"],"ops":[)" +
           store + R"("x"},)" + load + R"("y"}]},{"regs":["r"],"ops":[)" + store + R"("y"},)" +
           load + R"("x"}]}],"rc20":{"executions":)" + std::to_string(executions) + "}}\n";
}

}  // namespace

TEST_CASE("litmus: says where it agrees, and ends with 0 when everywhere") {
    const TemporaryFolder folder;
    write_file(folder.file("good.json"), store_buffering(4) + store_buffering(4));
    const Ended ended = run_parley("litmus " + folder.file("good.json"));
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Catch::Matchers::Contains("2 of 2 equal"));
}

TEST_CASE("litmus: a disagreement is printed and ends with 1") {
    const TemporaryFolder folder;
    write_file(folder.file("bad.json"), store_buffering(5));
    const Ended ended = run_parley("litmus " + folder.file("bad.json"));
    CHECK(ended.code == 1);
    CHECK_THAT(ended.output, Catch::Matchers::Contains("SB: 4 executions instead of 5") &&
                                 Catch::Matchers::Contains("0 of 1 equal"));
}

TEST_CASE("litmus: processes and shards change what is said of no test") {
    const TemporaryFolder folder;
    write_file(folder.file("tests.json"),
               store_buffering(4) + store_buffering(5) + store_buffering(4) + store_buffering(4));
    const std::string tests = "litmus " + folder.file("tests.json");
    const Ended alone = run_parley(tests + " --jobs 1");
    CHECK(alone.code == 1);
    CHECK_THAT(alone.output, Catch::Matchers::Contains("3 of 4 equal") &&
                                 Catch::Matchers::Contains("16 executions"));
    CHECK(run_parley(tests + " --jobs 3").output == alone.output);
    const Ended second = run_parley(tests + " --shard 2/2");
    CHECK(second.code == 1);
    CHECK_THAT(second.output, Catch::Matchers::Contains("1 of 2 equal") &&
                                  Catch::Matchers::Contains("8 executions"));
    const Ended first = run_parley(tests + " --shard 1/2");
    CHECK(first.code == 0);
    CHECK_THAT(first.output, Catch::Matchers::Contains("2 of 2 equal"));
    check_bad_input(tests + " --jobs 0", "--jobs must be a whole number from 1 to 64");
    check_bad_input(tests + " --shard 3/2", "--shard must be I/N");
}

TEST_CASE("litmus: a file that cannot be used is bad input") {
    const TemporaryFolder folder;
    write_file(folder.file("good.json"), store_buffering(4));
    write_file(folder.file("broken.json"), store_buffering(4) + "{");
    check_bad_input("litmus", "FILE");
    check_bad_input("litmus " + folder.file("missing.json"), "cannot read");
    check_bad_input("litmus " + folder.file("good.json") + " " + folder.file("broken.json"),
                    "broken.json:2: not JSON");
}

}  // namespace parley::tests
