#include "parley/checker/rc11/litmus_suite.hpp"

#include "parley/checker/rc11/litmus_json.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::tests {

namespace {

/// Two threads that each write `writes` times to the same location, and what may be a wrong number
/// of executions.
std::string writers(int writes, int executions) {
    std::string ops;
    for (int i = 0; i < writes; ++i) {
        ops += std::string(i == 0 ? "" : ",") + R"({"op":"store","val":1,"mo":"rlx","loc":"x"})";
    }
    const std::string thread = R"({"regs":[],"ops":[)" + ops + "]}";
    return R"({"id":"W","vars":{"x":{"init":0}},"threads":[)" + thread + "," + thread +
           R"(],"rc20":{"executions":)" + std::to_string(executions) + "}}\n";
}

/// Of the second one the number is wrong.
std::vector<rc11::LitmusTest> suite() {
    return rc11::litmus_tests_from_json(
        writers(1, 2) + writers(2, 7) + writers(3, 20) + writers(4, 70), "suite");
}

}  // namespace

TEST_CASE("litmus suite: the number of processes changes nothing") {
    const std::vector<std::uint64_t> expected{2, 6, 20, 70};
    for (const unsigned processes : {1U, 2U, 3U, 9U}) {
        const auto findings = rc11::run_litmus_suite(suite(), {.processes = processes});
        REQUIRE(findings.size() == expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            REQUIRE(findings[i]);
            CHECK(findings[i]->executions == expected[i]);
            CHECK(findings[i]->blocked == 0);
            CHECK(findings[i]->disagreements.size() == (i == 1 ? 1 : 0));
        }
    }
}

TEST_CASE("litmus suite: each test is in one shard") {
    std::vector<int> seen(suite().size());
    for (const std::uint32_t shard : {1U, 2U, 3U}) {
        const auto findings =
            rc11::run_litmus_suite(suite(), {.processes = 2, .shard = shard, .shards = 3});
        for (std::size_t i = 0; i < seen.size(); ++i) seen[i] += findings[i] ? 1 : 0;
    }
    CHECK(seen == std::vector<int>{1, 1, 1, 1});
}

TEST_CASE("litmus suite: what was stopped has no findings") {
    const std::atomic<bool> stop = true;
    for (const auto& finding : rc11::run_litmus_suite(suite(), {.processes = 2, .stop = &stop})) {
        CHECK_FALSE(finding);
    }
}

}  // namespace parley::tests
