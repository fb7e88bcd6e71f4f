#include "parley/stress/delays.hpp"

#include "parley/stress/batch_plan.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>

namespace parley::stress {

TEST_CASE("delays: the same seed gives the same numbers, in range and all of them") {
    Xorshift a(7);
    Xorshift b(7);
    Xorshift c(8);
    std::array<int, 10> seen{};
    bool differs = false;
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t number = a.below(seen.size());
        CHECK(number == b.below(seen.size()));
        differs |= number != c.below(seen.size());
        REQUIRE(number < seen.size());
        ++seen[number];
    }
    CHECK(differs);
    for (const int count : seen) CHECK(count > 50);
}

TEST_CASE("delays: every kind ends") {
    for (const DelayKind kind : delay_kinds) {
        INFO(name_of(kind));
        Delays delays(kind, 1);
        for (int i = 0; i < 100; ++i) delays.pass();
    }
}

TEST_CASE("delays: a rotation meets every combination once, and is the same for the same seed") {
    const BatchRotation rotation;
    const std::size_t count = rotation.placements.size() * rotation.delays.size() *
                              rotation.alignments.size() * rotation.orders.size();
    std::vector<BatchPlan> plans;
    for (std::uint64_t i = 0; i < count; ++i) {
        BatchPlan plan = rotation.plan(i, 1);
        CHECK(plan == rotation.plan(i, 1));
        CHECK(plan.seed != rotation.plan(i, 2).seed);
        plan.number = 0;
        plan.seed = 0;
        for (const BatchPlan& earlier : plans) CHECK_FALSE(plan == earlier);
        plans.push_back(plan);
    }
}

}  // namespace parley::stress
