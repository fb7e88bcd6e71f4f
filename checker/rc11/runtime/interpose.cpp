// Functions of the C and C++ libraries that code under check must not reach as they are: threads,
// mutexes, the heap, waiting, and ends of the process. Calls from elsewhere go on to the library.

#include "parley/checker/rc11/runtime/registers.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"

#include <dlfcn.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <new>
#include <string>
#include <string_view>

using parley::rc11::Runtime;

extern "C" {
extern char __executable_start;
extern char etext;
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
void __libc_free(void* memory);
}

namespace parley::rc11 {

namespace {

constexpr std::size_t usual_alignment = alignof(std::max_align_t);

/// The library's own function of this name. The variable needs no guard, since guards are
/// intercepted here as well.
template <auto Ours>
decltype(Ours) library(const char* name) {
    static decltype(Ours) function = nullptr;
    if (function == nullptr) function = reinterpret_cast<decltype(Ours)>(dlsym(RTLD_NEXT, name));
    return function;
}

bool is_in_program(const void* caller) {
    const auto address = static_cast<const char*>(caller);
    return address >= &__executable_start && address < &etext;
}

/// As Runtime::active_here(), where a library may have called for code under check.
Runtime* active_from(const void* caller) {
    return is_in_program(caller) ? Runtime::active_at(caller) : Runtime::active();
}

/// The runtime, when it is the program itself that has called: what the C and C++ libraries do for
/// themselves is not under check, and what they allocate must outlive the execution. Instrumented
/// functions do not end in a jump to another one, so that the return address says who has called.
Runtime* active_for(const void* caller) {
    Runtime* const runtime = active_from(caller);
    if (is_in_program(caller)) return runtime;
    if (runtime != nullptr) runtime->note_foreign_state();
    return nullptr;
}

std::uintptr_t address_of(const volatile void* object) {
    return reinterpret_cast<std::uintptr_t>(object);
}

bool is_under_check(const void* memory) {
    const Runtime* const runtime = Runtime::current();
    return runtime != nullptr && runtime->owns(address_of(memory));
}

void* allocate_new(std::size_t bytes, std::size_t alignment, const void* caller) {
    if (Runtime* const runtime = active_from(caller)) return runtime->allocate(bytes, alignment);
    void* const memory =
        alignment <= usual_alignment ? __libc_malloc(bytes) : __libc_memalign(alignment, bytes);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void release_new(void* memory, const void* caller) {
    if (memory == nullptr) return;
    if (Runtime* const runtime = active_from(caller)) return runtime->release(address_of(memory));
    // What a check has allocated goes with its execution.
    if (!is_under_check(memory)) __libc_free(memory);
}

/// A pthread_t for a thread under check: no address of a real one.
pthread_t handle_of(ThreadId thread) {
    return static_cast<pthread_t>(thread) + 1;
}

/// The library's own function of this name, for code that is not under check.
template <auto Ours>
decltype(Ours) refused_or(const char* name) {
    if (Runtime* const runtime = Runtime::active()) runtime->refuse(name);
    return library<Ours>(name);
}

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

std::int64_t nanoseconds(const timespec& time) {
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

/// What could not be had at once is not there in time: had it been, it could have been had at once.
int run_out_of_time(Runtime& runtime, const timespec& end) {
    runtime.set_clock_forward(nanoseconds(end));
    return ETIMEDOUT;
}

int wait_until(Runtime& runtime, pthread_cond_t* condition, pthread_mutex_t* mutex,
               const timespec& end) {
    const auto waking = runtime.wait(address_of(condition), address_of(mutex), true);
    if (waking == Runtime::Waking::woken) return 0;
    runtime.set_clock_forward(nanoseconds(end));
    return ETIMEDOUT;
}

long fail_with(int error) {
    errno = error;
    return -1;
}

long call_futex(Runtime& runtime, const std::array<long, 6>& arguments) {
    const auto futex = static_cast<std::uintptr_t>(arguments[0]);
    const auto count = static_cast<std::uint32_t>(arguments[2]);
    switch (arguments[1] & FUTEX_CMD_MASK) {
        case FUTEX_WAIT: {
            const bool has_limit = arguments[3] != 0;
            switch (runtime.wait_futex(futex, count, has_limit)) {
                case Runtime::Waking::woken:
                    return 0;
                case Runtime::Waking::refused:
                    return fail_with(EAGAIN);
                case Runtime::Waking::timed_out:
                    return fail_with(ETIMEDOUT);
            }
            return 0;
        }
        case FUTEX_WAKE:
            if (count >= INT_MAX) {
                runtime.wake_futex(futex, true);
            } else {
                for (std::uint32_t i = 0; i < count; ++i) runtime.wake_futex(futex, false);
            }
            return 0;
        default:
            runtime.refuse("this use of a futex");
    }
}

}  // namespace

void link_interposed_functions() {}

}  // namespace parley::rc11

namespace rc11 = parley::rc11;

void* operator new(std::size_t bytes) {
    return rc11::allocate_new(bytes, rc11::usual_alignment, __builtin_return_address(0));
}
void* operator new[](std::size_t bytes) {
    return rc11::allocate_new(bytes, rc11::usual_alignment, __builtin_return_address(0));
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return rc11::allocate_new(bytes, static_cast<std::size_t>(alignment),
                              __builtin_return_address(0));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
    return rc11::allocate_new(bytes, static_cast<std::size_t>(alignment),
                              __builtin_return_address(0));
}
void operator delete(void* memory) noexcept {
    rc11::release_new(memory, __builtin_return_address(0));
}
void operator delete[](void* memory) noexcept {
    rc11::release_new(memory, __builtin_return_address(0));
}
void operator delete(void* memory, std::size_t /*bytes*/) noexcept {
    rc11::release_new(memory, __builtin_return_address(0));
}
void operator delete[](void* memory, std::size_t /*bytes*/) noexcept {
    rc11::release_new(memory, __builtin_return_address(0));
}
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
    rc11::release_new(memory, __builtin_return_address(0));
}
void operator delete[](void* memory, std::align_val_t /*alignment*/) noexcept {
    rc11::release_new(memory, __builtin_return_address(0));
}
void operator delete(void* memory, std::size_t /*bytes*/, std::align_val_t /*align*/) noexcept {
    rc11::release_new(memory, __builtin_return_address(0));
}
void operator delete[](void* memory, std::size_t /*bytes*/, std::align_val_t /*align*/) noexcept {
    rc11::release_new(memory, __builtin_return_address(0));
}

extern "C" {

void* malloc(std::size_t bytes) {
    Runtime* const runtime = rc11::active_for(__builtin_return_address(0));
    return runtime != nullptr ? runtime->allocate(bytes, rc11::usual_alignment)
                              : __libc_malloc(bytes);
}

void* calloc(std::size_t count, std::size_t bytes) {
    Runtime* const runtime = rc11::active_for(__builtin_return_address(0));
    if (runtime == nullptr) return __libc_calloc(count, bytes);
    if (bytes != 0 && count > std::numeric_limits<std::size_t>::max() / bytes) return nullptr;
    return std::memset(runtime->allocate(count * bytes, rc11::usual_alignment), 0, count * bytes);
}

void* realloc(void* memory, std::size_t bytes) {
    Runtime* const runtime = rc11::active_for(__builtin_return_address(0));
    if (runtime == nullptr && !rc11::is_under_check(memory)) return __libc_realloc(memory, bytes);
    if (runtime != nullptr) runtime->refuse("realloc");
    std::abort();
}

void free(void* memory) {
    if (memory == nullptr) return;
    Runtime* const runtime = rc11::active_from(__builtin_return_address(0));
    if (runtime != nullptr && rc11::is_under_check(memory)) {
        return runtime->release(rc11::address_of(memory));
    }
    if (!rc11::is_under_check(memory)) __libc_free(memory);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t bytes) {
    Runtime* const runtime = rc11::active_for(__builtin_return_address(0));
    *memory = runtime != nullptr ? runtime->allocate(bytes, alignment)
                                 : __libc_memalign(alignment, bytes);
    return *memory == nullptr ? ENOMEM : 0;
}

void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
    Runtime* const runtime = rc11::active_for(__builtin_return_address(0));
    return runtime != nullptr ? runtime->allocate(bytes, alignment)
                              : __libc_memalign(alignment, bytes);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*code)(void*),
                   void* argument) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        const rc11::ThreadId child = runtime->create_thread(code, argument);
        *thread = rc11::handle_of(child);
        return 0;
    }
    return rc11::library<&pthread_create>("pthread_create")(thread, attributes, code, argument);
}

int pthread_join(pthread_t thread, void** result) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        if (thread == 0 || thread > rc11::Arena::threads_max)
            runtime->refuse("joining that thread");
        if (result != nullptr) runtime->refuse("the result of a thread");
        runtime->join_thread(static_cast<rc11::ThreadId>(thread - 1));
        return 0;
    }
    return rc11::library<&pthread_join>("pthread_join")(thread, result);
}

int pthread_detach(pthread_t thread) {
    if (rc11::active_from(__builtin_return_address(0)) != nullptr) return 0;
    return rc11::library<&pthread_detach>("pthread_detach")(thread);
}

pthread_t pthread_self() noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        return rc11::handle_of(runtime->current_thread());
    }
    return rc11::library<&pthread_self>("pthread_self")();
}

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->lock(rc11::address_of(mutex));
        return 0;
    }
    rc11::refuse_cpp_library(__builtin_return_address(0));
    return rc11::library<&pthread_mutex_lock>("pthread_mutex_lock")(mutex);
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return runtime->try_lock(rc11::address_of(mutex)) ? 0 : EBUSY;
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
        if (runtime->try_lock(rc11::address_of(mutex))) return 0;
        return rc11::run_out_of_time(*runtime, *time);
    }
    return rc11::library<&pthread_mutex_timedlock>("pthread_mutex_timedlock")(mutex, time);
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock,
                            const timespec* time) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        if (runtime->try_lock(rc11::address_of(mutex))) return 0;
        return rc11::run_out_of_time(*runtime, *time);
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
        if (runtime->try_wait_semaphore(rc11::address_of(semaphore))) return 0;
        errno = rc11::run_out_of_time(*runtime, *time);
        return -1;
    }
    return rc11::library<&sem_timedwait>("sem_timedwait")(semaphore, time);
}

int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* time) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        if (runtime->try_wait_semaphore(rc11::address_of(semaphore))) return 0;
        errno = rc11::run_out_of_time(*runtime, *time);
        return -1;
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

// The compiler looks at the first byte of a guard by itself: it says that the variable is there.

int __cxa_guard_acquire(std::int64_t* guard) {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return runtime->begin_once(rc11::address_of(guard) + 1) ? 1 : 0;
    }
    return rc11::library<&__cxa_guard_acquire>("__cxa_guard_acquire")(guard);
}

void __cxa_guard_release(std::int64_t* guard) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->end_once(rc11::address_of(guard), true);
        return runtime->end_once(rc11::address_of(guard) + 1, true);
    }
    rc11::library<&__cxa_guard_release>("__cxa_guard_release")(guard);
}

void __cxa_guard_abort(std::int64_t* guard) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return runtime->end_once(rc11::address_of(guard) + 1, false);
    }
    rc11::library<&__cxa_guard_abort>("__cxa_guard_abort")(guard);
}

int __cxa_atexit(void (*function)(void*), void* argument, void* library) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->call_at_exit(function, argument, true);
        return 0;
    }
    return rc11::library<&__cxa_atexit>("__cxa_atexit")(function, argument, library);
}

int __cxa_thread_atexit(void (*destroy)(void*), void* object, void* library) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        runtime->need_thread_locals();
        runtime->call_at_exit(destroy, object, false);
        return 0;
    }
    return rc11::library<&__cxa_thread_atexit>("__cxa_thread_atexit")(destroy, object, library);
}

// ---- time ---------------------------------------------------------------------------------------

int sched_yield() noexcept {
    if (rc11::active_from(__builtin_return_address(0)) != nullptr) {
        rc11::hint_waiting_here();
        return 0;
    }
    return rc11::library<&sched_yield>("sched_yield")();
}

int nanosleep(const timespec* time, timespec* left) {
    if (rc11::active_from(__builtin_return_address(0)) != nullptr) {
        rc11::hint_waiting_here();
        return 0;
    }
    return rc11::library<&nanosleep>("nanosleep")(time, left);
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        if (flags == TIMER_ABSTIME) runtime->set_clock_forward(rc11::nanoseconds(*time));
        rc11::hint_waiting_here();
        return 0;
    }
    return rc11::library<&clock_nanosleep>("clock_nanosleep")(clock, flags, time, left);
}

int usleep(useconds_t time) {
    if (rc11::active_from(__builtin_return_address(0)) != nullptr) {
        rc11::hint_waiting_here();
        return 0;
    }
    return rc11::library<&usleep>("usleep")(time);
}

unsigned int sleep(unsigned int time) {
    if (rc11::active_from(__builtin_return_address(0)) != nullptr) {
        rc11::hint_waiting_here();
        return 0;
    }
    return rc11::library<&sleep>("sleep")(time);
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        const std::int64_t now_ns = runtime->read_clock();
        *time = {now_ns / 1'000'000'000, now_ns % 1'000'000'000};
        return 0;
    }
    return rc11::library<&clock_gettime>("clock_gettime")(clock, time);
}

// ---- ends ---------------------------------------------------------------------------------------

void abort() noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0)))
        runtime->violate("abort");
    rc11::library<&abort>("abort")();
    __builtin_trap();
}

void __assert_fail(const char* assertion, const char* file, unsigned int line,
                   const char* function) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        runtime->violate(std::string("assertion ") + assertion + " in " + file + ":" +
                         std::to_string(line));
    }
    rc11::library<&__assert_fail>("__assert_fail")(assertion, file, line, function);
    __builtin_trap();
}

/// std::atomic::wait() and what is made of it end here.
long syscall(long number, ...) noexcept {
    std::array<long, 6> arguments{};
    va_list list;
    va_start(list, number);
    for (long& each : arguments) each = va_arg(list, long);
    va_end(list);
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        if (number == SYS_futex) return rc11::call_futex(*runtime, arguments);
        runtime->refuse("a system call");
    }
    const auto [a, b, c, d, e, f] = arguments;
    return rc11::library<&syscall>("syscall")(number, a, b, c, d, e, f);
}

// ---- what is not supported ----------------------------------------------------------------------

// Each would go on without the engine knowing of it. What is not here either does not concern other
// threads, or ends in one of these.

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
    return rc11::refused_or<&pthread_rwlock_rdlock>("pthread_rwlock_rdlock")(lock);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
    return rc11::refused_or<&pthread_rwlock_wrlock>("pthread_rwlock_wrlock")(lock);
}
int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
    return rc11::refused_or<&pthread_rwlock_tryrdlock>("pthread_rwlock_tryrdlock")(lock);
}
int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
    return rc11::refused_or<&pthread_rwlock_trywrlock>("pthread_rwlock_trywrlock")(lock);
}
int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
    return rc11::refused_or<&pthread_barrier_wait>("pthread_barrier_wait")(barrier);
}
int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
    return rc11::refused_or<&pthread_spin_lock>("pthread_spin_lock")(lock);
}
int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
    return rc11::refused_or<&pthread_spin_trylock>("pthread_spin_trylock")(lock);
}
int pthread_setspecific(pthread_key_t key, const void* value) noexcept {
    return rc11::refused_or<&pthread_setspecific>("pthread_setspecific")(key, value);
}
void pthread_exit(void* result) {
    rc11::refused_or<&pthread_exit>("pthread_exit")(result);
    __builtin_trap();
}
int pthread_cancel(pthread_t thread) {
    return rc11::refused_or<&pthread_cancel>("pthread_cancel")(thread);
}
int pthread_kill(pthread_t thread, int signal) noexcept {
    return rc11::refused_or<&pthread_kill>("pthread_kill")(thread, signal);
}
int raise(int signal) noexcept {
    return rc11::refused_or<&raise>("raise")(signal);
}
__sighandler_t signal(int signal, __sighandler_t handler) noexcept {
    return rc11::refused_or<&::signal>("signal")(signal, handler);
}
int sigaction(int signal, const struct sigaction* next, struct sigaction* old) noexcept {
    return rc11::refused_or<&::sigaction>("sigaction")(signal, next, old);
}
pid_t fork() noexcept {
    return rc11::refused_or<&fork>("fork")();
}

}  // extern "C"
