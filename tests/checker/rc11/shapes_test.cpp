#include "parley/tests/checker/rc11/agreement.hpp"
#include "parley/tests/checker/rc11/programs.hpp"

#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/litmus_check.hpp"
#include "parley/checker/rc11/litmus_program.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

namespace parley::tests {

namespace {

using Kind = Expression::Kind;

/// How many executions a program has. They are all different.
std::uint64_t executions(const std::vector<Code>& threads, std::size_t locations = 3) {
    const EngineResult result = engine_executions(program(threads, locations));
    CHECK(result.twice == 0);
    CHECK(result.blocked_twice == 0);
    CHECK(result.explored.limit.empty());
    CHECK(result.complete.size() == result.explored.complete);
    return result.explored.complete;
}

std::uint64_t factorial(std::uint64_t n) {
    return n == 0 ? 1 : n * factorial(n - 1);
}

/// `count` threads with the same code.
std::vector<Code> copies(std::size_t count, const Code& code) {
    return std::vector<Code>(count, code);
}

/// Registers of threads 0 and 1 from 0 in program order, both zero: the outcome that tells SB.
std::vector<Code> store_buffering(Order write, Order read) {
    return {{store(x, 1, write), load(0, y, read)}, {store(y, 1, write), load(0, x, read)}};
}

std::vector<Code> message_passing(Order write, Order read) {
    return {{store(x, 1, relaxed), store(y, 1, write)}, {load(0, y, read), load(1, x, relaxed)}};
}

std::vector<Code> independent_reads(Order order, Order read) {
    return {{store(x, 1, order)},
            {store(y, 1, order)},
            {load(0, x, read), load(1, y, read)},
            {load(0, y, read), load(1, x, read)}};
}

std::vector<Code> two_plus_two_writes(Order order) {
    return {{store(x, 1, order), store(y, 2, order)}, {store(y, 1, order), store(x, 2, order)}};
}

/// N writers that each look at their predecessor, and a reader that looks for the last zero.
std::vector<Code> last_zero(LocationId count) {
    std::vector<Code> threads(1);
    const std::size_t end = 2 * (count + std::size_t{1});
    for (LocationId i = count + 1; i-- > 0;) {
        threads[0].push_back(load(0, i, acquire));
        threads[0].push_back(branch_unless(reg(0), end));
    }
    for (LocationId i = 1; i <= count; ++i) {
        threads.push_back(
            {load(0, i - 1, acquire), store(i, apply(Kind::add, reg(0), constant(1)), release)});
    }
    return threads;
}

/// N threads that each enter four messages into a hash table with 128 slots.
std::vector<Code> indexer(std::size_t count) {
    std::vector<Code> threads;
    for (std::size_t thread = 0; thread < count; ++thread) {
        Code code;
        for (std::size_t message = 0; message < 4; ++message) {
            const std::size_t word = message * 11 + thread + 1;
            const std::size_t tries = 4;
            const std::size_t end = code.size() + 3 * tries;
            for (std::size_t i = 0; i < tries; ++i) {
                const auto slot = static_cast<LocationId>((word * 7 + i) % 128);
                code.push_back(set(0, constant(0)));
                code.push_back(compare_exchange(1, slot, 0, static_cast<std::int64_t>(word),
                                                relaxed, relaxed));
                code.push_back(branch_unless(apply(Kind::equal, reg(1), constant(0)), end));
            }
        }
        threads.push_back(code);
    }
    return threads;
}

/// Two threads that add the two variables up, each into its own, and one that looks.
std::vector<Code> fibonacci(int rounds) {
    Code left;
    Code right;
    for (int i = 0; i < rounds; ++i) {
        left.insert(left.end(), {load(0, x, acquire), load(1, y, acquire),
                                 store(x, apply(Kind::add, reg(0), reg(1)), release)});
        right.insert(right.end(), {load(0, y, acquire), load(1, x, acquire),
                                   store(y, apply(Kind::add, reg(0), reg(1)), release)});
    }
    return {left, right, {load(0, x, acquire), load(1, y, acquire)}};
}

}  // namespace

TEST_CASE("rc11: the classic shapes have their numbers of executions") {
    CHECK(executions(store_buffering(relaxed, relaxed)) == 4);
    CHECK(executions(store_buffering(release, acquire)) == 4);
    CHECK(executions(store_buffering(seq_cst, seq_cst)) == 3);
    CHECK(executions({{store(x, 1, relaxed), fence(seq_cst), load(0, y, relaxed)},
                      {store(y, 1, relaxed), fence(seq_cst), load(0, x, relaxed)}}) == 3);
    CHECK(executions({{load(0, x, relaxed), store(y, 1, relaxed)},
                      {load(0, y, relaxed), store(x, 1, relaxed)}}) == 3);
    CHECK(executions(message_passing(relaxed, relaxed)) == 4);
    CHECK(executions(message_passing(release, relaxed)) == 4);
    CHECK(executions(message_passing(relaxed, acquire)) == 4);
    CHECK(executions(message_passing(release, acquire)) == 3);
    CHECK(executions({{store(x, 1, relaxed), fence(release), store(y, 1, relaxed)},
                      {load(0, y, relaxed), fence(acquire), load(1, x, relaxed)}}) == 3);
    CHECK(executions(independent_reads(release, acquire)) == 16);
    CHECK(executions(independent_reads(seq_cst, seq_cst)) == 15);
    CHECK(executions(independent_reads(seq_cst, acquire)) == 16);
    CHECK(executions(two_plus_two_writes(relaxed)) == 4);
    CHECK(executions(two_plus_two_writes(seq_cst)) == 3);
    CHECK(executions({{store(x, 1, relaxed)}, {load(0, x, relaxed), load(1, x, relaxed)}}) == 3);
}

TEST_CASE("rc11: a release sequence goes on through read-modify-writes only") {
    const auto read = Code{load(0, y, acquire), load(1, x, relaxed)};
    const auto stale = [&](const Code& between) {
        Code writer{store(x, 1, relaxed), store(y, 1, release)};
        writer.insert(writer.end(), between.begin(), between.end());
        const LitmusTest test = program({writer, read, {add(0, y, relaxed)}});
        for (const auto& [outcome, count] : rc11::run_litmus(test).outcomes) {
            if (outcome.at("1:r0") >= 2 && outcome.at("1:r1") == 0) return true;
        }
        return false;
    };
    CHECK_FALSE(stale({}));
    CHECK(stale({store(y, 2, relaxed)}));
    CHECK_FALSE(stale({store(y, 2, release)}));
}

TEST_CASE("rc11: a plain write after a release fence hands nothing over") {
    const auto message_passing_by = [](Order flag) {
        return program({{store(x, 1, relaxed), fence(release), store(y, 1, flag)},
                        {load(0, y, acquire), load(1, x, relaxed)}},
                       2);
    };
    CHECK(engine_executions(message_passing_by(relaxed)).explored.complete == 3);
    CHECK(engine_executions(message_passing_by(plain)).explored.complete == 4);
    CHECK(difference(message_passing_by(plain)) == "");
    // Nor does it go on with the release of the write before it.
    CHECK(difference(program(
              {{store(x, 1, relaxed), fence(release), store(y, 1, relaxed), store(y, 2, plain)},
               {load(0, y, acquire), load(1, x, relaxed)}},
              2)) == "");
}

TEST_CASE("rc11: the failure order of a compare_exchange is its order when it does not write") {
    const auto count = [&](Order order, Order failure) {
        return executions({{store(x, 1, relaxed), store(y, 1, release)},
                           {compare_exchange(1, y, 0, 2, order, failure), load(2, x, relaxed)}});
    };
    // The exchange succeeds on the initial value, before or after the store; or it reads the store.
    CHECK(count(relaxed, relaxed) == 4);
    CHECK(count(relaxed, acquire) == 3);
    CHECK(count(acq_rel, relaxed) == 4);
}

TEST_CASE("rc11: closed forms") {
    for (std::size_t n = 1; n <= 6; ++n) {
        CHECK(executions(copies(n, {store(x, 1, relaxed)})) == factorial(n));
        CHECK(executions(copies(n, {add(0, x, relaxed)})) == factorial(n));
        CHECK(executions(copies(n, {add(0, x, seq_cst)})) == factorial(n));
        auto readers = copies(n, {load(0, x, relaxed)});
        readers.push_back({store(x, 1, relaxed)});
        CHECK(executions(readers) == std::uint64_t{1} << n);
    }
    CHECK(executions(last_zero(5), 6) == 64);
    CHECK(executions(last_zero(10), 11) == 3328);
    CHECK(executions(indexer(11), 128) == 1);
    CHECK(executions(indexer(12), 128) == 8);
}

TEST_CASE("rc11: two threads that add up Fibonacci numbers") {
    const LitmusTest test = program(fibonacci(5));
    rc11::LitmusProgram litmus(test);
    const rc11::ExploreResult result = rc11::explore(litmus);
    CHECK(result.complete == 525'630);
    CHECK(result.blocked == 0);
}

TEST_CASE("rc11: a ticket lock lets n threads in in n! ways") {
    for (std::size_t n = 1; n <= 4; ++n) {
        const Code code{add(0, x, relaxed),
                        load(1, y, acquire),
                        assume(apply(Kind::equal, reg(0), reg(1))),
                        load(2, z, plain),
                        store(z, apply(Kind::add, reg(2), constant(1)), plain),
                        store(y, apply(Kind::add, reg(1), constant(1)), release)};
        const EngineResult result = engine_executions(program(copies(n, code)));
        CHECK(result.explored.complete == factorial(n));
        CHECK(result.twice + result.blocked_twice == 0);
        CHECK_FALSE(result.explored.race);
    }
}

TEST_CASE("rc11: races are those of the program") {
    const auto has_race = [](const std::vector<Code>& threads) {
        return rc11::run_litmus(program(threads)).explored.race.has_value();
    };
    const auto guarded = [&](Order write, Order read) {
        return has_race({{store(x, 1, plain), store(y, 1, write)},
                         {load(0, y, read), branch_unless(reg(0), 3), load(1, x, plain)}});
    };
    CHECK(guarded(relaxed, relaxed));
    CHECK(guarded(release, relaxed));
    CHECK(guarded(relaxed, acquire));
    CHECK_FALSE(guarded(release, acquire));
    CHECK(has_race({{store(x, 1, plain)}, {load(0, x, seq_cst)}}));
    CHECK(has_race({{store(x, 1, plain)}, {store(x, 2, plain)}}));
    CHECK_FALSE(has_race({{load(0, x, plain)}, {load(0, x, plain)}}));
    CHECK_FALSE(has_race(
        {{store(x, 1, plain), create(1), join(1), load(0, x, plain)}, {store(x, 2, plain)}}));
    CHECK(has_race({{create(1), store(x, 1, plain), join(1)}, {store(x, 2, plain)}}));
}

TEST_CASE("rc11: what happens before a creation and after a join is ordered") {
    const LitmusTest test =
        program({{store(x, 1, relaxed), create(1), join(1), load(0, y, relaxed)},
                 {load(0, x, relaxed), store(y, 1, relaxed)}});
    const rc11::LitmusResult result = rc11::run_litmus(test);
    CHECK(result.explored.complete == 1);
    CHECK(result.outcomes.begin()->first.at("0:r0") == 1);
    CHECK(result.outcomes.begin()->first.at("1:r0") == 1);
}

TEST_CASE("rc11: choices have each value once") {
    CHECK(executions({{choose(0, 3), choose(1, 2)}}) == 6);
    CHECK(executions({{choose(0, 3), store(x, reg(0), relaxed)}, {load(0, x, relaxed)}}) == 6);
}

TEST_CASE("rc11: an execution in which a thread waits for ever is blocked") {
    const Code waiter{load(0, x, relaxed), assume(reg(0))};
    const auto blocked = [&](const Code& writer, bool takes_all_waits) {
        const LitmusTest test = program({writer, waiter});
        CHECK(difference(test) == "");
        const rc11::ExploreResult result = engine_executions(test, takes_all_waits).explored;
        CHECK(result.complete == 1);
        return result.blocked;
    };
    // Only with what has been overwritten; with the newest as well, when the pulse is missed.
    CHECK(blocked({store(x, 1, relaxed)}, false) == 0);
    CHECK(blocked({store(x, 1, relaxed)}, true) == 1);
    CHECK(blocked({store(x, 1, relaxed), store(x, 0, relaxed)}, false) == 1);
    CHECK(blocked({store(x, 1, relaxed), store(x, 0, relaxed)}, true) == 2);
}

TEST_CASE("rc11: executions in which a thread waits are those that nothing newer leads out of") {
    const auto is = [](std::size_t index, std::int64_t value) {
        return assume(apply(Kind::equal, reg(index), constant(value)));
    };
    const auto blocked = [](const std::vector<Code>& threads) {
        const LitmusTest test = program(threads);
        CHECK(difference(test, 200'000) == "");
        return engine_executions(test).explored.blocked;
    };
    for (const Order order : {relaxed, seq_cst}) {
        const Order publish = order == relaxed ? release : seq_cst;
        const Code one{store(x, 1, publish)};
        const Code other{store(y, 1, publish)};
        // Either of two is enough, which the thread looks at one after the other.
        const Code either{load(0, x, order),
                          branch_unless(apply(Kind::equal, reg(0), constant(0)), 4),
                          load(1, y, order), is(1, 1)};
        CHECK(blocked({either, one, other}) == 0);
        // A write in the middle is what the thread waits for, and neither the first nor the last.
        const Code counter{store(x, 1, publish), store(x, 2, publish), store(x, 3, publish)};
        CHECK(blocked({{load(0, x, order), is(0, 2)}, counter}) == 1);
        CHECK(blocked({{load(0, x, order), is(0, 3)}, counter}) == 0);
        // Two wait for the same, and one of them for the other.
        const Code relay{load(0, x, order), is(0, 1), store(y, 1, publish)};
        const Code last{load(0, y, order), is(0, 1), load(1, x, order)};
        CHECK(blocked({last, relay, relay, one}) == 0);
        // Each waits for the other.
        const Code first{load(0, x, order), is(0, 1), store(y, 1, publish)};
        const Code second{load(0, y, order), is(0, 1), store(x, 1, publish)};
        CHECK(blocked({first, second}) == 1);
        // Whether it waits with what it reads second depends on what it has read first: of that,
        // nothing is known that was so with another first one.
        const Code both{load(0, x, order), load(1, y, order),
                        assume(apply(Kind::bit_xor, reg(0), reg(1)))};
        const Code two{store(x, 1, relaxed), store(y, 1, publish)};
        CHECK(blocked({both, two}) == 1);
        CHECK(blocked({both, one, other}) == 1);
        const Code same{load(0, x, order), load(1, y, order),
                        assume(apply(Kind::equal, reg(0), reg(1)))};
        CHECK(blocked({one, same, other}) == 1);
        // A lock that is never let go, and one that is.
        const Code lock{compare_exchange(1, x, 0, 1, order == relaxed ? acq_rel : seq_cst, order),
                        assume(reg(1))};
        Code lock_and_unlock = lock;
        lock_and_unlock.push_back(store(x, 0, publish));
        CHECK(blocked({lock, lock}) == 2);
        // Left are those in which one has got the lock by a revisit from another.
        CHECK(blocked({lock_and_unlock, lock_and_unlock, lock_and_unlock}) == 5);
    }
}

TEST_CASE("rc11: an assertion fails in the executions in which it is false") {
    auto threads = store_buffering(relaxed, relaxed);
    threads[0].push_back(assert_that(reg(0)));
    const rc11::ExploreResult result = rc11::run_litmus(program(threads)).explored;
    CHECK(result.complete == 4);
    CHECK(result.failures == 2);
    CHECK(result.failure == "assertion");
}

TEST_CASE("rc11: a limit that is reached is said") {
    rc11::ExploreOptions options;
    options.executions_max = 2;
    CHECK(rc11::run_litmus(program(store_buffering(relaxed, relaxed)), options).explored.limit ==
          "2 executions");
    options = {};
    options.events_max = 5;
    CHECK(rc11::run_litmus(program(store_buffering(relaxed, relaxed)), options).explored.limit ==
          "5 events in one execution");
}

}  // namespace parley::tests
