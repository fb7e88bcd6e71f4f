#include "parley/tests/checker/relacy/programs.hpp"

#include <catch2/catch.hpp>

namespace parley::checker::relacy {
namespace {

constexpr auto seq_cst = std::memory_order_seq_cst;
const SimulationOptions some_runs{.executions_max = 20'000};
const SimulationOptions all_runs{.scheduler = SchedulerKind::full};

TEST_CASE("relacy: message passing with release and acquire has no data race") {
    CHECK_FALSE(run<MessagePassing<>>(some_runs).has_failed());
    CHECK(run<MessagePassing<>>(all_runs).is_complete);
}

TEST_CASE("relacy: message passing with a relaxed order at either end is a data race") {
    CHECK(seeds_that_find<MessagePassing<relaxed, acquire>>(FailureClass::data_race) == 60);
    CHECK(seeds_that_find<MessagePassing<release, relaxed>>(FailureClass::data_race) == 60);
    CHECK(run<MessagePassing<relaxed, acquire>>(all_runs).failure.kind == FailureClass::data_race);
    CHECK(run<MessagePassing<release, relaxed>>(all_runs).failure.kind == FailureClass::data_race);
}

TEST_CASE("relacy: fences order relaxed accesses, and a missing one is a data race") {
    CHECK_FALSE(run<FencedMessagePassing<>>(some_runs).has_failed());
    CHECK(run<FencedMessagePassing<>>(all_runs).is_complete);
    CHECK(seeds_that_find<FencedMessagePassing<relaxed, acquire>>(FailureClass::data_race) == 60);
    CHECK(seeds_that_find<FencedMessagePassing<release, relaxed>>(FailureClass::data_race) == 60);
}

TEST_CASE("relacy: store buffering is seen with release and acquire, not with seq_cst") {
    CHECK(seeds_that_find<StoreBuffering<release, acquire>>(FailureClass::assertion) == 60);
    CHECK(run<StoreBuffering<release, acquire>>(all_runs).failure.kind == FailureClass::assertion);
    CHECK_FALSE(run<StoreBuffering<seq_cst, seq_cst>>(some_runs).has_failed());
    CHECK(run<StoreBuffering<seq_cst, seq_cst>>(all_runs).is_complete);
}

/// Each thread's second store comes before the other one's first, for both variables: RC11 allows
/// that, as shapes_test.cpp has it of 2+2W.
struct SecondStoresFirst {
    RelacyPlatform::Atomic<int> x;
    RelacyPlatform::Atomic<int> y;

    void thread(unsigned index) {
        auto& first = index == 0 ? x : y;
        auto& second = index == 0 ? y : x;
        first.store(1, relaxed);
        second.store(2, relaxed);
    }
    void after() const {
        if (x.load(relaxed) == 1 && y.load(relaxed) == 1) fail("the stores are out of order");
    }
};

TEST_CASE("relacy: stores are never seen out of order, which README says") {
    const auto result = run<SecondStoresFirst>(all_runs);
    CHECK(result.is_complete);
    CHECK_FALSE(result.has_failed());
}

/// Two threads add to one counter.
struct TwoAdders {
    RelacyPlatform::Atomic<int> counter;
    void thread(unsigned) { counter.fetch_add(1, relaxed); }
    void after() const {
        if (counter.load(relaxed) != 2) fail("both additions count");
    }
};

/// Two threads take one lock, whose cell tells when both have it.
template <bool IsWeak>
struct Lock {
    RelacyPlatform::Atomic<bool> is_taken;
    RelacyPlatform::Cell<int> cell;

    bool take() {
        bool expected = false;
        if constexpr (IsWeak) {
            return is_taken.compare_exchange_weak(expected, true, acquire, relaxed);
        } else {
            return is_taken.compare_exchange_strong(expected, true, acquire, relaxed);
        }
    }
    void thread(unsigned) {
        while (!take()) RelacyPlatform::pause();
        cell.storage();
        is_taken.store(false, release);
    }
};

TEST_CASE("relacy: a read-modify-write acts on the newest value") {
    CHECK_FALSE(run<TwoAdders>(some_runs).has_failed());
    CHECK(run<TwoAdders>(all_runs).is_complete);
}

TEST_CASE("relacy: a compare-exchange gives a lock to one thread at a time") {
    CHECK_FALSE(run<Lock<false>>(some_runs).has_failed());
    CHECK_FALSE(run<Lock<true>>(some_runs).has_failed());
    CHECK(run<Lock<false>>(all_runs).is_complete);
}

/// An atomic that one thread makes while the other already reads it.
struct LateAtomic {
    alignas(RelacyPlatform::Atomic<int>) std::byte room[sizeof(RelacyPlatform::Atomic<int>)];
    RelacyPlatform::Atomic<RelacyPlatform::Atomic<int>*> pointer;

    void thread(unsigned index) {
        if (index == 0) {
            auto* const made = ::new (static_cast<void*>(room)) RelacyPlatform::Atomic<int>(7);
            pointer.store(made, relaxed);
        } else {
            while (pointer.load(relaxed) == nullptr) RelacyPlatform::pause();
            pointer.load(relaxed)->load(acquire);
        }
    }
    void after() { std::destroy_at(pointer.load(relaxed)); }
};

TEST_CASE("relacy: an atomic that is handed over without synchronisation may not be initialised") {
    CHECK(seeds_that_find<LateAtomic>(FailureClass::uninitialised_access) == 60);
}

}  // namespace
}  // namespace parley::checker::relacy
