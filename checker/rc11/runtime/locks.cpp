// Mutexes, spin locks and locks that readers share, made of atomic operations that the engine
// knows.

#include "parley/checker/rc11/runtime/runtime.hpp"

#include <pthread.h>

#include <algorithm>
#include <memory>

namespace parley::rc11 {

namespace {

using Kind = Operation::Kind;

/// Of a mutex and a spin lock: 0 is free, 1 is locked. Of a lock that readers share: how many more
/// may have it; a reader takes one, a writer all.
constexpr std::uint8_t lock_bytes = 4;
constexpr Value readers_max = Value{1} << 20U;

bool is_for_readers(Locking how) {
    return how == Locking::shared || how == Locking::exclusive;
}

/// Of a lock that nobody has.
Value free_value(Locking how) {
    return is_for_readers(how) ? readers_max : 0;
}

Value share_of(Locking how) {
    return how == Locking::shared ? 1 : readers_max;
}

/// With its protocol and robustness, which others than usual have.
int kind_of_mutex(std::uintptr_t mutex) {
    return reinterpret_cast<const pthread_mutex_t*>(mutex)->__data.__kind & 0x7f;
}

/// It makes readers that lock once more wait for writers, who wait for them.
bool prefers_writers(std::uintptr_t lock) {
    return reinterpret_cast<const pthread_rwlock_t*>(lock)->__data.__flags ==
           PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

}  // namespace

Runtime::Held* Runtime::find_held(std::uintptr_t lock) {
    auto& held = seldom().held;
    const auto found = std::ranges::find(held, lock, &Held::lock);
    return found == held.end() ? nullptr : std::to_address(found);
}

/// Whether who holds it may lock it once more.
bool Runtime::is_recursive(const Held& held, Locking how) {
    if (how == Locking::mutex) return kind_of_mutex(held.lock) == PTHREAD_MUTEX_RECURSIVE;
    if (how != Locking::shared || held.how != Locking::shared) return false;
    if (prefers_writers(held.lock)) refuse("a recursive read lock that prefers writers");
    return true;
}

/// False: another thread holds it.
bool Runtime::take_lock(std::uintptr_t lock, Locking how) {
    if (how == Locking::mutex) {
        const int kind = kind_of_mutex(lock);
        if (kind != PTHREAD_MUTEX_NORMAL && kind != PTHREAD_MUTEX_RECURSIVE) {
            refuse("a mutex that is neither a usual nor a recursive one");
        }
    }
    Operation take{.kind = Kind::modify,
                   .order = Order::acquire,
                   .failure = Order::relaxed,
                   .update = Update::compare_exchange,
                   .bytes = lock_bytes,
                   .value = 1,
                   .expected = 0};
    if (is_for_readers(how)) {
        take.update = Update::take;
        take.value = share_of(how);
        take.is_of_reader = how == Locking::shared;
    }
    const Value found = access_object(lock, free_value(how), take);
    if (!does_write(take, found)) return false;
    if (seldom().held.size() == held_max) refuse("a thread that holds more than 16 locks");
    seldom().held.push_back({lock, 1, how});
    return true;
}

void Runtime::lock(std::uintptr_t lock, Locking how) {
    const Doing doing(*this, how == Locking::shared ? "lock shared" : "lock");
    const Outside outside;
    if (Held* const held = find_held(lock)) {
        if (!is_recursive(*held, how)) violate("deadlock: a thread locks a mutex that it holds");
        ++held->times;
    } else if (!take_lock(lock, how)) {
        block_on_last_read();
    }
}

bool Runtime::try_lock(std::uintptr_t lock, Locking how) {
    const Doing doing(*this, how == Locking::shared ? "try_lock shared" : "try_lock");
    const Outside outside;
    Held* const held = find_held(lock);
    if (held == nullptr) return take_lock(lock, how);
    if (!is_recursive(*held, how)) return false;
    ++held->times;
    return true;
}

void Runtime::unlock(std::uintptr_t lock) {
    const Doing doing(*this, "unlock");
    const Outside outside;
    Held* const held = find_held(lock);
    if (held == nullptr) violate("a mutex is unlocked by a thread that does not hold it");
    if (--held->times > 0) return;
    Operation release{
        .kind = Kind::store, .order = Order::release, .bytes = lock_bytes, .value = 0};
    if (is_for_readers(held->how)) {
        release.kind = Kind::modify;
        release.update = Update::add;
        release.value = share_of(held->how);
        release.is_of_reader = held->how == Locking::shared;
    }
    const Locking how = held->how;
    *held = seldom().held.back();
    seldom().held.pop_back();
    access_object(lock, free_value(how), release);
}

}  // namespace parley::rc11
