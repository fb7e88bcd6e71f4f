#include "parley/tests/checker/relacy/programs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace parley::checker::relacy {
namespace {

TEST_CASE("relacy: the log of a race tells both accesses, with orders and lines") {
    MemoryLog log;
    const auto result = run<MessagePassing<relaxed>>({.log = &log});
    REQUIRE(result.failure.kind == FailureClass::data_race);

    const auto race = race_at_end(log);
    REQUIRE(race.has_value());
    CHECK(race->first.operation == MemoryOperation::plain);
    CHECK(race->first.thread == 0);
    CHECK(race->second.operation == MemoryOperation::plain);
    CHECK(race->second.thread == 1);
    CHECK(race->first.variable == 1);
    CHECK(race->second.variable == 1);
    CHECK(race->first.line != race->second.line);
    CHECK(race->second.line == result.failure.line);
    CHECK(race->second.file == result.failure.file);

    const auto store = std::ranges::find(log, MemoryOperation::store, &MemoryEvent::operation);
    REQUIRE(store != log.end());
    CHECK(store->order == relaxed);
    CHECK(store->variable == 0);
    CHECK(store->value == 1);
    CHECK(store->store == 1);
    CHECK(store->file.ends_with("programs.hpp"));
}

TEST_CASE("relacy: the log of a race over an object tells both accesses") {
    MemoryLog log;
    REQUIRE(run<Transfer<Wrong::use_after_transfer>>({.log = &log}).has_failed());
    const auto race = race_at_end(log);
    REQUIRE(race.has_value());
    CHECK(race->first.operation == MemoryOperation::access_object);
    CHECK(race->second.operation == MemoryOperation::access_object);
    CHECK(race->first.thread != race->second.thread);
}

TEST_CASE("relacy: a run that ends at an atomic has no race at its end") {
    MemoryLog log;
    CHECK_FALSE(race_at_end(log).has_value());
    REQUIRE(run<StoreBuffering<relaxed, relaxed>>({.log = &log}).has_failed());
    CHECK_FALSE(race_at_end(log).has_value());
}

/// One thread counts up, the other one reads.
struct Counting {
    RelacyPlatform::Atomic<int> counter{10};
    void thread(unsigned index) {
        if (index == 0) {
            for (int i = 11; i < 14; ++i) counter.store(i, release);
        } else if (counter.load(relaxed) < 13) {
            fail("the newest value is read");
        }
    }
};

TEST_CASE("relacy: the log says which store a load has read, and what it could have read") {
    bool was_stale = false;
    bool was_newest = false;
    for (std::uint64_t seed = 1; seed < 60; ++seed) {
        MemoryLog log;
        if (!run<Counting>({.seed = seed, .log = &log}).has_failed()) continue;
        const MemoryEvent& load = log.back();
        CHECK(load.operation == MemoryOperation::load);
        CHECK(load.value == 10U + load.store);
        CHECK(load.newest_value == 10U + load.newest_store);
        CHECK(load.is_stale() == (load.value != load.newest_value));
        (load.is_stale() ? was_stale : was_newest) = true;
    }
    CHECK(was_stale);
    CHECK(was_newest);
}

TEST_CASE("relacy: the log has objects and fences, and code outside of the threads has no thread") {
    MemoryLog log;
    run<Transfer<Wrong::nothing>>({.executions_max = 1, .log = &log});
    for (const auto operation : {MemoryOperation::make_object, MemoryOperation::access_object,
                                 MemoryOperation::destroy_object}) {
        const auto event = std::ranges::find(log, operation, &MemoryEvent::operation);
        REQUIRE(event != log.end());
        CHECK(event->variable == 0);
        CHECK(event->thread < no_thread);
    }
    run<FencedMessagePassing<>>({.executions_max = 1, .log = &log});
    CHECK(std::ranges::count(log, MemoryOperation::fence, &MemoryEvent::operation) == 2);
    run<StoreBuffering<relaxed, relaxed>>({.log = &log});
    CHECK(std::ranges::count(log, no_thread, &MemoryEvent::thread) == 0);
}

TEST_CASE("relacy: the log of a simulation is that of its last run") {
    MemoryLog log;
    run<StoreBuffering<std::memory_order_seq_cst, std::memory_order_seq_cst>>(
        {.executions_max = 100, .log = &log});
    CHECK(log.size() == 4);
}

}  // namespace
}  // namespace parley::checker::relacy
