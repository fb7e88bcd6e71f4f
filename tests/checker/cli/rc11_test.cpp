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

}  // namespace parley::tests
