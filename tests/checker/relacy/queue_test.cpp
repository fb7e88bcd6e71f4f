#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/tests/checker/relacy/programs.hpp"

#include <catch2/catch.hpp>

#include <cstddef>

namespace parley::checker::relacy {
namespace {

using model::QueueOrders;

/// The production queue: numbers come out as they went in.
template <std::size_t Capacity, QueueOrders Orders = QueueOrders{}, int Numbers = 3>
struct Numbered {
    model::SpscQueue<int, model::dynamic_capacity, RelacyPlatform, Orders> queue{Capacity};

    void thread(unsigned index) {
        if (index == 0) {
            for (int number = 0; number < Numbers; ++number) {
                while (!queue.try_push(number)) RelacyPlatform::pause();
            }
        } else {
            for (int number = 0; number < Numbers; ++number) take(number);
        }
    }
    void take(int number) {
        int taken = -1;
        while (!queue.try_pop(taken)) RelacyPlatform::pause();
        if (taken != number) fail("numbers come out as they went in");
    }
};

/// A queue that takes one element too many.
class LateFullQueue : public model::SpscQueue<int, model::dynamic_capacity, RelacyPlatform> {
 public:
    explicit LateFullQueue(std::size_t capacity) : SpscQueue(capacity, capacity + 1) {}
};

template <std::size_t Capacity>
struct LateFull {
    LateFullQueue queue{Capacity};

    void thread(unsigned index) {
        for (int number = 0; number < 3; ++number) {
            if (index == 0) {
                while (!queue.try_push(number)) RelacyPlatform::pause();
            } else {
                int taken = -1;
                while (!queue.try_pop(taken)) RelacyPlatform::pause();
                if (taken != number) fail("numbers come out as they went in");
            }
        }
    }
};

/// Objects that a queue still holds at the end.
struct LeftBehind {
    using Owned = RelacyPlatform::Owned<int>;
    model::SpscQueue<Owned, model::dynamic_capacity, RelacyPlatform> queue{2};

    void thread(unsigned index) {
        if (index == 0) queue.try_push(RelacyPlatform::make<int>(std::source_location::current()));
    }
};

template <std::size_t Capacity>
void check_clean() {
    CHECK_FALSE(run<Numbered<Capacity>>({.executions_max = 20'000}).has_failed());
    CHECK_FALSE(run<Numbered<Capacity>>({.scheduler = SchedulerKind::context_bound,
                                         .context_bound = 2,
                                         .executions_max = 100'000})
                    .has_failed());
}

template <QueueOrders Orders>
void check_race() {
    CHECK(seeds_that_find<Numbered<1, Orders>>(FailureClass::data_race) == 60);
    CHECK(seeds_that_find<Numbered<2, Orders>>(FailureClass::data_race) == 60);
}

TEST_CASE("relacy: the production queue is in order at capacity 1 and 2") {
    check_clean<1>();
    check_clean<2>();
}

TEST_CASE("relacy: a full search of two numbers through a queue ends, clean") {
    const auto one = run<Numbered<1, QueueOrders{}, 2>>({.scheduler = SchedulerKind::full});
    const auto two = run<Numbered<2, QueueOrders{}, 2>>({.scheduler = SchedulerKind::full});
    CHECK(one.is_complete);
    CHECK(two.is_complete);
    CHECK_FALSE(one.has_failed());
    CHECK_FALSE(two.has_failed());
}

TEST_CASE("relacy: each relaxed order of the queue is a data race whatever the seed") {
    check_race<QueueOrders{.publish = relaxed}>();
    check_race<QueueOrders{.observe = relaxed}>();
    check_race<QueueOrders{.vacate = relaxed}>();
    check_race<QueueOrders{.reclaim = relaxed}>();
}

/// A slot that is overwritten shows as a race or as a number that is missing.
template <std::size_t Capacity>
unsigned seeds_that_find_late_full() {
    return seeds_that_find<LateFull<Capacity>>(FailureClass::data_race) +
           seeds_that_find<LateFull<Capacity>>(FailureClass::assertion);
}

TEST_CASE("relacy: a queue that takes one element too many is found whatever the seed") {
    CHECK(seeds_that_find_late_full<1>() == 60);
    CHECK(seeds_that_find_late_full<2>() == 60);
}

TEST_CASE("relacy: an object that stays in a queue has leaked") {
    CHECK(seeds_that_find<LeftBehind>(FailureClass::memory_leak) == 60);
}

}  // namespace
}  // namespace parley::checker::relacy
