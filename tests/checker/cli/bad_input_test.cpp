#include "parley/tests/checker/cli/command.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <tuple>

namespace parley::tests {

TEST_CASE("command: a name that is not known gets the nearest one that is") {
    const auto [arguments, words] = GENERATE(table<std::string, std::string>({
        {"chek", "did you mean 'check'?"},
        {"check oneshot", "did you mean 'cancelable_one_shot'?"},
        {"check cancelable_one_shot --engine explor", "did you mean 'explore'?"},
        {"check cancelable_one_shot --mutant late_cancel",
         "did you mean 'late_cancel_hits_next_arm'?"},
        {"check cancelable_one_shot --set round=3", "did you mean 'rounds'?"},
        {"check cancelable_one_shot --scheduler randon", "did you mean 'random'?"},
        {"check --sed 3", "did you mean '--seed'?"},
        {"mutants oneshot", "did you mean 'cancelable_one_shot'?"},
        {"list oneshot", "did you mean 'cancelable_one_shot'?"},
        {"stress oneshot", "did you mean 'cancelable_one_shot'?"},
        {"replay oneshot/explore/-/-", "did you mean 'cancelable_one_shot'?"},
        // What is another name and no slip.
        {"check cancelable_one_shot --mutant xyzzy", "unknown mutant 'xyzzy'; there are "},
        {"check send --engine explore --scheduler full", "there are "},
    }));
    check_bad_input(arguments, words);
}

TEST_CASE("command: bounds that make no sense are refused") {
    const auto [setting, words] = GENERATE(table<std::string, std::string>({
        {"rounds=-1", "must be from"},
        {"rounds=0", "must be from"},
        {"rounds=1000000", "must be from"},
        {"rounds=99999999999999999999", "must be a whole number"},
        {"rounds=two", "must be a whole number"},
        {"rounds=", "must be a whole number"},
        {"rounds=3x", "must be a whole number"},
        {"rounds", "--set needs BOUND=VALUE"},
        {"=3", "unknown bound"},
        {"capacity=3", "power of two"},
        {"capacity=-2", "must be from"},
        {"rounds=2 --set rounds=3", "bound rounds is set twice"},
    }));
    check_bad_input("check cancelable_one_shot --engine explore --set " + setting, words);
}

TEST_CASE("command: numbers that make no sense are refused") {
    const std::string option =
        GENERATE("--seconds -1", "--seconds 0", "--seconds nan", "--seconds inf", "--seconds 1e400",
                 "--seconds x", "--seed -1", "--seed 18446744073709551616", "--seed 0x10",
                 "--depth 0", "--depth 101", "--states-max 0", "--executions-max -5");
    check_bad_input("check cancelable_one_shot --engine explore " + option, "must be a");
}

TEST_CASE("command: a transport that makes no sense is refused") {
    const auto [option, words] = GENERATE(table<std::string, std::string>({
        {"lousy:1", "did you mean 'lossy'"},
        {"lossy", "needs its number of faults"},
        {"lossy:0", "needs its number of faults"},
        {"lossy:101", "needs its number of faults"},
        {"duplicating:x", "needs its number of faults"},
        {"reordering:1", "takes no number"},
        {"lossy:1 --engine stress", "needs --engine explore"},
        {"lossy:1 --set duplicating=1", "one transport"},
    }));
    check_bad_input("check cancelable_one_shot --transport " + option, words);
}

TEST_CASE("command: options that exclude each other are refused") {
    check_bad_input("check --engine explore --random --pct", "exclude each other");
    // What would do nothing.
    const auto [option, user] = GENERATE(table<std::string, std::string>({
        {"--engine stress --depth 5", "pct of explore and context_bound of relacy"},
        {"--engine explore --depth 5", "pct of explore and context_bound of relacy"},
        {"--engine stress --states-max 5", "explore's search of all states"},
        {"--random --memory 5M", "explore's search of all states"},
        {"--engine stress --reduce", "explore's search of all states"},
        {"--random --fairness none", "explore's search of all states"},
        {"--pct --safety-only", "explore's search of all states"},
        {"--engine stress --threads 2", "rc11 and native"},
        {"--engine explore --executions-max 5", "engines that sample"},
    }));
    check_bad_input("check send " + option, " is for ");
    check_bad_input("check send " + option, user);
    check_bad_input("replay", "RUN");
    check_bad_input("check --seed", "--seed");
}

TEST_CASE("command: a file that cannot be written is refused before anything is checked") {
    const TemporaryFolder folder;
    const std::string check = "check cancelable_one_shot --engine explore --json ";
    check_bad_input(check + "/nonexistent/folder/trace.json", "cannot write");
    check_bad_input(check + folder.file(""), "cannot write");
    write_file(folder.file("file"), "kept");
    check_bad_input(check + folder.file("file/trace.json"), "cannot write");
    check_bad_input("check oneshot --json " + folder.file("file"), "unknown protocol");
    CHECK(read_file(folder.file("file")) == "kept");
    CHECK(std::distance(std::filesystem::directory_iterator(folder.file("")), {}) == 1);
}

TEST_CASE("command: output that nobody can read is an error") {
    const int status = std::system("'" PARLEY_COMMAND "' list >/dev/full 2>/dev/null");
    CHECK(WEXITSTATUS(status) == 2);
}

TEST_CASE("command: without a command it shows its help and says that this is not enough") {
    const Ended ended = run_parley("");
    CHECK(ended.code == 2);
    CHECK_THAT(ended.output, Catch::Matchers::Contains("check"));
}

TEST_CASE("command: every command has help with examples") {
    const std::string command = GENERATE("check", "list", "stress", "mutants", "replay", "litmus");
    const Ended ended = run_parley(command + " --help");
    CHECK(ended.code == 0);
    CHECK(ended.errors.empty());
    CHECK_THAT(ended.output, Catch::Matchers::Contains("Examples:\n  parley " + command));
    CHECK(run_parley("--help").code == 0);
}

}  // namespace parley::tests
