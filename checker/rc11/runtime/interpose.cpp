// Functions of the C and C++ libraries that code under check must not reach as they are: threads,
// mutexes, the heap, waiting, and ends of the process. Calls from elsewhere go on to the library.

#include "parley/checker/rc11/runtime/registers.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <new>
#include <string>
#include <type_traits>

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

/// Makes `function` the library's own function of this name. It is a static variable that needs no
/// guard, since guards are intercepted here as well.
template <class Function>
void find(Function*& function, const char* name) {
    if (function == nullptr) function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/// The runtime, when it is the program itself that has called: what the C and C++ libraries do for
/// themselves is not under check, and what they allocate must outlive the execution. Instrumented
/// functions do not end in a jump to another one, so that the return address says who has called.
Runtime* active_for(const void* caller) {
    Runtime* const runtime = Runtime::active();
    const auto address = static_cast<const char*>(caller);
    if (address >= &__executable_start && address < &etext) return runtime;
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

void* allocate_new(std::size_t bytes, std::size_t alignment) {
    if (Runtime* const runtime = Runtime::active()) return runtime->allocate(bytes, alignment);
    void* const memory =
        alignment <= usual_alignment ? __libc_malloc(bytes) : __libc_memalign(alignment, bytes);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void release_new(void* memory) {
    if (memory == nullptr) return;
    if (Runtime* const runtime = Runtime::active()) return runtime->release(address_of(memory));
    // What a check has allocated goes with its execution.
    if (!is_under_check(memory)) __libc_free(memory);
}

/// A pthread_t for a thread under check: no address of a real one.
pthread_t handle_of(ThreadId thread) {
    return static_cast<pthread_t>(thread) + 1;
}

void refuse_when_active(const char* what) {
    if (Runtime* const runtime = Runtime::active()) runtime->refuse(what);
}

}  // namespace

void link_interposed_functions() {}

}  // namespace parley::rc11

namespace rc11 = parley::rc11;

void* operator new(std::size_t bytes) {
    return rc11::allocate_new(bytes, rc11::usual_alignment);
}
void* operator new[](std::size_t bytes) {
    return rc11::allocate_new(bytes, rc11::usual_alignment);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return rc11::allocate_new(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
    return rc11::allocate_new(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    rc11::release_new(memory);
}
void operator delete[](void* memory) noexcept {
    rc11::release_new(memory);
}
void operator delete(void* memory, std::size_t /*bytes*/) noexcept {
    rc11::release_new(memory);
}
void operator delete[](void* memory, std::size_t /*bytes*/) noexcept {
    rc11::release_new(memory);
}
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
    rc11::release_new(memory);
}
void operator delete[](void* memory, std::align_val_t /*alignment*/) noexcept {
    rc11::release_new(memory);
}
void operator delete(void* memory, std::size_t /*bytes*/, std::align_val_t /*align*/) noexcept {
    rc11::release_new(memory);
}
void operator delete[](void* memory, std::size_t /*bytes*/, std::align_val_t /*align*/) noexcept {
    rc11::release_new(memory);
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
    Runtime* const runtime = Runtime::active();
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
    if (Runtime* const runtime = Runtime::active()) {
        const rc11::ThreadId child = runtime->create_thread(code, argument);
        *thread = rc11::handle_of(child);
        return 0;
    }
    static std::add_pointer_t<decltype(pthread_create)> next = nullptr;
    rc11::find(next, "pthread_create");
    return next(thread, attributes, code, argument);
}

int pthread_join(pthread_t thread, void** result) {
    if (Runtime* const runtime = Runtime::active()) {
        if (thread == 0 || thread > rc11::Arena::threads_max)
            runtime->refuse("joining that thread");
        if (result != nullptr) runtime->refuse("the result of a thread");
        runtime->join_thread(static_cast<rc11::ThreadId>(thread - 1));
        return 0;
    }
    static std::add_pointer_t<decltype(pthread_join)> next = nullptr;
    rc11::find(next, "pthread_join");
    return next(thread, result);
}

int pthread_detach(pthread_t thread) {
    if (Runtime::active() != nullptr) return 0;
    static std::add_pointer_t<decltype(pthread_detach)> next = nullptr;
    rc11::find(next, "pthread_detach");
    return next(thread);
}

pthread_t pthread_self() noexcept {
    if (Runtime* const runtime = Runtime::active()) {
        return rc11::handle_of(runtime->current_thread());
    }
    static std::add_pointer_t<pthread_t()> next = nullptr;
    rc11::find(next, "pthread_self");
    return next();
}

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->lock(rc11::address_of(mutex));
        return 0;
    }
    static std::add_pointer_t<int(pthread_mutex_t*)> next = nullptr;
    rc11::find(next, "pthread_mutex_lock");
    return next(mutex);
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return runtime->try_lock(rc11::address_of(mutex)) ? 0 : EBUSY;
    }
    static std::add_pointer_t<int(pthread_mutex_t*)> next = nullptr;
    rc11::find(next, "pthread_mutex_trylock");
    return next(mutex);
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->unlock(rc11::address_of(mutex));
        return 0;
    }
    static std::add_pointer_t<int(pthread_mutex_t*)> next = nullptr;
    rc11::find(next, "pthread_mutex_unlock");
    return next(mutex);
}

int sched_yield() noexcept {
    if (Runtime::active() != nullptr) {
        rc11::hint_waiting_here();
        return 0;
    }
    static std::add_pointer_t<int()> next = nullptr;
    rc11::find(next, "sched_yield");
    return next();
}

int nanosleep(const timespec* time, timespec* left) {
    if (Runtime::active() != nullptr) {
        rc11::hint_waiting_here();
        return 0;
    }
    static std::add_pointer_t<int(const timespec*, timespec*)> next = nullptr;
    rc11::find(next, "nanosleep");
    return next(time, left);
}

void abort() noexcept {
    if (Runtime* const runtime = Runtime::active()) runtime->violate("abort or std::terminate");
    static std::add_pointer_t<void()> next = nullptr;
    rc11::find(next, "abort");
    next();
    __builtin_trap();
}

void __assert_fail(const char* assertion, const char* file, unsigned int line,
                   const char* function) noexcept {
    if (Runtime* const runtime = Runtime::active()) {
        runtime->violate(std::string("assertion ") + assertion + " in " + file + ":" +
                         std::to_string(line));
    }
    using Fail = void(const char*, const char*, unsigned int, const char*);
    static std::add_pointer_t<Fail> next = nullptr;
    rc11::find(next, "__assert_fail");
    next(assertion, file, line, function);
    __builtin_trap();
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
    rc11::refuse_when_active("a condition variable");
    static std::add_pointer_t<int(pthread_cond_t*, pthread_mutex_t*)> next = nullptr;
    rc11::find(next, "pthread_cond_wait");
    return next(condition, mutex);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                           const timespec* time) {
    rc11::refuse_when_active("a condition variable");
    static std::add_pointer_t<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)> next =
        nullptr;
    rc11::find(next, "pthread_cond_timedwait");
    return next(condition, mutex, time);
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* time) {
    rc11::refuse_when_active("a condition variable");
    static std::add_pointer_t<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)>
        next = nullptr;
    rc11::find(next, "pthread_cond_clockwait");
    return next(condition, mutex, clock, time);
}

int pthread_cond_signal(pthread_cond_t* condition) {
    rc11::refuse_when_active("a condition variable");
    static std::add_pointer_t<int(pthread_cond_t*)> next = nullptr;
    rc11::find(next, "pthread_cond_signal");
    return next(condition);
}

int pthread_cond_broadcast(pthread_cond_t* condition) {
    rc11::refuse_when_active("a condition variable");
    static std::add_pointer_t<int(pthread_cond_t*)> next = nullptr;
    rc11::find(next, "pthread_cond_broadcast");
    return next(condition);
}

int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* time) {
    rc11::refuse_when_active("a lock with a time limit");
    static std::add_pointer_t<int(pthread_mutex_t*, const timespec*)> next = nullptr;
    rc11::find(next, "pthread_mutex_timedlock");
    return next(mutex, time);
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* time) {
    rc11::refuse_when_active("a lock with a time limit");
    static std::add_pointer_t<int(pthread_mutex_t*, clockid_t, const timespec*)> next = nullptr;
    rc11::find(next, "pthread_mutex_clocklock");
    return next(mutex, clock, time);
}

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
    rc11::refuse_when_active("a shared mutex");
    static std::add_pointer_t<int(pthread_rwlock_t*)> next = nullptr;
    rc11::find(next, "pthread_rwlock_rdlock");
    return next(lock);
}

int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
    rc11::refuse_when_active("a shared mutex");
    static std::add_pointer_t<int(pthread_rwlock_t*)> next = nullptr;
    rc11::find(next, "pthread_rwlock_wrlock");
    return next(lock);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
    rc11::refuse_when_active("a shared mutex");
    static std::add_pointer_t<int(pthread_rwlock_t*)> next = nullptr;
    rc11::find(next, "pthread_rwlock_tryrdlock");
    return next(lock);
}

int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
    rc11::refuse_when_active("a shared mutex");
    static std::add_pointer_t<int(pthread_rwlock_t*)> next = nullptr;
    rc11::find(next, "pthread_rwlock_trywrlock");
    return next(lock);
}

int pthread_once(pthread_once_t* once, void (*code)()) {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->refuse("std::call_once");
    }
    static std::add_pointer_t<int(pthread_once_t*, void (*)())> next = nullptr;
    rc11::find(next, "pthread_once");
    return next(once, code);
}

int pthread_setspecific(pthread_key_t key, const void* value) {
    rc11::refuse_when_active("thread-specific data");
    static std::add_pointer_t<int(pthread_key_t, const void*)> next = nullptr;
    rc11::find(next, "pthread_setspecific");
    return next(key, value);
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    rc11::refuse_when_active("clock_nanosleep");
    static std::add_pointer_t<int(clockid_t, int, const timespec*, timespec*)> next = nullptr;
    rc11::find(next, "clock_nanosleep");
    return next(clock, flags, time, left);
}

int __cxa_guard_acquire(std::int64_t* guard) {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->refuse("a local static variable that is initialised under check");
    }
    static std::add_pointer_t<int(std::int64_t*)> next = nullptr;
    rc11::find(next, "__cxa_guard_acquire");
    return next(guard);
}

int __cxa_thread_atexit(void (*destroy)(void*), void* object, void* library) {
    rc11::refuse_when_active("a thread_local variable with a destructor");
    static std::add_pointer_t<int(void (*)(void*), void*, void*)> next = nullptr;
    rc11::find(next, "__cxa_thread_atexit");
    return next(destroy, object, library);
}

/// std::atomic::wait() and the like end here.
long syscall(long number, ...) noexcept {
    rc11::refuse_when_active("a system call (std::atomic::wait, semaphores, latches)");
    std::array<long, 6> arguments{};
    va_list list;
    va_start(list, number);
    for (long& each : arguments) each = va_arg(list, long);
    va_end(list);
    static std::add_pointer_t<long(long, ...)> next = nullptr;
    rc11::find(next, "syscall");
    const auto [a, b, c, d, e, f] = arguments;
    return next(number, a, b, c, d, e, f);
}

}  // extern "C"
