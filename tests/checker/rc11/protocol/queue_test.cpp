#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/tests/checker/rc11/protocol/programs.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>

namespace parley::tests {

namespace {

/// Numbers through the production queue, both ends waiting.
template <std::size_t items, model::QueueOrders Orders = model::QueueOrders{}>
struct Ring {
    using Queue = model::SpscQueue<int, model::dynamic_capacity, Rc11Platform, Orders>;
    Queue queue{std::size_t{2}};

    void thread(unsigned index) {
        begin_script();
        for (std::size_t i = 0; i < items; ++i) {
            index == 0 ? push(static_cast<int>(i)) : pop(static_cast<int>(i));
            begin_script();
        }
    }

 private:
    void push(int item) {
        while (!queue.try_push(item)) idle();
    }
    void pop(int expected) {
        int item = -1;
        while (!queue.try_pop(item)) idle();
        if (item != expected) violate("order");
    }
};

/// Both ends look at the other's counter each time, where the production queue remembers it.
template <std::size_t items>
struct PlainRing {
    Rc11Platform::Atomic<std::size_t> head;
    Rc11Platform::Atomic<std::size_t> tail;
    Rc11Platform::Cell<std::size_t> slots[2];

    void thread(unsigned index) {
        begin_script();
        for (std::size_t i = 0; i < items; ++i) {
            if (index == 0) {
                while (i - head.load(acquire_order) == 2) idle();
                std::construct_at(slots[i % 2].storage(), i);
                tail.store(i + 1, release_order);
            } else {
                while (tail.load(acquire_order) == i) idle();
                if (slots[i % 2].value() != i) violate("order");
                head.store(i + 1, release_order);
            }
            begin_script();
        }
    }
};

template <class P>
void check_count(std::uint64_t executions) {
    const Explored explored = all_executions<P>();
    CHECK(explored.property == "");
    CHECK(explored.stuck == 0);
    CHECK(explored.executions == executions);
}

constexpr auto loose = std::memory_order_relaxed;

}  // namespace

TEST_CASE("rc11 queue: N items through a plain ring of capacity 2 have 3^(N-1) executions") {
    check_count<PlainRing<1>>(1);
    check_count<PlainRing<2>>(3);
    check_count<PlainRing<3>>(9);
    check_count<PlainRing<5>>(81);
    check_count<PlainRing<8>>(2'187);
}

TEST_CASE("rc11 queue: N items through the production queue have as many as the Nth Pell number") {
    check_count<Ring<1>>(1);
    check_count<Ring<2>>(2);
    check_count<Ring<3>>(5);
    check_count<Ring<4>>(12);
    check_count<Ring<5>>(29);
    check_count<Ring<8>>(408);
}

TEST_CASE("rc11 queue: each memory order is necessary") {
    CHECK(all_executions<Ring<3, {.publish = loose}>>().property == "data race");
    CHECK(all_executions<Ring<3, {.observe = loose}>>().property == "data race");
    CHECK(all_executions<Ring<3, {.vacate = loose}>>().property == "data race");
    CHECK(all_executions<Ring<3, {.reclaim = loose}>>().property == "data race");
}

}  // namespace parley::tests
