#include "parley/tests/checker/cli/command.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <tuple>

namespace parley::tests {

using Catch::Matchers::Contains;

TEST_CASE("rc11: a check says which queue it was over", "[rc11]") {
    const Ended real = run_parley("check send --engine rc11 --set items=2");
    CHECK(real.code == 0);
    CHECK_THAT(real.output, Contains("send with rc11 (real): verified") && Contains("items=2") &&
                                Contains("executions") && Contains("blocked") &&
                                Contains("the queues as they are shipped"));
    const Ended channel = run_parley("check send --queue channel --set items=2");
    CHECK(channel.code == 0);
    CHECK_THAT(channel.output, Contains("send with rc11 (channel): verified") &&
                                   Contains("over channels in the place of the queues"));
}

TEST_CASE("rc11: over channels all are checked but the queue itself", "[rc11]") {
    const Ended ended = run_parley("check --queue channel --seconds 2");
    CHECK_THAT(ended.output, Contains("stream") && !Contains("spsc_queue"));
}

TEST_CASE("rc11: a failing execution has a chart and a line that shows it again",
          "[rc11][all_mutants]") {
    const auto [arguments, words] = GENERATE(table<std::string, std::string>({
        {"check send --engine rc11 --mutant relaxed_vacate", "rc11:real/"},
        {"check subscription --queue channel --mutant missing_ack", "rc11:channel/"},
        {"check spsc_queue --engine rc11 --mutant wasteful", "rc11:real/"},
    }));
    const Ended failed = run_parley(arguments);
    CHECK(failed.code == 1);
    CHECK_THAT(failed.output, Contains("violated") && Contains(words));
    const Ended again = replay_shown(failed);
    CHECK(again.code == 1);
    CHECK_THAT(again.output, Contains("the choices fit"));
}

TEST_CASE("rc11: a queue that makes no sense is refused", "[rc11]") {
    const auto [arguments, words] = GENERATE(table<std::string, std::string>({
        {"check send --queue chanel", "did you mean 'channel'?"},
        {"check send --engine explore --queue real", "a queue needs --engine rc11"},
        {"check spsc_queue --queue channel", "leave out --queue channel"},
        {"check --queue channel --mutant wasteful", "leave out --queue channel"},
        {"replay send/rc11:bounded/-/-", "rc11 has no queue bounded"},
        {"orders sent", "did you mean 'send'?"},
        {"orders send --set item=3", "did you mean 'items'?"},
    }));
    check_bad_input(arguments, words);
}

TEST_CASE("rc11: all mutants that it should see are found and the originals are clean",
          "[rc11][all_mutants]") {
    const Ended ended = run_parley("mutants --engine rc11");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("64 mutants, 64 killed") &&
                                 Contains("the originals are clean") && !Contains("SURVIVED"));
}

TEST_CASE("rc11: orders are necessary or not, and neither is a violation", "[rc11]") {
    const Ended ended = run_parley("orders send --set items=3 --no-charts");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("spsc_queue.hpp:") && Contains("store release") &&
                                 Contains("necessary (relaxed: data race)"));
}

TEST_CASE("rc11: orders of what a program verifies", "[rc11][model_check]") {
    const std::string program = PARLEY_VERIFY_TESTS;
    // Of its two calls only one needs them.
    const Ended ended = run_parley("orders " + program + " 'what parley orders runs: a message'");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output,
               Contains(program + " with rc11: verified") && Contains("2 calls") &&
                   Contains("load acquire made relaxed\n\n    violated: data race: ") &&
                   Contains("load relaxed") && Contains("is_ready = 1") &&
                   Contains(" load acquire") && Contains("  necessary (relaxed: data race)\n") &&
                   Contains(" store seq_cst") &&
                   Contains("  stronger than this check needs (release will do)\n"));
    // Its own options follow "--".
    const Ended quiet = run_parley("orders --no-charts " + program +
                                   " -- --order decl 'what parley orders runs: a message'");
    CHECK(quiet.code == 0);
    CHECK_THAT(quiet.output, Contains("necessary (relaxed: data race)") && !Contains("violated"));
}

TEST_CASE("rc11: orders of a program that is wrong as it is", "[rc11][model_check]") {
    const std::string command = "orders " + std::string{PARLEY_VERIFY_TESTS};
    const Ended violated = run_parley(command + " 'what parley orders runs: a race'");
    CHECK(violated.code == 1);
    CHECK_THAT(violated.output, Contains("with rc11: violated") && Contains("data race: ") &&
                                    !Contains("necessary"));
    const Ended failed = run_parley(command + " 'what parley orders runs: a test that fails'");
    CHECK(failed.code == 3);
    CHECK_THAT(failed.output, Contains("the program ended with exit code 1"));
}

TEST_CASE("rc11: orders of what is no program that verifies", "[rc11][model_check]") {
    const std::string program = PARLEY_VERIFY_TESTS;
    const auto [arguments, words] = GENERATE_COPY(table<std::string, std::string>({
        {"orders ./nothing", "cannot run ./nothing: No such file or directory"},
        {"orders /bin/true", "/bin/true never calls verify()"},
        {"orders /bin/true --set items=3", "a program has no bounds"},
        {"orders send -- --abort", "what follows -- is for a program, named by a path"},
        {"check send -- --abort", "what follows -- is for a program, which only `orders` runs"},
        {"orders " + program + " 'no such test'", "never calls verify()"},
    }));
    check_bad_input(arguments, words);
}

}  // namespace parley::tests
