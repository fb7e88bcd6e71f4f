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
    std::memory_order publish = std::memory_order_release;  ///< producer: the slot is full, a store
    std::memory_order observe = std::memory_order_acquire;  ///< consumer: is the slot full? a load
    std::memory_order vacate = std::memory_order_release;   ///< consumer: the slot is free, a store
    std::memory_order reclaim = std::memory_order_acquire;  ///< producer: is the slot free? a load

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

/// How many slots the producer of a queue looks ahead at most.
inline constexpr std::size_t look_ahead_max = 16;

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
/// there for the other party at once. No allocation after construction. Capacity is a power of two
/// from 1.
///
/// Each slot carries a flag that says whether it holds an element, and the flags are all by which
/// the two threads synchronise: the producer sets a flag when the element is in, the consumer
/// clears it when the element is gone. So an element and the news of it travel on one cache line.
/// `tail` counts the pushes and `head` the pops, without end; element number n is in slot n mod
/// capacity. Each is its owner's alone, and atomic just for size_guess().
///
/// Invariant: going around from slot `head`, first come the full slots, then the free ones, the
/// first of which is slot `tail`. So a free slot ahead of the producer says that those before it
/// are free as well, and one look in a while is enough: slots up to `known_free` need none.
///
/// Producer's side: try_push, try_emplace, push_bulk, full. Consumer's side: front, pop, try_pop,
/// pop_bulk, empty. Anyone's: size_guess, capacity. One thread at a time may be on each side.
/// Construction and destruction must be ordered with both by the user. Neither copied nor moved.
///
/// Exceptions of an element's constructor or assignment pass through and leave the queue unchanged.
///
/// Source: flags in the slots are from Giacomoni, Moseley and Vachharajani, "FastForward for
/// efficient pipeline parallelism", PPoPP 2008; looking ahead of the producer from Wang, Zhang,
/// Tang and Hua, "B-Queue: efficient and practical queuing for fast core-to-core communication",
/// International Journal of Parallel Programming 41(1), 2013. We differ in that an element of any
/// type goes into a slot and no value is set apart for "empty", and in that a look ahead that finds
/// no room falls back to the next slot, so that the last free slot is found too.
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
        : slots_(Capacity), producer_{.known_free = Capacity} {}

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
        const std::size_t tail = producer_.tail.load(std::memory_order_relaxed);
        if (!has_room(tail)) return false;
        Slot& slot = slots_[tail];
        std::construct_at(slot.cell.storage(), std::forward<Args>(args)...);
        slot.is_full.store(true, Orders.publish);
        producer_.tail.store(tail + 1, std::memory_order_relaxed);
        return true;
    }

    /// Moves the first of `elements` in, as many as there is room for, as if one by one: when a
    /// constructor throws, those before it stay pushed. Returns their number.
    template <std::ranges::input_range Range>
        requires std::constructible_from<T, std::ranges::range_rvalue_reference_t<Range>>
    std::size_t push_bulk(Range&& elements) {
        std::size_t pushed = 0;
        auto next = std::ranges::begin(elements);
        const auto end = std::ranges::end(elements);
        for (; next != end && !full(); ++next, ++pushed) try_emplace(std::ranges::iter_move(next));
        return pushed;
    }

    /// For the producer, exact: a push would find no room now.
    bool full() const noexcept {
        const std::size_t tail = producer_.tail.load(std::memory_order_relaxed);
        return tail == producer_.known_free && !is_free(tail);
    }

    /// The oldest element, to be handled in place; null when there is none. It stays until pop().
    T* front() noexcept {
        Slot& slot = oldest();
        return slot.is_full.load(Orders.observe) ? std::addressof(slot.cell.value()) : nullptr;
    }

    /// Destroys the oldest element. Requires that front() has returned it.
    void pop() noexcept {
        Slot& slot = oldest();
        std::destroy_at(slot.cell.storage());
        vacate(slot);
    }

    /// Moves the oldest element out. False: the queue is empty and `element` is untouched.
    bool try_pop(T& element) noexcept(std::is_nothrow_move_assignable_v<T>)
        requires std::is_move_assignable_v<T>
    {
        return pop_with([&element](T&& oldest) { element = std::move(oldest); });
    }

    /// Calls `consume(T&&)` for up to `count_max` elements, oldest first. Returns their number.
    /// When a call throws, its element stays the oldest.
    template <class Consume>
        requires std::invocable<Consume&, T&&>
    std::size_t pop_bulk(std::size_t count_max, Consume&& consume) {
        std::size_t popped = 0;
        while (popped < count_max && pop_with(consume)) ++popped;
        return popped;
    }

    /// Moves up to `count_max` elements to `output`, oldest first. Returns their number.
    template <std::output_iterator<T&&> Output>
    std::size_t pop_bulk(std::size_t count_max, Output output) {
        return pop_bulk(count_max, [&output](T&& oldest) { *output++ = std::move(oldest); });
    }

    /// For the consumer, exact: a pop would find nothing now.
    bool empty() const noexcept {
        const std::size_t head = consumer_.head.load(std::memory_order_relaxed);
        return !slots_[head].is_full.load(Orders.observe);
    }

    /// About how many elements there are, for any thread; other threads may be changing it.
    std::size_t size_guess() const noexcept {
        const std::size_t head = consumer_.head.load(std::memory_order_relaxed);
        const std::size_t tail = producer_.tail.load(std::memory_order_relaxed);
        const std::size_t size = tail - head;
        const bool is_tail_older = size > std::numeric_limits<std::size_t>::max() / 2;
        return is_tail_older ? 0 : std::min(size, capacity());
    }

    std::size_t capacity() const noexcept { return slots_.size(); }

 protected:
    /// For checks: a `limit` above the capacity makes a producer that believes in more free slots
    /// than there are, and `first` starts the counters close to where they wrap. It costs nothing:
    /// a producer has to begin with what it believes to be free.
    SpscQueue(std::size_t capacity, std::size_t limit, std::size_t first = 0)
        requires(Capacity == dynamic_capacity)
        : slots_(checked(capacity)),
          producer_{.tail = first, .known_free = first + limit},
          consumer_{.head = first} {}

 private:
    struct Slot {
        typename P::template Atomic<bool> is_full{false};
        typename P::template Cell<T> cell;
    };
    struct alignas(line_bytes) Producer {
        std::atomic<std::size_t> tail{0};
        std::size_t known_free = 0;
    };
    struct alignas(line_bytes) Consumer {
        std::atomic<std::size_t> head{0};
    };

    static std::size_t checked(std::size_t capacity) {
        if (!std::has_single_bit(capacity))
            throw std::invalid_argument("the capacity of a queue is a power of two");
        return capacity;
    }

    bool has_room(std::size_t tail) noexcept {
        return tail != producer_.known_free || find_room(tail);
    }

    bool find_room(std::size_t tail) noexcept {
        std::size_t free = std::clamp<std::size_t>(capacity() / 2, 1, look_ahead_max);
        if (!is_free(tail + free - 1)) {
            if (free == 1 || !is_free(tail)) return false;
            free = 1;
        }
        producer_.known_free = tail + free;
        return true;
    }
    bool is_free(std::size_t index) const noexcept {
        return !slots_[index].is_full.load(Orders.reclaim);
    }

    Slot& oldest() noexcept { return slots_[consumer_.head.load(std::memory_order_relaxed)]; }

    template <class Consume>
    bool pop_with(Consume&& consume) {
        Slot& slot = oldest();
        if (!slot.is_full.load(Orders.observe)) return false;
        T& element = slot.cell.value();
        consume(std::move(element));
        std::destroy_at(std::addressof(element));
        vacate(slot);
        return true;
    }

    void vacate(Slot& slot) noexcept {
        slot.is_full.store(false, Orders.vacate);
        const std::size_t head = consumer_.head.load(std::memory_order_relaxed);
        consumer_.head.store(head + 1, std::memory_order_relaxed);
    }

    QueueSlots<Slot, Capacity> slots_;
    Producer producer_;
    Consumer consumer_;
};

}  // namespace parley::model
