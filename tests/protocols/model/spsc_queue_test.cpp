#include "parley/protocols/model/spsc_queue.hpp"

#include "parley/tests/protocols/model/allocations.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <memory>
#include <new>
#include <numeric>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace {

std::atomic<std::size_t> allocation_count{0};

void* counted(void* memory) {
    allocation_count.fetch_add(1, std::memory_order_relaxed);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}

void* aligned(std::size_t bytes, std::size_t alignment) {
    return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}

}  // namespace

// Weak, because a sanitizer's runtime may bring its own; nothing is counted then.
[[gnu::weak]] void* operator new(std::size_t bytes) {
    return counted(std::malloc(bytes == 0 ? 1 : bytes));
}
[[gnu::weak]] void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return counted(aligned(bytes, static_cast<std::size_t>(alignment)));
}
[[gnu::weak]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::weak]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
[[gnu::weak]] void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
[[gnu::weak]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

namespace parley::model {

std::size_t allocations() noexcept {
    return allocation_count.load(std::memory_order_relaxed);
}

namespace {

/// Throws when it is made from, or assigned, the number `throws_at`.
struct Fragile {
    static constexpr int throws_at = 13;

    explicit Fragile(int from) : number(checked(from)) {}
    // NOLINTBEGIN(performance-noexcept-move-constructor): they throw, that is what they are for
    Fragile(Fragile&& other) : number(checked(other.number)) {}
    Fragile& operator=(Fragile&& other) {
        number = checked(other.number);
        return *this;
    }
    // NOLINTEND(performance-noexcept-move-constructor)
    static int checked(int number) {
        if (number == throws_at) throw std::runtime_error("thirteen");
        return number;
    }

    int number;
};

/// Counts the objects that are alive.
struct Tracked {
    explicit Tracked(int from) : number(from) { ++alive; }
    Tracked(Tracked&& other) noexcept : number(other.number) { ++alive; }
    Tracked& operator=(Tracked&&) noexcept = default;
    ~Tracked() { --alive; }

    int number;
    static inline int alive = 0;
};

/// A queue whose counters start close to where they wrap.
struct LateQueue : SpscQueue<int> {
    explicit LateQueue(std::size_t capacity)
        : SpscQueue(capacity, capacity, std::numeric_limits<std::size_t>::max() - 2) {}
};

/// A queue that takes one element more than it has room for.
struct OverfullQueue : SpscQueue<int> {
    explicit OverfullQueue(std::size_t capacity) : SpscQueue(capacity, capacity + 1) {}
};

void check_fills_and_drains(auto& queue, std::size_t capacity) {
    REQUIRE(queue.capacity() == capacity);
    for (int lap = 0; lap < 3; ++lap) {
        CHECK(queue.empty());
        CHECK(queue.front() == nullptr);
        for (std::size_t i = 0; i < capacity; ++i) {
            REQUIRE_FALSE(queue.full());
            REQUIRE(queue.try_push(static_cast<int>(i)));
            REQUIRE(queue.size_guess() == i + 1);
        }
        CHECK(queue.full());
        CHECK_FALSE(queue.try_push(-1));
        for (std::size_t i = 0; i < capacity; ++i) {
            int taken = -1;
            REQUIRE(queue.try_pop(taken));
            REQUIRE(taken == static_cast<int>(i));
            REQUIRE_FALSE(queue.full());
        }
        int untouched = -7;
        CHECK_FALSE(queue.try_pop(untouched));
        CHECK(untouched == -7);
    }
}

template <std::size_t... capacities>
void check_fixed_capacities(std::index_sequence<capacities...>) {
    const auto check = [](auto queue) { check_fills_and_drains(*queue, queue->capacity()); };
    (check(std::make_unique<SpscQueue<int, capacities>>()), ...);
}

/// Takes numbers and counts those that are not the next one.
struct Order {
    void operator()(int number) { wrong += number == next++ ? 0 : 1; }

    int next = 0;
    int wrong = 0;
};

/// Sends numbers from one thread to another; returns how many came out of order.
template <class Push, class Pop>
int count_out_of_order(int count, Push push, Pop pop) {
    std::thread producer([&] {
        for (int next = 0; next < count;) {
            const int pushed = push(next);
            if (pushed == 0) std::this_thread::yield();
            next += pushed;
        }
    });
    Order order;
    while (order.next < count) {
        if (!pop(order)) std::this_thread::yield();
    }
    producer.join();
    return order.wrong;
}

}  // namespace

TEST_CASE("spsc_queue: every capacity fills up, refuses one more, and drains in order") {
    for (const std::size_t capacity : {1U, 2U, 4U, 8U, 32U, 1024U}) {
        SpscQueue<int> queue(capacity);
        check_fills_and_drains(queue, capacity);
    }
    check_fixed_capacities(std::index_sequence<1, 2, 4, 8, 32, 1024>{});
}

TEST_CASE("spsc_queue: a capacity that is not a power of two is refused") {
    for (const std::size_t capacity : {std::size_t{0}, std::size_t{3}, std::size_t{1023}}) {
        CHECK_THROWS_AS(SpscQueue<int>(capacity), std::invalid_argument);
    }
    CHECK_THROWS_AS(SpscQueue<int>(std::size_t{1} << 63U), std::bad_array_new_length);
}

TEST_CASE("spsc_queue: room that the consumer gives back is found at once, by one push at a time") {
    SpscQueue<int> queue(64);
    for (int i = 0; i < 64; ++i) REQUIRE(queue.try_push(i));
    int taken = -1;
    for (int i = 0; i < 200; ++i) {
        REQUIRE(queue.full());
        REQUIRE(queue.try_pop(taken));
        REQUIRE(taken == i);
        REQUIRE(queue.try_push(64 + i));
        REQUIRE_FALSE(queue.try_push(-1));
    }
}

TEST_CASE("spsc_queue: a refused element that can only be moved is untouched") {
    SpscQueue<std::unique_ptr<int>> queue(1);
    REQUIRE(queue.try_push(std::make_unique<int>(1)));
    auto element = std::make_unique<int>(2);
    const auto& refused = element;
    CHECK_FALSE(queue.try_push(std::move(element)));
    REQUIRE(refused != nullptr);
    std::unique_ptr<int> taken;
    REQUIRE(queue.try_pop(taken));
    CHECK(*taken == 1);
    CHECK(queue.try_emplace(std::move(element)));
    CHECK(**queue.front() == 2);
}

TEST_CASE("spsc_queue: a constructor that throws leaves the queue as it was") {
    SpscQueue<Fragile> queue(2);
    CHECK_THROWS_AS(queue.try_emplace(13), std::runtime_error);
    CHECK(queue.empty());
    REQUIRE(queue.try_emplace(1));
    CHECK_THROWS_AS(queue.try_emplace(13), std::runtime_error);
    CHECK(queue.size_guess() == 1);
    REQUIRE(queue.try_emplace(2));
    CHECK(queue.full());
    CHECK(queue.front()->number == 1);
}

TEST_CASE("spsc_queue: an assignment that throws leaves the element in the queue") {
    SpscQueue<Fragile> queue(2);
    REQUIRE(queue.try_emplace(1));
    queue.front()->number = 13;
    Fragile taken(0);
    CHECK_THROWS_AS(queue.try_pop(taken), std::runtime_error);
    CHECK(queue.size_guess() == 1);
    queue.front()->number = 2;
    REQUIRE(queue.try_pop(taken));
    CHECK(taken.number == 2);
}

TEST_CASE("spsc_queue: a bulk operation that is cut short by an exception keeps what it has done") {
    SpscQueue<Fragile> queue(8);
    const std::array<int, 4> numbers{1, 2, 13, 4};
    CHECK_THROWS_AS(queue.push_bulk(numbers), std::runtime_error);
    REQUIRE(queue.size_guess() == 2);
    const auto fail_at_two = [](Fragile&& taken) {
        if (taken.number == 2) throw std::runtime_error("two");
    };
    CHECK_THROWS_AS(queue.pop_bulk(8, fail_at_two), std::runtime_error);
    REQUIRE(queue.size_guess() == 1);
    CHECK(queue.front()->number == 2);
}

TEST_CASE("spsc_queue: what is left in it is destroyed with it") {
    Tracked::alive = 0;
    {
        SpscQueue<Tracked> queue(4);
        for (int i = 0; i < 4; ++i) REQUIRE(queue.try_emplace(i));
        REQUIRE(queue.front() != nullptr);
        queue.pop();
        REQUIRE(queue.try_emplace(4));
        CHECK(Tracked::alive == 4);
        SpscQueue<Tracked, 2> fixed;
        REQUIRE(fixed.try_emplace(1));
        CHECK(Tracked::alive == 5);
    }
    CHECK(Tracked::alive == 0);
}

TEST_CASE("spsc_queue: an element is handled in place and stays until it is popped") {
    Tracked::alive = 0;
    SpscQueue<Tracked, 2> queue;
    REQUIRE(queue.try_emplace(1));
    REQUIRE(queue.try_emplace(2));
    Tracked* const first = queue.front();
    first->number = 10;
    CHECK(queue.front() == first);
    CHECK(queue.full());
    queue.pop();
    CHECK(Tracked::alive == 1);
    CHECK(queue.front()->number == 2);
}

TEST_CASE("spsc_queue: bulk operations go around the end and stop at full and at empty") {
    SpscQueue<int> queue(8);
    std::vector<int> in(5);
    int sent = 0;
    int received = 0;
    for (int lap = 0; lap < 20; ++lap) {
        std::iota(in.begin(), in.end(), sent);
        sent += static_cast<int>(queue.push_bulk(in));
        const auto take = [&received](int number) { CHECK(number == received++); };
        queue.pop_bulk(3, take);
    }
    CHECK(sent == 65);
    CHECK(received == 60);
    std::array<int, 9> out{};
    CHECK(queue.pop_bulk(out.size(), out.begin()) == 5);
    CHECK(out[0] == 60);
    CHECK(queue.pop_bulk(1, out.begin()) == 0);
    CHECK(queue.push_bulk(std::vector<int>{}) == 0);
}

TEST_CASE("spsc_queue: a bulk push moves what it takes and leaves the rest untouched") {
    SpscQueue<std::unique_ptr<int>, 2> queue;
    std::vector<std::unique_ptr<int>> in;
    in.reserve(3);
    for (int i = 0; i < 3; ++i) in.push_back(std::make_unique<int>(i));
    CHECK(queue.push_bulk(std::span(in)) == 2);
    CHECK(in[1] == nullptr);
    REQUIRE(in[2] != nullptr);
    CHECK(queue.push_bulk(std::span(in).last(1)) == 0);
    REQUIRE(in[2] != nullptr);
    std::vector<std::unique_ptr<int>> out;
    CHECK(queue.pop_bulk(5, std::back_inserter(out)) == 2);
    CHECK(*out.at(1) == 1);
}

TEST_CASE("spsc_queue: the counters may wrap") {
    for (const std::size_t capacity : {1U, 2U, 8U, 64U}) {
        LateQueue queue(capacity);
        check_fills_and_drains(queue, capacity);
    }
}

TEST_CASE("spsc_queue: a wrong limit, planted by a check, lets an element be overwritten") {
    OverfullQueue queue(2);
    for (int i = 0; i < 3; ++i) REQUIRE(queue.try_push(i));
    CHECK(*queue.front() == 2);
}

TEST_CASE("spsc_queue: nothing is allocated after construction, and once in it") {
    const std::size_t before = allocations();
    SpscQueue<std::uint64_t> queue(64);
    CHECK(allocations() - before <= 1);
    SpscQueue<std::uint64_t, 64> fixed;
    std::array<std::uint64_t, 64> numbers{};
    const std::size_t constructed = allocations();
    for (int lap = 0; lap < 10; ++lap) {
        while (queue.try_push(1) && fixed.try_push(1)) queue.size_guess();
        queue.pop_bulk(64, numbers.begin());
        fixed.pop_bulk(64, numbers.begin());
        queue.push_bulk(numbers);
        while (queue.front() != nullptr) queue.pop();
    }
    const std::size_t used = allocations();
    CHECK(used == constructed);
}

TEST_CASE("spsc_queue: two threads pass numbers in order, one at a time") {
    for (const auto& [capacity, count] :
         {std::pair{1U, 500}, {2U, 500}, {64U, 50'000}, {1024U, 300'000}}) {
        SpscQueue<int> queue(capacity);
        const auto push = [&](int number) { return queue.try_push(number) ? 1 : 0; };
        const auto pop = [&](Order& take) {
            int number = -1;
            if (!queue.try_pop(number)) return false;
            take(number);
            return true;
        };
        CHECK(count_out_of_order(count, push, pop) == 0);
    }
}

TEST_CASE("spsc_queue: two threads pass owned numbers in order, in bulk and in place") {
    SpscQueue<std::unique_ptr<int>> queue(64);
    const auto push = [&](int number) {
        std::array<std::unique_ptr<int>, 7> some;
        for (auto& one : some) one = std::make_unique<int>(number++);
        return static_cast<int>(queue.push_bulk(some));
    };
    int turn = 0;
    const auto pop = [&](Order& take) {
        if (++turn % 2 == 0) return queue.pop_bulk(5, [&](auto&& one) { take(*one); }) != 0;
        const auto* const oldest = queue.front();
        if (oldest == nullptr) return false;
        take(**oldest);
        queue.pop();
        return true;
    };
    CHECK(count_out_of_order(70'000, push, pop) == 0);
}

}  // namespace parley::model
