#include "parley/checker/harness_request.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

namespace parley::tests {

using checker::HarnessKind;
using checker::HarnessRequest;
using checker::InputError;

namespace {

HarnessRequest parse(HarnessKind kind, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "harness");
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    return checker::parse_harness_request(static_cast<int>(pointers.size()), pointers.data(), kind);
}

}  // namespace

TEST_CASE("harness request: what is asked for is what was said") {
    const HarnessRequest sampling = parse(
        HarnessKind::samples, {"--protocol", "send", "--mutant", "leak", "--set", "capacity=2",
                               "--set", "items=3", "--seconds", "1.5", "--seed", "7", "--scheduler",
                               "fibers", "--suppressions", "s", "--shrink"});
    CHECK(sampling.protocol == "send");
    CHECK(sampling.mutant == "leak");
    CHECK(sampling.check.bounds == std::map<std::string, int>{{"capacity", 2}, {"items", 3}});
    CHECK(sampling.seconds == 1.5);
    CHECK(sampling.check.seed == 7);
    CHECK(sampling.check.scheduler == "fibers");
    CHECK(sampling.suppressions == "s");
    CHECK(sampling.is_shrinking);
    CHECK_FALSE(sampling.run);

    const HarnessRequest searching =
        parse(HarnessKind::searches, {"--threads", "3", "--shard", "2", "--shards", "4",
                                      "--checkpoint", "c", "--checkpoint-seconds", "5"});
    CHECK(searching.check.threads == 3);
    CHECK(searching.check.shard == 2);
    CHECK(searching.check.shards == 4);
    CHECK(searching.check.checkpoint == "c");
    CHECK(searching.check.checkpoint_seconds == 5);
    CHECK_FALSE(searching.seconds);
}

TEST_CASE("harness request: a run without choices is a run, and none is a check") {
    const auto kind = GENERATE(HarnessKind::samples, HarnessKind::searches);
    const HarnessRequest request = parse(kind, {"--replay", "-"});
    REQUIRE(request.run);
    CHECK(request.run->empty());
    CHECK_FALSE(parse(kind, {}).run);
}

TEST_CASE("harness request: what makes no sense, or is for the other kind, is refused") {
    const auto kind = GENERATE(HarnessKind::samples, HarnessKind::searches);
    CHECK_THROWS_AS(parse(kind, {"--set", "capacity"}), InputError);
    CHECK_THROWS_AS(parse(kind, {"--seconds", "soon"}), InputError);
    CHECK_THROWS_AS(parse(kind, {"--replay", "zz"}), InputError);
    CHECK_THROWS_AS(parse(kind, {"--other"}), InputError);
    CHECK_THROWS_AS(parse(HarnessKind::samples, {"--threads", "2"}), InputError);
    CHECK_THROWS_AS(parse(HarnessKind::searches, {"--seed", "2"}), InputError);
}

}  // namespace parley::tests
