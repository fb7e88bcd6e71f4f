#pragma once

#include "parley/protocols/model/platform.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <limits>
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
    std::memory_order publish = std::memory_order_release;  ///< producer: stores `tail`
    std::memory_order observe = std::memory_order_acquire;  ///< consumer: loads `tail`
    std::memory_order vacate = std::memory_order_release;   ///< consumer: stores `head`
    std::memory_order reclaim = std::memory_order_acquire;  ///< producer: loads `head`

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
template <class Slot, std::size_t Capacity>
class QueueSlots {
 public:
    explicit QueueSlots(std::size_t) noexcept {}
    static constexpr std::size_t size() noexcept { return Capacity; }
    Slot& operator[](std::size_t index) noexcept { return storage_[index & (Capacity - 1)]; }
    const Slot& operator[](std::size_t index) const noexcept {
        return storage_[index & (Capacity - 1)];
    }

 private:
    alignas(std::max(line_bytes, alignof(Slot))) std::array<Slot, Capacity> storage_;
};

template <class Slot>
class QueueSlots<Slot, dynamic_capacity> {
 public:
    /// Throws std::bad_alloc.
    explicit QueueSlots(std::size_t capacity)
        : mask_(capacity - 1), storage_(std::allocator<Line>().allocate(lines(capacity))) {
        std::uninitialized_default_construct_n(slots(), capacity);
    }
    QueueSlots(const QueueSlots&) = delete;
    QueueSlots& operator=(const QueueSlots&) = delete;
    ~QueueSlots() {
        std::destroy_n(slots(), size());
        std::allocator<Line>().deallocate(storage_, lines(size()));
    }

    std::size_t size() const noexcept { return mask_ + 1; }
    Slot& operator[](std::size_t index) noexcept { return slots()[index & mask_]; }
    const Slot& operator[](std::size_t index) const noexcept { return slots()[index & mask_]; }

 private:
    struct alignas(std::max(line_bytes, alignof(Slot))) Line {
        std::byte bytes[std::max(line_bytes, alignof(Slot))];
    };

    static std::size_t lines(std::size_t capacity) {
        if (capacity > std::size_t(-1) / sizeof(Slot) - sizeof(Line))
            throw std::bad_array_new_length();
        return (capacity * sizeof(Slot) + sizeof(Line) - 1) / sizeof(Line);
    }
    Slot* slots() const noexcept { return reinterpret_cast<Slot*>(storage_); }

    std::size_t mask_;
    Line* storage_;
};

/// A bounded queue from one producer thread to one consumer thread: first in, first out.
///
/// Wait-free: every operation ends within a fixed number of steps, and a party that stops leaves
/// the other one able to use every element and all room that there is. Each push and each pop is
/// there for the other party at once; a bulk operation is there when it ends. No allocation after
/// construction. Capacity is a power of two from 1.
///
/// `tail` counts the pushes and `head` the pops, without end; element number n is in slot n mod
/// capacity. Invariant: `head <= tail <= head + capacity` in wrapping arithmetic, and the slots
/// from head to tail hold elements. `tail` is written by the producer only, `head` by the consumer
/// only, and these two are all by which the threads synchronise. Each party has a copy of its own
/// counter and the last value that it has seen of the other's, on a line that the other party never
/// touches; it looks again only when what it has seen says full, or empty.
///
/// Producer's side: try_push, try_emplace, push_bulk, full. Consumer's side: front, pop, try_pop,
/// pop_bulk, empty. Anyone's: size_guess, capacity. One thread at a time may be on each side.
/// Construction and destruction must be ordered with both by the user. Neither copied nor moved.
///
/// Exceptions of an element's constructor or assignment pass through and leave the queue unchanged.
///
/// Source: the ring with two counters is from Lamport, "Specifying concurrent program modules",
/// TOPLAS 5(2), 1983; the remembered counters from Lee, Bu and Chandranmenon, "A lock-free,
/// cache-efficient shared ring buffer for multi-core architectures", ANCS 2009. We differ in that
/// nothing is handed over late to make batches: that would refuse room that is there.
template <class T, std::size_t Capacity = dynamic_capacity, Platform P = StdPlatform,
          QueueOrders Orders = QueueOrders{}>
class SpscQueue {
    static_assert(std::is_object_v<T> && std::is_nothrow_destructible_v<T>);
    static_assert(Capacity == dynamic_capacity || std::has_single_bit(Capacity),
                  "the capacity of a queue is a power of two");

 public:
    using Element = T;

    SpscQueue()
        requires(Capacity != dynamic_capacity)
        : slots_(Capacity), producer_{.limit = Capacity} {}

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
        if (full()) return false;
        const std::size_t tail = producer_.tail;
        std::construct_at(slots_[tail].storage(), std::forward<Args>(args)...);
        publish(tail + 1);
        return true;
    }

    /// Moves the first of `elements` in, as many as there is room for, and hands them over
    /// together; when a constructor throws, those before it. Returns their number.
    template <std::ranges::input_range Range>
        requires std::constructible_from<T, std::ranges::range_rvalue_reference_t<Range>>
    std::size_t push_bulk(Range&& elements) {
        auto next = std::ranges::begin(elements);
        const auto end = std::ranges::end(elements);
        OnExit<&SpscQueue::publish> pushed{*this, producer_.tail};
        for (; next != end && has_room(pushed.now); ++next, ++pushed.now) {
            std::construct_at(slots_[pushed.now].storage(), std::ranges::iter_move(next));
        }
        return pushed.count();
    }

    /// For the producer, exact: a push would find no room now.
    bool full() noexcept { return !has_room(producer_.tail); }

    /// The oldest element, to be handled in place; null when there is none. It stays until pop().
    T* front() noexcept {
        return empty() ? nullptr : std::addressof(slots_[consumer_.head].value());
    }

    /// Destroys the oldest element. Requires that front() has returned it.
    void pop() noexcept {
        const std::size_t head = consumer_.head;
        std::destroy_at(slots_[head].storage());
        vacate(head + 1);
    }

    /// Moves the oldest element out. False: the queue is empty and `element` is untouched.
    bool try_pop(T& element) noexcept(std::is_nothrow_move_assignable_v<T>)
        requires std::is_move_assignable_v<T>
    {
        return pop_bulk(1, [&element](T&& oldest) { element = std::move(oldest); }) == 1;
    }

    /// Calls `consume(T&&)` for up to `count_max` elements, oldest first, and gives their room back
    /// together. Returns their number. When a call throws, its element stays the oldest.
    template <class Consume>
        requires std::invocable<Consume&, T&&>
    std::size_t pop_bulk(std::size_t count_max, Consume&& consume) {
        OnExit<&SpscQueue::vacate> popped{*this, consumer_.head};
        for (; popped.count() < count_max && has_element(popped.now); ++popped.now) {
            T& oldest = slots_[popped.now].value();
            consume(std::move(oldest));
            std::destroy_at(std::addressof(oldest));
        }
        return popped.count();
    }

    /// Moves up to `count_max` elements to `output`, oldest first. Returns their number.
    template <std::output_iterator<T&&> Output>
    std::size_t pop_bulk(std::size_t count_max, Output output) {
        return pop_bulk(count_max, [&output](T&& oldest) { *output++ = std::move(oldest); });
    }

    /// For the consumer, exact: a pop would find nothing now.
    bool empty() noexcept { return !has_element(consumer_.head); }

    /// About how many elements there are, for any thread; other threads may be changing it.
    std::size_t size_guess() const noexcept {
        const std::size_t head = head_.load(std::memory_order_relaxed);
        const std::size_t tail = tail_.load(std::memory_order_relaxed);
        const std::size_t size = tail - head;
        const bool is_tail_older = size > std::numeric_limits<std::size_t>::max() / 2;
        return is_tail_older ? 0 : std::min(size, capacity());
    }

    std::size_t capacity() const noexcept { return slots_.size(); }

    /// What one end remembers from one operation to the next, which is all that it does: its own
    /// counter, and the other one as it has last seen it. For that end, and for checks.
    struct Remembered {
        std::size_t own;
        std::size_t seen;
    };
    Remembered producer_remembers() const noexcept { return {producer_.tail, producer_.head_seen}; }
    Remembered consumer_remembers() const noexcept { return {consumer_.head, consumer_.tail_seen}; }

 protected:
    /// For checks: a `limit` above the capacity makes a producer that believes in more room than
    /// there is, and `first` starts the counters close to where they wrap. It costs nothing: the
    /// capacity has to be held on the producer's line, and `limit` is where.
    SpscQueue(std::size_t capacity, std::size_t limit, std::size_t first = 0)
        requires(Capacity == dynamic_capacity)
        : slots_(checked(capacity)),
          producer_{.tail = first, .head_seen = first, .limit = limit},
          tail_{first},
          consumer_{.head = first, .tail_seen = first},
          head_{first} {}

 private:
    using Counter = typename P::template Atomic<std::size_t>;

    struct alignas(line_bytes) Producer {
        std::size_t tail = 0;
        std::size_t head_seen = 0;
        std::size_t limit = 0;  ///< the capacity
    };
    struct alignas(line_bytes) Consumer {
        std::size_t head = 0;
        std::size_t tail_seen = 0;
    };

    /// Hands over what a bulk operation has done, also when an element throws.
    template <void (SpscQueue::*hand_over)(std::size_t)>
    struct OnExit {
        OnExit(SpscQueue& its_queue, std::size_t number)
            : queue(its_queue), before(number), now(number) {}
        OnExit(const OnExit&) = delete;
        OnExit& operator=(const OnExit&) = delete;
        ~OnExit() {
            if (now != before) (queue.*hand_over)(now);
        }
        std::size_t count() const { return now - before; }

        SpscQueue& queue;
        std::size_t before;
        std::size_t now;
    };

    static std::size_t checked(std::size_t capacity) {
        if (!std::has_single_bit(capacity))
            throw std::invalid_argument("the capacity of a queue is a power of two");
        return capacity;
    }

    /// Whether slot number `tail` is free.
    bool has_room(std::size_t tail) noexcept {
        if (tail - producer_.head_seen != producer_.limit) return true;
        producer_.head_seen = head_.load(Orders.reclaim);
        return tail - producer_.head_seen != producer_.limit;
    }

    /// Whether slot number `head` is full.
    bool has_element(std::size_t head) noexcept {
        if (head != consumer_.tail_seen) return true;
        consumer_.tail_seen = tail_.load(Orders.observe);
        return head != consumer_.tail_seen;
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
    Producer producer_;
    alignas(line_bytes) Counter tail_{0};
    Consumer consumer_;
    alignas(line_bytes) Counter head_{0};
};

}  // namespace parley::model
