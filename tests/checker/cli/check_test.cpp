#include "parley/tests/checker/cli/command.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <sstream>
#include <string>

namespace parley::tests {

using Catch::Matchers::Contains;

namespace {

const std::string explore = "check cancelable_one_shot --engine explore --transport fifo ";

}  // namespace

TEST_CASE("check: a passing check says seed, bounds, counts, time and what it means") {
    const Ended ended = run_parley(explore + "--set rounds=3 --seed 9");
    CHECK(ended.code == 0);
    CHECK(ended.errors.empty());
    CHECK_THAT(ended.output, Contains("verified") && Contains("rounds=3") &&
                                 Contains("capacity=2") && Contains("states") && Contains("seed") &&
                                 Contains("9") && Contains("time") && Contains("meaning"));
}

TEST_CASE("check: a failing check shows property, chart and replay line and exits 1") {
    const Ended ended = run_parley(explore + "--mutant late_cancel_hits_next_arm");
    CHECK(ended.code == 1);
    CHECK_THAT(ended.output, Contains("violated") && Contains("requester") &&
                                 Contains("notifier") && Contains("!! ") &&
                                 Contains(" replay cancelable_one_shot+"));
}

TEST_CASE("check: what the README shows is what is printed") {
    const std::string readme = read_file(PARLEY_TESTS_DIR "/../README.md");
    const std::string shown = GENERATE("subscription --engine explore",
                                       "cancelable_one_shot --engine explore "
                                       "--mutant late_cancel_hits_next_arm");
    CHECK_THAT(readme, Contains("$ ./parley check " + shown + "\n"));
    std::istringstream lines(run_parley("check " + shown).output);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        // The time, and what the command is called.
        if (line.starts_with("  time ") || line.starts_with("  replay ")) continue;
        CHECK_THAT(readme, line.empty() ? Contains(line) : Contains("\n    " + line + "\n"));
    }
    CHECK(count >= 8);
}

TEST_CASE("check: long executions on real threads are no deadlocks") {
    const Ended ended = run_parley(
        "check subscription --engine stress --set sessions=100 "
        "--set notifications=100");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("passed") && !Contains("violated"));
}

TEST_CASE("check: a transport is one of explore, and its faults are part of the replay line") {
    const Ended passed = run_parley("check cancelable_one_shot --transport reordering");
    CHECK(passed.code == 0);
    CHECK_THAT(passed.output, Contains("verified") && Contains("reordering=1"));
    const Ended failed = run_parley("check cancelable_one_shot --transport lossy:2");
    CHECK(failed.code == 1);
    CHECK_THAT(failed.output, Contains(" is lost") && Contains("lossy=2/"));
    const std::string line = failed.output.substr(failed.output.find("replay cancel"));
    CHECK(run_parley(line.substr(0, line.find('\n'))).code == 1);
}

TEST_CASE("check: several checks end with a table") {
    const Ended ended = run_parley("check --engine explore");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("cancelable_one_shot") && Contains("verified  ") &&
                                 Contains("complete: no run within the bounds"));
}

TEST_CASE("check: nothing but text goes into a pipe") {
    const Ended ended = run_parley(explore + "--mutant both_outcomes", "TERM=xterm");
    CHECK(ended.output.find('\033') == std::string::npos);
    CHECK(ended.output.find('\r') == std::string::npos);
    CHECK(ended.errors.empty());
}

TEST_CASE("check: is undecided when a limit is reached") {
    const Ended ended = run_parley(explore + "--states-max 5");
    CHECK(ended.code == 3);
    CHECK_THAT(ended.output, Contains("incomplete") && Contains("states"));
}

TEST_CASE("check: random runs say how rare a failure may still be") {
    const Ended ended = run_parley(explore + "--random --seconds 0.2");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("passed") && Contains("failure rate below"));
}

TEST_CASE("check: the same seed gives the same counterexample") {
    const std::string arguments =
        explore + "--pct --mutant late_cancel_hits_next_arm --seed 3 --json ";
    const TemporaryFolder folder;
    const Ended first = run_parley(arguments + folder.file("1.json"));
    const Ended second = run_parley(arguments + folder.file("2.json"));
    CHECK(first.code == 1);
    CHECK(second.code == 1);
    const auto trace_of = [&](const std::string& name) {
        const std::string text = read_file(folder.file(name));
        return text.substr(text.find("\"trace\""));
    };
    CHECK(trace_of("1.json") == trace_of("2.json"));
}

TEST_CASE("check: a budget is for all engines, and the exit code agrees with the table",
          "[relacy][rc11][stress][tsan]") {
    const Ended ended = run_parley("check send --seconds 5");
    for (const std::string line : {"explore", "relacy  passed     context_bound:3, ",
                                   "relacy  passed     ", "rc11", "stress", "tsan"}) {
        CHECK_THAT(ended.output, Contains("\n  " + line));
    }
    const std::string table = ended.output.substr(ended.output.rfind("\n\n"));
    const bool is_undecided = table.find("\nincomplete") != std::string::npos ||
                              table.find("\nvacuous") != std::string::npos;
    CHECK(ended.code == (is_undecided ? 3 : 0));
}

TEST_CASE("check: Ctrl-C ends it with what was found so far") {
    // Else it is sent twice, and the second time ends the command at once.
    const Ended ended = run_parley(explore + "--random --seconds 60",
                                   "timeout --foreground --preserve-status -k 20 -s INT 3");
    CHECK(ended.code == 3);
    CHECK_THAT(ended.output,
               Contains("incomplete") && Contains("executions") && Contains("interrupted"));
}

TEST_CASE("check: a search in several processes ends when one of them is told so", "[rc11]") {
    const Ended ended = run_parley("check send --set items=10 --engine rc11",
                                   "timeout --foreground --preserve-status -k 20 -s TERM 3");
    CHECK(ended.code == 3);
    CHECK_THAT(ended.output, Contains("incomplete") && Contains("interrupted"));
}

TEST_CASE("check: an engine that breaks down takes nothing from what others have found") {
    // The command among harnesses of which one does not do what it should.
    const TemporaryFolder folder;
    const std::string parley = folder.file("parley");
    std::filesystem::copy_file(PARLEY_COMMAND, parley);
    write_file(folder.file("parley-stress"), "#!/bin/sh\nexit 7\n");
    std::filesystem::permissions(folder.file("parley-stress"), std::filesystem::perms::owner_all);
    const std::string both = "check cancelable_one_shot -e stress -e explore --transport fifo ";
    const Ended ended = run_program(parley, both + "--json " + folder.file("both.json"));
    CHECK(ended.code == 4);
    CHECK_THAT(ended.output, Contains("verified") && Contains("incomplete"));
    CHECK_THAT(ended.errors, Contains("parley-stress ended with exit code 7"));
    const std::string written = read_file(folder.file("both.json"));
    CHECK_THAT(written, Contains("\"verified\"") && Contains("internal error"));
    // A bug that was found is the result.
    CHECK(run_program(parley, both + "--mutant late_cancel_hits_next_arm").code == 1);
    const Ended mutants = run_program(parley, "mutants cancelable_one_shot -e stress -e explore");
    CHECK(mutants.code == 1);
    CHECK_THAT(mutants.output, Contains("internal error") && Contains("late_cancel"));
}

TEST_CASE("check: a file is written as a whole and links are followed") {
    const TemporaryFolder folder;
    write_file(folder.file("old.json"), "old");
    std::filesystem::create_symlink("old.json", folder.file("link.json"));
    CHECK(run_parley(explore + "--json " + folder.file("link.json")).code == 0);
    CHECK(std::filesystem::is_symlink(folder.file("link.json")));
    CHECK_THAT(read_file(folder.file("old.json")), Contains("\"parley_trace\": 1"));
    CHECK(run_parley(explore + "--json /dev/null").code == 0);
    CHECK(!std::filesystem::is_regular_file("/dev/null"));
    CHECK(std::distance(std::filesystem::directory_iterator(folder.file("")), {}) == 2);
}

TEST_CASE("list: names protocols, bounds and, of one protocol, its mutants") {
    const Ended all = run_parley("list");
    CHECK(all.code == 0);
    CHECK_THAT(all.output, Contains("cancelable_one_shot") && Contains("capacity=2 (1 to 16)"));
    const Ended one = run_parley("list cancelable_one_shot");
    CHECK_THAT(one.output, Contains("late_cancel_hits_next_arm"));
}

TEST_CASE("mutants: explore finds all that it should see and the originals are clean") {
    const Ended ended = run_parley("mutants --engine explore");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("the originals are clean") && !Contains("SURVIVED"));
}

}  // namespace parley::tests
