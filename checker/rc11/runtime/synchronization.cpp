// Condition variables, futexes, semaphores, barriers and what is to be run once, made of atomic
// operations that the engine knows.

#include "parley/checker/rc11/runtime/runtime.hpp"

#include <bit>
#include <cstring>

namespace parley::rc11 {

using Kind = Operation::Kind;

Value Runtime::load_object(std::uintptr_t address, std::uint8_t bytes,
                           std::optional<Value> initial_value) {
    return access_object(address, initial_value,
                         {.kind = Kind::load, .order = Order::relaxed, .bytes = bytes});
}

// ---- condition variables ------------------------------------------------------------------------
//
// Beginning to wait, waking and giving up happen in one total order [thread.condition]: they are
// changes of one atomic value, which has a bit for each thread that waits and, above, their number,
// so that no two are equal. Who wakes a thread then tells it, in a location of its own. Nothing of
// this orders threads any further.

namespace {

constexpr std::uint8_t queue_bytes = 8;
constexpr unsigned int waiters_max = 32;
constexpr Value one_change = Value{1} << waiters_max;

Value waiters(Value queue) {
    return queue % one_change;
}
Value changes(Value queue) {
    return queue / one_change;
}
Value bit_of(ThreadId thread) {
    return Value{1} << thread;
}

}  // namespace

/// Not an address of memory: there is one for each thread and each life of the queue.
std::uintptr_t Runtime::wake_address(std::uintptr_t queue, ThreadId thread) {
    constexpr std::uintptr_t wakes = 2 * beyond_memory;
    const LocationId location = atomic_at(queue, queue_bytes, 0).location;
    return wakes + (std::uintptr_t{location} * Arena::threads_max + thread) * queue_bytes;
}

std::uint64_t Runtime::enqueue(std::uintptr_t queue, Order order) {
    if (current_ >= waiters_max) refuse("a condition variable with more than 32 threads");
    const Value found = access_object(queue, 0,
                                      {.kind = Kind::modify,
                                       .order = order,
                                       .update = Update::add,
                                       .bytes = queue_bytes,
                                       .value = one_change + bit_of(current_)});
    return changes(found) + 1;
}

/// False: the latest change was another one than `found`.
bool Runtime::change_queue(std::uintptr_t queue, Value found, Value woken) {
    return access_object(queue, 0,
                         {.kind = Kind::modify,
                          .order = Order::relaxed,
                          .failure = Order::relaxed,
                          .update = Update::compare_exchange,
                          .bytes = queue_bytes,
                          .value = found + one_change - woken,
                          .expected = found}) == found;
}

/// False: the thread has been woken before.
bool Runtime::dequeue(std::uintptr_t queue) {
    const Value found = load_object(queue, queue_bytes, 0);
    if ((found & bit_of(current_)) == 0) return false;
    // In another execution the load sees the latest change.
    if (!change_queue(queue, found, bit_of(current_))) block_for_good();
    return true;
}

/// The thread is in the queue. It is woken, or it gives up, with or without a reason.
Runtime::Waking Runtime::await(std::uintptr_t queue, std::uint64_t ticket, bool has_limit) {
    const bool may_wake = seldom().spurious_wakeups < options_.spurious_wakeups_max;
    const std::uint32_t options = 1U + (has_limit ? 1U : 0U) + (may_wake ? 1U : 0U);
    const std::uint32_t option = options > 1 ? choose(options) : 0;
    const Outside outside;
    if (option == 0) {
        const Value woken = load_object(wake_address(queue, current_), queue_bytes, 0);
        if (woken > ticket) return Waking::woken;
        has_limit ? block_for_good() : block_on_last_read();
    }
    // It is not the same as being woken only if it comes first.
    if (!dequeue(queue)) block_for_good();
    if (has_limit && option == 1) return Waking::timed_out;
    ++seldom().spurious_wakeups;
    return Waking::woken;
}

Runtime::Waking Runtime::wait(std::uintptr_t condition, std::uintptr_t mutex, bool has_limit) {
    const Doing doing(*this, "wait");
    std::uint64_t ticket = 0;
    {
        const Outside outside;
        const Held* const held = find_held(mutex);
        if (held == nullptr) violate("a thread waits without having locked the mutex");
        if (held->times > 1) refuse("waiting with a mutex that is locked more than once");
        ticket = enqueue(condition, Order::relaxed);
    }
    unlock(mutex);
    const Waking waking = await(condition, ticket, has_limit);
    lock(mutex, Locking::mutex);
    return waking;
}

void Runtime::notify(std::uintptr_t condition, bool wakes_all) {
    const Doing doing(*this, "notify");
    Value found = 0;
    {
        const Outside outside;
        found = load_object(condition, queue_bytes, 0);
    }
    wake(condition, found, wakes_all);
}

/// Those who wait in a queue that has been found so.
void Runtime::wake(std::uintptr_t queue, Value found, bool wakes_all) {
    Value woken = waiters(found);
    if (woken == 0) return;
    if (!wakes_all) {
        const auto count = static_cast<std::uint32_t>(std::popcount(woken));
        for (auto skipped = count > 1 ? choose(count) : 0; skipped > 0; --skipped) {
            woken &= woken - 1;
        }
        woken &= ~woken + 1;
    }
    const Outside outside;
    // In another execution the load sees the latest change.
    if (!change_queue(queue, found, woken)) block_for_good();
    for (; woken != 0; woken &= woken - 1) {
        const auto thread = static_cast<ThreadId>(std::countr_zero(woken));
        access_object(wake_address(queue, thread), 0,
                      {.kind = Kind::store,
                       .order = Order::relaxed,
                       .bytes = queue_bytes,
                       .value = changes(found) + 1});
    }
}

// ---- futexes: a queue beside the object, which is not an address of memory ----------------------
//
// Under one lock the kernel puts a thread into the queue and looks at the object, or looks at the
// queue: who waits after somebody has woken sees what that one has done before. Nothing else is
// ordered by it.

namespace {

constexpr std::uint8_t futex_bytes = 4;

std::uintptr_t queue_of(std::uintptr_t futex) {
    return beyond_memory + futex * 2;
}

}  // namespace

Runtime::Waking Runtime::wait_futex(std::uintptr_t futex, std::uint32_t expected, bool has_limit) {
    const Doing doing(*this, "futex wait");
    std::uint64_t ticket = 0;
    {
        const Outside outside;
        ticket = enqueue(queue_of(futex), Order::acquire);
        if (load_object(futex, futex_bytes, std::nullopt) != expected) {
            return dequeue(queue_of(futex)) ? Waking::refused : Waking::woken;
        }
    }
    return await(queue_of(futex), ticket, has_limit);
}

void Runtime::wake_futex(std::uintptr_t futex, bool wakes_all) {
    const Doing doing(*this, "futex wake");
    Value found = 0;
    {
        const Outside outside;
        found = access_object(queue_of(futex), 0,
                              {.kind = Kind::modify,
                               .order = Order::release,
                               .update = Update::add,
                               .bytes = queue_bytes,
                               .value = 0});
    }
    wake(queue_of(futex), found, wakes_all);
}

// ---- semaphores: their value --------------------------------------------------------------------

namespace {
constexpr std::uint8_t semaphore_bytes = 4;
}

bool Runtime::try_wait_semaphore(std::uintptr_t semaphore) {
    const Doing doing(*this, "semaphore wait");
    const Outside outside;
    return access_object(semaphore, std::nullopt,
                         {.kind = Kind::modify,
                          .order = Order::acquire,
                          .failure = Order::relaxed,
                          .update = Update::take,
                          .bytes = semaphore_bytes,
                          .value = 1}) > 0;
}

void Runtime::wait_semaphore(std::uintptr_t semaphore) {
    if (try_wait_semaphore(semaphore)) return;
    const Outside outside;
    block_on_last_read();
}

void Runtime::post_semaphore(std::uintptr_t semaphore) {
    const Doing doing(*this, "semaphore post");
    const Outside outside;
    access_object(semaphore, std::nullopt,
                  {.kind = Kind::modify,
                   .order = Order::release,
                   .update = Update::add,
                   .bytes = semaphore_bytes,
                   .value = 1});
}

std::uint32_t Runtime::semaphore_value(std::uintptr_t semaphore) {
    const Outside outside;
    return static_cast<std::uint32_t>(load_object(semaphore, semaphore_bytes, std::nullopt));
}

// ---- barriers: how many have come; and how many rounds are over, which is no address of memory --
//
// Who leaves first may destroy the barrier: the others must not look at its memory any more.

namespace {

/// For how many threads it is, where the C library has noted it (struct pthread_barrier).
std::uint32_t width_of(std::uintptr_t barrier) {
    std::uint32_t width = 0;
    std::memcpy(&width, reinterpret_cast<const std::byte*>(barrier) + 8, sizeof width);
    return width;
}

}  // namespace

bool Runtime::wait_barrier(std::uintptr_t barrier) {
    const Doing doing(*this, "barrier");
    const Outside outside;
    const Value width = width_of(barrier);
    if (width == 0) refuse("waiting at something that is no barrier");
    const Value come = access_object(barrier, 0,
                                     {.kind = Kind::modify,
                                      .order = Order::acq_rel,
                                      .update = Update::add,
                                      .bytes = queue_bytes,
                                      .value = 1});
    const std::uintptr_t rounds = wake_address(barrier, 0);
    const Value round = come / width + 1;
    const bool is_last = (come + 1) % width == 0;
    if (is_last) {
        access_object(
            rounds, 0,
            {.kind = Kind::store, .order = Order::release, .bytes = queue_bytes, .value = round});
    } else if (access_object(rounds, 0,
                             {.kind = Kind::load, .order = Order::acquire, .bytes = queue_bytes}) <
               round) {
        block_on_last_read();
    }
    return is_last;
}

// ---- what is run once: 0 not yet, 1 now, 2 done -------------------------------------------------

namespace {
constexpr std::uint8_t once_bytes = 1;
constexpr Value is_running = 1;
constexpr Value has_run = 2;
}  // namespace

bool Runtime::begin_once(std::uintptr_t once) {
    const Doing doing(*this, "once");
    const Outside outside;
    const Value found = access_object(once, std::nullopt,
                                      {.kind = Kind::modify,
                                       .order = Order::acquire,
                                       .failure = Order::acquire,
                                       .update = Update::compare_exchange,
                                       .bytes = once_bytes,
                                       .value = is_running,
                                       .expected = 0});
    if (found == is_running) block_on_last_read();
    return found == 0;
}

void Runtime::end_once(std::uintptr_t once, bool is_done) {
    const Doing doing(*this, "once");
    const Outside outside;
    access_object(once, std::nullopt,
                  {.kind = Kind::store,
                   .order = Order::release,
                   .bytes = once_bytes,
                   .value = is_done ? has_run : 0});
}

}  // namespace parley::rc11
