#include "parley/tests/checker/cli/command.hpp"
#include "parley/tests/checker/pages.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace parley::tests {

namespace {

const std::string specs = std::string(PARLEY_TESTS_DIR) + "/../specs/";
const std::string ask = around("a --> b : !Ask; b --> a : ?Answer");
const std::string answer = around("a --> b : ?Ask; b --> a : !Answer");

}  // namespace

TEST_CASE("command: an argument that ends in .md is a page") {
    const Ended ended = run_parley("check " + specs + "subscription.md " + specs + "send.md");
    CHECK(ended.code == 0);
    CHECK(ended.errors.empty());
    CHECK_THAT(ended.output, Catch::Matchers::Contains("subscription.md: verified") &&
                                 Catch::Matchers::Contains("14 states, 24 transitions, 1 end") &&
                                 Catch::Matchers::Contains("send.md: verified"));
}

TEST_CASE("command: a page says by its exit code what came out") {
    const TemporaryFolder folder;
    const std::string path = folder.file("my.md");
    write_file(path, page_of(ask, around("a --> b : ?Ask; b --> a : !Other")));
    const std::string trace = folder.file("trace.json");
    CHECK(run_parley("check " + path + " --json " + trace).code == 1);
    const Ended again = run_parley("replay " + trace);
    CHECK(again.code == 3);
    CHECK_THAT(again.output, Catch::Matchers::Contains("Other") &&
                                 Catch::Matchers::Contains("no: a page is checked as a whole"));
    write_file(path, page_of(ask, answer + ";b --> b : ?Never"));
    CHECK(run_parley("check " + path).code == 3);
    write_file(path, page_of(ask, answer));
    CHECK(run_parley("check " + path).code == 0);
    CHECK(run_parley("check " + path + " --states-max 2").code == 3);
    const Ended one = run_parley("check " + path + " --set capacity=1");
    CHECK_THAT(one.output, Catch::Matchers::Contains("left_to_right=1 right_to_left=1"));
}

TEST_CASE("command: a page with a mistake is bad input, with its line") {
    const TemporaryFolder folder;
    const std::string path = folder.file("my.md");
    write_file(path, page_of("[*] --> a;a -> [*]", answer));
    check_bad_input("check " + path, "my.md:10: expected '-->', found '->'");
    write_file(path, std::string("\x1b]0;\x07\0", 6));
    check_bad_input("check " + path, "my.md:1: expected text, found a byte 0x1b");
    write_file(path, std::string(3'000'000, 'x'));
    check_bad_input("check " + path, "larger than 1 MiB");
    check_bad_input("check " + folder.file("missing.md"), "No such file");
}

TEST_CASE("command: what pages do not have is refused") {
    const std::string page = specs + "send.md";
    check_bad_input("check " + page + " send", "different commands: 'send' is not a page");
    check_bad_input("check " + page + " --engine explore", "--engine is for protocols");
    check_bad_input("check " + page + " --mutant double_free", "--mutant is for protocols");
    check_bad_input("check " + page + " --random", "--random is for protocols");
    check_bad_input("check " + page + " --transport lossy:1", "--transport is for protocols");
    check_bad_input("check " + page + " --fairness none", "--fairness is for protocols");
    check_bad_input("check " + page + " --safety-only", "--safety-only is for protocols");
    check_bad_input("check " + page + " --memory 2G", "--memory is for protocols");
    check_bad_input("check " + page + " --checkpoint f", "--checkpoint is for protocols");
    check_bad_input("check " + page + " --shard 1/2", "--shard is for protocols");
    check_bad_input("check " + page + " --set rounds=3",
                    "unknown bound 'rounds'; there is capacity");
    check_bad_input("check " + page + " --set capacity=1 --set capacity=2", "is set twice");
    check_bad_input("check " + page + " --set capacity=65", "must be from 1 to 64, not '65'");
    check_bad_input("check " + page + " --set capacity", "must be from 1 to 64, not ''");
}

TEST_CASE("command: the report of a page can be written as JSON") {
    const TemporaryFolder folder;
    const std::string path = folder.file("my.md");
    write_file(path, page_of(ask, around("a --> b : ?Ask; b --> a : !Other")));
    CHECK(run_parley("check " + path + " --json " + folder.file("out.json")).code == 1);
    const std::string json = read_file(folder.file("out.json"));
    CHECK_THAT(json, Catch::Matchers::Contains("\"violated\"") &&
                         Catch::Matchers::Contains("duality of the alphabets"));
}

TEST_CASE("command: a role that breaks its page is answered with the page's line") {
    const Ended ended =
        run_parley("check cancelable_one_shot --engine explore --mutant both_outcomes");
    CHECK(ended.code == 1);
    CHECK_THAT(ended.output,
               Catch::Matchers::Contains("notifier sends Cancelled in idle") &&
                   Catch::Matchers::Contains(
                       "specs/cancelable_one_shot.md:53: cancelling --> idle : !Cancelled"));
}

}  // namespace parley::tests
