// The C library's mutexes, locks, condition variables, barriers and semaphores: for code under
// check they are those of synchronization.cpp and locks.cpp.

#include "parley/checker/rc11/runtime/interposing.hpp"

#include <pthread.h>
#include <semaphore.h>

#include <string_view>

using parley::rc11::Locking;
using parley::rc11::Runtime;

namespace parley::rc11 {

namespace {

/// The C++ library locks for code under check, in the functions for std::shared_ptr that act as if
/// it were atomic: what that orders would not be seen. Other libraries lock for themselves.
void refuse_cpp_library(const void* caller) {
    Runtime* const runtime = Runtime::active();
    Dl_info info{};
    if (runtime == nullptr || dladdr(caller, &info) == 0 || info.dli_fname == nullptr) return;
    if (std::string_view(info.dli_fname).find("libstdc++") == std::string_view::npos) return;
    runtime->refuse("a lock within the C++ library (std::atomic_load of a std::shared_ptr)");
}

/// A new object of the C library begins there, or the old one has ended.
void replace_object(void* object, std::size_t bytes) {
    if (Runtime* const runtime = Runtime::active()) {
        runtime->access_plain(address_of(object), bytes, true);
    }
}

int lock_in_time(Runtime& runtime, const volatile void* lock, Locking how, const timespec& end) {
    return runtime.try_lock(address_of(lock), how) ? 0 : run_out_of_time(runtime, end);
}

int wait_in_time(Runtime& runtime, const sem_t* semaphore, const timespec& end) {
    if (runtime.try_wait_semaphore(address_of(semaphore))) return 0;
    errno = run_out_of_time(runtime, end);
    return -1;
}

int wait_until(Runtime& runtime, pthread_cond_t* condition, pthread_mutex_t* mutex,
               const timespec& end) {
    const auto waking = runtime.wait(address_of(condition), address_of(mutex), true);
    if (waking == Runtime::Waking::woken) return 0;
    runtime.set_clock_forward(nanoseconds(end));
    return ETIMEDOUT;
}

}  // namespace

void link_interposed_synchronization() {}

}  // namespace parley::rc11

namespace rc11 = parley::rc11;

extern "C" {

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->lock(rc11::address_of(mutex), Locking::mutex);
        return 0;
    }
    rc11::refuse_cpp_library(__builtin_return_address(0));
    return rc11::library<&pthread_mutex_lock>("pthread_mutex_lock")(mutex);
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return runtime->try_lock(rc11::address_of(mutex), Locking::mutex) ? 0 : EBUSY;
    }
    return rc11::library<&pthread_mutex_trylock>("pthread_mutex_trylock")(mutex);
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->unlock(rc11::address_of(mutex));
        return 0;
    }
    return rc11::library<&pthread_mutex_unlock>("pthread_mutex_unlock")(mutex);
}

int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* time) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        return rc11::lock_in_time(*runtime, mutex, Locking::mutex, *time);
    }
    return rc11::library<&pthread_mutex_timedlock>("pthread_mutex_timedlock")(mutex, time);
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock,
                            const timespec* time) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        return rc11::lock_in_time(*runtime, mutex, Locking::mutex, *time);
    }
    return rc11::library<&pthread_mutex_clocklock>("pthread_mutex_clocklock")(mutex, clock, time);
}

int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept {
    rc11::replace_object(mutex, sizeof *mutex);
    return rc11::library<&pthread_mutex_init>("pthread_mutex_init")(mutex, attributes);
}

int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
    rc11::replace_object(mutex, sizeof *mutex);
    return rc11::library<&pthread_mutex_destroy>("pthread_mutex_destroy")(mutex);
}

int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) noexcept {
    rc11::replace_object(lock, sizeof *lock);
    return rc11::library<&pthread_rwlock_init>("pthread_rwlock_init")(lock, attributes);
}

int pthread_rwlock_destroy(pthread_rwlock_t* lock) noexcept {
    rc11::replace_object(lock, sizeof *lock);
    return rc11::library<&pthread_rwlock_destroy>("pthread_rwlock_destroy")(lock);
}

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->lock(rc11::address_of(lock), Locking::shared);
        return 0;
    }
    return rc11::library<&pthread_rwlock_rdlock>("pthread_rwlock_rdlock")(lock);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return runtime->try_lock(rc11::address_of(lock), Locking::shared) ? 0 : EBUSY;
    }
    return rc11::library<&pthread_rwlock_tryrdlock>("pthread_rwlock_tryrdlock")(lock);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* time) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return rc11::lock_in_time(*runtime, lock, Locking::shared, *time);
    }
    return rc11::library<&pthread_rwlock_timedrdlock>("pthread_rwlock_timedrdlock")(lock, time);
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock,
                               const timespec* time) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return rc11::lock_in_time(*runtime, lock, Locking::shared, *time);
    }
    return rc11::library<&pthread_rwlock_clockrdlock>("pthread_rwlock_clockrdlock")(lock, clock,
                                                                                    time);
}

int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->lock(rc11::address_of(lock), Locking::exclusive);
        return 0;
    }
    return rc11::library<&pthread_rwlock_wrlock>("pthread_rwlock_wrlock")(lock);
}

int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return runtime->try_lock(rc11::address_of(lock), Locking::exclusive) ? 0 : EBUSY;
    }
    return rc11::library<&pthread_rwlock_trywrlock>("pthread_rwlock_trywrlock")(lock);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* time) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return rc11::lock_in_time(*runtime, lock, Locking::exclusive, *time);
    }
    return rc11::library<&pthread_rwlock_timedwrlock>("pthread_rwlock_timedwrlock")(lock, time);
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock,
                               const timespec* time) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return rc11::lock_in_time(*runtime, lock, Locking::exclusive, *time);
    }
    return rc11::library<&pthread_rwlock_clockwrlock>("pthread_rwlock_clockwrlock")(lock, clock,
                                                                                    time);
}

int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->unlock(rc11::address_of(lock));
        return 0;
    }
    return rc11::library<&pthread_rwlock_unlock>("pthread_rwlock_unlock")(lock);
}

int pthread_spin_init(pthread_spinlock_t* lock, int is_shared) noexcept {
    rc11::replace_object(const_cast<int*>(lock), sizeof *lock);
    return rc11::library<&pthread_spin_init>("pthread_spin_init")(lock, is_shared);
}

int pthread_spin_destroy(pthread_spinlock_t* lock) noexcept {
    rc11::replace_object(const_cast<int*>(lock), sizeof *lock);
    return rc11::library<&pthread_spin_destroy>("pthread_spin_destroy")(lock);
}

int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->lock(rc11::address_of(lock), Locking::spin);
        return 0;
    }
    return rc11::library<&pthread_spin_lock>("pthread_spin_lock")(lock);
}

int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return runtime->try_lock(rc11::address_of(lock), Locking::spin) ? 0 : EBUSY;
    }
    return rc11::library<&pthread_spin_trylock>("pthread_spin_trylock")(lock);
}

int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->unlock(rc11::address_of(lock));
        return 0;
    }
    return rc11::library<&pthread_spin_unlock>("pthread_spin_unlock")(lock);
}

int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                         unsigned int count) noexcept {
    rc11::replace_object(barrier, sizeof *barrier);
    return rc11::library<&pthread_barrier_init>("pthread_barrier_init")(barrier, attributes, count);
}

int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
    rc11::replace_object(barrier, sizeof *barrier);
    if (Runtime::active() != nullptr) return 0;
    return rc11::library<&pthread_barrier_destroy>("pthread_barrier_destroy")(barrier);
}

int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        const bool is_last = runtime->wait_barrier(rc11::address_of(barrier));
        return is_last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
    }
    return rc11::library<&pthread_barrier_wait>("pthread_barrier_wait")(barrier);
}

int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) noexcept {
    rc11::replace_object(condition, sizeof *condition);
    return rc11::library<&pthread_cond_init>("pthread_cond_init")(condition, attributes);
}

int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
    rc11::replace_object(condition, sizeof *condition);
    return rc11::library<&pthread_cond_destroy>("pthread_cond_destroy")(condition);
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        runtime->wait(rc11::address_of(condition), rc11::address_of(mutex), false);
        return 0;
    }
    return rc11::library<&pthread_cond_wait>("pthread_cond_wait")(condition, mutex);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                           const timespec* time) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        return rc11::wait_until(*runtime, condition, mutex, *time);
    }
    return rc11::library<&pthread_cond_timedwait>("pthread_cond_timedwait")(condition, mutex, time);
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* time) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        return rc11::wait_until(*runtime, condition, mutex, *time);
    }
    return rc11::library<&pthread_cond_clockwait>("pthread_cond_clockwait")(condition, mutex, clock,
                                                                            time);
}

int pthread_cond_signal(pthread_cond_t* condition) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        runtime->notify(rc11::address_of(condition), false);
        return 0;
    }
    return rc11::library<&pthread_cond_signal>("pthread_cond_signal")(condition);
}

int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        runtime->notify(rc11::address_of(condition), true);
        return 0;
    }
    return rc11::library<&pthread_cond_broadcast>("pthread_cond_broadcast")(condition);
}

int sem_init(sem_t* semaphore, int is_shared, unsigned int value) noexcept {
    rc11::replace_object(semaphore, sizeof *semaphore);
    return rc11::library<&sem_init>("sem_init")(semaphore, is_shared, value);
}

int sem_destroy(sem_t* semaphore) noexcept {
    rc11::replace_object(semaphore, sizeof *semaphore);
    return rc11::library<&sem_destroy>("sem_destroy")(semaphore);
}

int sem_post(sem_t* semaphore) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        runtime->post_semaphore(rc11::address_of(semaphore));
        return 0;
    }
    return rc11::library<&sem_post>("sem_post")(semaphore);
}

int sem_wait(sem_t* semaphore) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        runtime->wait_semaphore(rc11::address_of(semaphore));
        return 0;
    }
    return rc11::library<&sem_wait>("sem_wait")(semaphore);
}

int sem_trywait(sem_t* semaphore) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        if (runtime->try_wait_semaphore(rc11::address_of(semaphore))) return 0;
        errno = EAGAIN;
        return -1;
    }
    return rc11::library<&sem_trywait>("sem_trywait")(semaphore);
}

int sem_timedwait(sem_t* semaphore, const timespec* time) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        return rc11::wait_in_time(*runtime, semaphore, *time);
    }
    return rc11::library<&sem_timedwait>("sem_timedwait")(semaphore, time);
}

int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* time) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        return rc11::wait_in_time(*runtime, semaphore, *time);
    }
    return rc11::library<&sem_clockwait>("sem_clockwait")(semaphore, clock, time);
}

int sem_getvalue(sem_t* semaphore, int* value) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        *value = static_cast<int>(runtime->semaphore_value(rc11::address_of(semaphore)));
        return 0;
    }
    return rc11::library<&sem_getvalue>("sem_getvalue")(semaphore, value);
}

int pthread_once(pthread_once_t* once, void (*code)()) {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        if (!runtime->begin_once(rc11::address_of(once))) return 0;
        try {
            code();
        } catch (...) {
            runtime->end_once(rc11::address_of(once), false);
            throw;
        }
        runtime->end_once(rc11::address_of(once), true);
        return 0;
    }
    return rc11::library<&pthread_once>("pthread_once")(once, code);
}

}  // extern "C"
