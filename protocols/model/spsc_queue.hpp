#pragma once

#include "parley/protocols/model/platform.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <new>
#include <ranges>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace parley::model {

/// The memory order of each atomic operation by which the two ends of a queue synchronise.
///
/// A weaker order is another value and so another type of queue, which is how the checks plant one.
struct QueueOrders {
    std::memory_order publish = std::memory_order_release;  ///< the producer hands elements over
    std::memory_order observe = std::memory_order_acquire;  ///< the consumer looks for elements
    std::memory_order vacate = std::memory_order_release;   ///< the consumer gives room back
    std::memory_order reclaim = std::memory_order_acquire;  ///< the producer looks for room

    bool operator==(const QueueOrders&) const = default;
};

/// As a queue's Capacity: the constructor is told the capacity.
inline constexpr std::size_t dynamic_capacity = 0;

/// Distance in bytes that keeps what two threads write from disturbing each other. Intel's and
/// AMD's prefetchers fetch lines of 64 bytes in pairs.
#if defined(__x86_64__) || defined(__i386__)
inline constexpr std::size_t line_bytes = 128;
#else
inline constexpr std::size_t line_bytes = 64;
#endif

/// The room of a queue: inside the object when Capacity is fixed, one allocation when it is not.
template <class Cell, std::size_t Capacity>
class QueueSlots {
 public:
    explicit QueueSlots(std::size_t) noexcept {}
    static constexpr std::size_t size() noexcept { return Capacity; }
    Cell& operator[](std::size_t index) noexcept { return cells_[index & (Capacity - 1)]; }

 private:
    alignas(std::max(line_bytes, alignof(Cell))) std::array<Cell, Capacity> cells_;
};

template <class Cell>
class QueueSlots<Cell, dynamic_capacity> {
 public:
    /// Throws std::bad_alloc, or what the constructor of a Cell throws.
    explicit QueueSlots(std::size_t capacity)
        : mask_(capacity - 1), cells_(std::allocator<Line>().allocate(lines(capacity))) {
        std::uninitialized_default_construct_n(cells(), capacity);
    }
    QueueSlots(const QueueSlots&) = delete;
    QueueSlots& operator=(const QueueSlots&) = delete;
    ~QueueSlots() {
        std::destroy_n(cells(), size());
        std::allocator<Line>().deallocate(cells_, lines(size()));
    }

    std::size_t size() const noexcept { return mask_ + 1; }
    Cell& operator[](std::size_t index) noexcept { return cells()[index & mask_]; }

 private:
    struct alignas(std::max(line_bytes, alignof(Cell))) Line {
        std::byte bytes[std::max(line_bytes, alignof(Cell))];
    };

    static std::size_t lines(std::size_t capacity) {
        if (capacity > std::size_t(-1) / sizeof(Cell) - sizeof(Line))
            throw std::bad_array_new_length();
        return (capacity * sizeof(Cell) + sizeof(Line) - 1) / sizeof(Line);
    }
    Cell* cells() noexcept { return reinterpret_cast<Cell*>(cells_); }

    std::size_t mask_;
    Line* cells_;
};

/// A bounded queue from one producer thread to one consumer thread: first in, first out.
///
/// Wait-free: every operation ends within a fixed number of steps, and a party that stops leaves
/// the other one able to use all room and all elements that it had been given. No allocation after
/// construction. Capacity is a power of two from 1.
///
/// Invariant: `head <= tail <= head + capacity`, counted without end and wrapped by unsigned
/// arithmetic; the element with number n is in slot n mod capacity; slots from head to tail hold
/// elements. `tail` is written by the producer only, `head` by the consumer only. Each party keeps
/// the last value that it has seen of the other's counter and looks again only when that one says
/// full (or empty).
///
/// Producer's side: try_push, try_emplace, push_bulk, full. Consumer's side: front, pop, try_pop,
/// pop_bulk, empty. Anyone's: size_guess, capacity. One thread at a time may be on each side.
/// Construction and destruction must be ordered with both by the user. Not movable.
///
/// Exceptions of an element's constructor or assignment pass through and leave the queue unchanged.
///
/// Source: Lamport, "Specifying Concurrent Program Modules", TOPLAS 5(2), 1983 (the ring with two
/// counters); the remembered counters are from Lee, Bu and Chandranmenon, "A lock-free,
/// cache-efficient shared ring buffer for multi-core architectures", ANCS 2009. We differ in that
/// nothing is handed over late: each push and each pop is visible to the other party at once.
template <class T, std::size_t Capacity = dynamic_capacity, Platform P = StdPlatform,
          QueueOrders Orders = QueueOrders{}>
class SpscQueue {
    static_assert(std::is_object_v<T> && std::is_nothrow_destructible_v<T>);
    static_assert(Capacity == dynamic_capacity || std::has_single_bit(Capacity),
                  "the capacity of a queue is a power of two");

 public:
    using value_type = T;

    SpscQueue()
        requires(Capacity != dynamic_capacity)
        : slots_(Capacity), limit_(Capacity) {}

    /// Throws std::invalid_argument when `capacity` is not a power of two.
    explicit SpscQueue(std::size_t capacity)
        requires(Capacity == dynamic_capacity)
        : SpscQueue(capacity, capacity) {}

    SpscQueue(const SpscQueue&) = delete;
    SpscQueue& operator=(const SpscQueue&) = delete;

    ~SpscQueue() {
        while (front() != nullptr) pop();
    }

    /// False: the queue is full and `element` is untouched.
    bool try_push(const T& element)
        requires std::copy_constructible<T>
    {
        return try_emplace(element);
    }
    bool try_push(T&& element) { return try_emplace(std::move(element)); }

    /// Constructs an element in its slot. False: the queue is full and nothing has happened.
    template <class... Args>
        requires std::constructible_from<T, Args...>
    bool try_emplace(Args&&... args) {
        const std::size_t tail = producer_.tail;
        if (room(tail, 1) == 0) return false;
        std::construct_at(slots_[tail].storage(), std::forward<Args>(args)...);
        publish(tail + 1);
        return true;
    }

    /// Moves the first elements of `elements` in, as many as there is room for, and hands them over
    /// together. Returns their number. When a constructor throws, the elements before are pushed.
    template <std::ranges::input_range Range>
        requires std::constructible_from<T, std::ranges::range_rvalue_reference_t<Range>>
    std::size_t push_bulk(Range&& elements) {
        const std::size_t tail = producer_.tail;
        auto next = std::ranges::begin(elements);
        const auto end = std::ranges::end(elements);
        if (next == end) return 0;
        const std::size_t count_max = room(tail, wanted(elements));
        OnExit<&SpscQueue::publish> pushed{*this, tail, tail};
        while (pushed.now - tail < count_max && next != end) {
            std::construct_at(slots_[pushed.now].storage(), std::ranges::iter_move(next));
            ++pushed.now;
            ++next;
        }
        return pushed.now - tail;
    }

    /// For the producer: exact, a push would fail now.
    bool full() noexcept { return room(producer_.tail, 1) == 0; }

    /// The oldest element, to be handled in place; null when there is none. It stays until pop().
    T* front() noexcept {
        const std::size_t head = consumer_.head;
        if (available(head, 1) == 0) return nullptr;
        return std::addressof(slots_[head].value());
    }

    /// Destroys the oldest element. Requires that front() has just returned one.
    void pop() noexcept {
        const std::size_t head = consumer_.head;
        std::destroy_at(slots_[head].storage());
        vacate(head + 1);
    }

    /// Moves the oldest element out. False: the queue is empty and `element` is untouched.
    bool try_pop(T& element) noexcept(std::is_nothrow_move_assignable_v<T>)
        requires std::is_move_assignable_v<T>
    {
        const std::size_t head = consumer_.head;
        if (available(head, 1) == 0) return false;
        T& oldest = slots_[head].value();
        element = std::move(oldest);
        std::destroy_at(std::addressof(oldest));
        vacate(head + 1);
        return true;
    }

    /// Calls `consume(T&&)` for up to `count_max` elements, oldest first, and gives their room back
    /// together. Returns their number. When a call throws, that element and those after stay.
    template <class Consume>
        requires std::invocable<Consume&, T&&>
    std::size_t pop_bulk(std::size_t count_max, Consume&& consume) {
        const std::size_t head = consumer_.head;
        const std::size_t count = std::min(count_max, available(head, count_max));
        OnExit<&SpscQueue::vacate> popped{*this, head, head};
        while (popped.now - head < count) {
            T& oldest = slots_[popped.now].value();
            consume(std::move(oldest));
            std::destroy_at(std::addressof(oldest));
            ++popped.now;
        }
        return count;
    }

    /// Moves up to `count_max` elements to `output`, oldest first. Returns their number.
    template <std::output_iterator<T&&> Output>
    std::size_t pop_bulk(std::size_t count_max, Output output) {
        return pop_bulk(count_max, [&output](T&& element) { *output++ = std::move(element); });
    }

    /// For the consumer: exact, there is nothing to pop now.
    bool empty() noexcept { return available(consumer_.head, 1) == 0; }

    /// How many elements there are; another thread may already have changed it. For any thread.
    std::size_t size_guess() const noexcept {
        const std::size_t head = head_.load(std::memory_order_relaxed);
        const std::size_t tail = tail_.load(std::memory_order_relaxed);
        return std::min(tail - head, capacity());
    }

    std::size_t capacity() const noexcept { return slots_.size(); }

 protected:
    /// For checks that plant a wrong limit, or start the counters close to where they wrap. It
    /// costs nothing: the capacity has to be held somewhere, and `limit` is where.
    SpscQueue(std::size_t capacity, std::size_t limit, std::size_t first = 0)
        requires(Capacity == dynamic_capacity)
        : slots_(checked(capacity)), limit_(limit) {
        producer_ = {first, first};
        consumer_ = {first, first};
        tail_.store(first, std::memory_order_relaxed);
        head_.store(first, std::memory_order_relaxed);
    }

 private:
    template <class U>
    using Atomic = typename P::template Atomic<U>;

    struct alignas(line_bytes) Producer {
        std::size_t tail = 0;
        std::size_t head_seen = 0;
    };
    struct alignas(line_bytes) Consumer {
        std::size_t head = 0;
        std::size_t tail_seen = 0;
    };

    /// Hands over what a bulk operation has done so far, also when an element throws.
    template <void (SpscQueue::*commit)(std::size_t)>
    struct OnExit {
        ~OnExit() {
            if (now != before) (queue.*commit)(now);
        }
        SpscQueue& queue;
        std::size_t before;
        std::size_t now;
    };

    static std::size_t checked(std::size_t capacity) {
        if (!std::has_single_bit(capacity))
            throw std::invalid_argument("the capacity of a queue is a power of two");
        return capacity;
    }

    template <class Range>
    static std::size_t wanted(Range& elements) {
        if constexpr (std::ranges::sized_range<Range>)
            return static_cast<std::size_t>(std::ranges::size(elements));
        else
            return static_cast<std::size_t>(-1);
    }

    std::size_t room(std::size_t tail, std::size_t count) noexcept {
        const std::size_t seen = limit_ - (tail - producer_.head_seen);
        if (seen >= count) return seen;
        producer_.head_seen = head_.load(Orders.reclaim);
        return limit_ - (tail - producer_.head_seen);
    }

    std::size_t available(std::size_t head, std::size_t count) noexcept {
        const std::size_t seen = consumer_.tail_seen - head;
        if (seen >= count) return seen;
        consumer_.tail_seen = tail_.load(Orders.observe);
        return consumer_.tail_seen - head;
    }

    void publish(std::size_t tail) noexcept {
        producer_.tail = tail;
        tail_.store(tail, Orders.publish);
    }

    void vacate(std::size_t head) noexcept {
        consumer_.head = head;
        head_.store(head, Orders.vacate);
    }

    QueueSlots<typename P::template Cell<T>, Capacity> slots_;
    std::size_t limit_;
    Producer producer_;
    alignas(line_bytes) Atomic<std::size_t> tail_{0};
    Consumer consumer_;
    alignas(line_bytes) Atomic<std::size_t> head_{0};
};

}  // namespace parley::model
