#include "parley/tests/checker/rc11/agreement.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

/// compare_exchange that may fail with the value that it expects, against the naive enumerator.
namespace parley::tests {

namespace {

/// Complete executions, which the enumerator must have as many of, and as much of a race.
std::uint64_t executions(const LitmusTest& test) {
    const NaiveResult naive = NaiveEnumerator(test, 200'000).enumerate();
    const EngineResult engine = engine_executions(test);
    REQUIRE_FALSE(naive.is_too_large);
    CHECK(engine.twice + engine.blocked_twice == 0);
    CHECK(engine.complete.size() == naive.complete.size());
    CHECK(engine.explored.race.has_value() == naive.has_race);
    return engine.complete.size();
}

Instruction weakly(std::int64_t value, Order order, Order failure) {
    return weak_compare_exchange(1, x, 0, value, order, failure);
}

}  // namespace

TEST_CASE("weak: one of N succeeds, and each other one fails for one reason or another") {
    for (std::uint64_t n = 1; n <= 4; ++n) {
        std::vector<Code> threads;
        for (std::uint64_t i = 1; i <= n; ++i) {
            threads.push_back(
                {weakly(static_cast<std::int64_t>(i), Order::relaxed, Order::relaxed)});
        }
        CHECK(executions(program(threads)) == n * (std::uint64_t{1} << (n - 1)) + 1);
    }
}

TEST_CASE("weak: a failure has its own order, and no write") {
    for (const Order failure : {Order::relaxed, Order::acquire, Order::seq_cst}) {
        for (const Order order : {Order::relaxed, Order::acq_rel, Order::seq_cst}) {
            CAPTURE(to_text(failure), to_text(order));
            // The other one has sent x, and expects what it has sent to be there.
            const LitmusTest test =
                program({{store(y, 1, Order::plain), store(x, 1, Order::release)},
                         {set(0, constant(1)), weakly(2, order, failure), load(2, y, Order::plain),
                          load(3, x, Order::relaxed)},
                         {weakly(3, order, failure)}});
            CHECK(executions(test) > 0);
        }
    }
}

TEST_CASE("weak: who tries again goes on from what there is") {
    // The first one succeeds, and the second one finds another value; or it does not, and the
    // second one succeeds or not.
    const Code twice{weakly(1, Order::acq_rel, Order::acquire),
                     weakly(2, Order::acq_rel, Order::acquire)};
    CHECK(executions(program({twice})) == 3);
    CHECK(executions(program({twice, twice})) > 4);
    CHECK(executions(program({twice, {add(2, x, Order::relaxed)}, {load(3, x, Order::acquire)}})) >
          4);
}

}  // namespace parley::tests
