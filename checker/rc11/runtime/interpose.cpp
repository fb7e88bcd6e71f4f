// Functions of the C and C++ libraries that code under check must not reach as they are: threads,
// the heap, what is made once, time, and ends of the process. Calls from elsewhere go on to the
// library.

#include "parley/checker/rc11/runtime/interposing.hpp"
#include "parley/checker/rc11/runtime/registers.hpp"

#include <linux/futex.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <unwind.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <new>
#include <string>

using parley::rc11::Runtime;

extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
void __libc_free(void* memory);
}

namespace parley::rc11 {

namespace {

constexpr std::size_t usual_alignment = alignof(std::max_align_t);

bool is_under_check(const void* memory) {
    const Runtime* const runtime = Runtime::current();
    return runtime != nullptr && runtime->owns(address_of(memory));
}

/// Copies of std::runtime_error and its like share their message, which is an old std::string of
/// the library's own.
bool makes_shared_text(const void* caller) {
    // As in library(): no guard.
    static void* create = nullptr;
    auto* const inside = const_cast<char*>(static_cast<const char*>(caller) - 1);
    // To find that out may allocate, and lock.
    Runtime::leave_check();
    if (create == nullptr) create = dlsym(RTLD_DEFAULT, "_ZNSs4_Rep9_S_createEmmRKSaIcE");
    const bool is_it = create != nullptr && _Unwind_FindEnclosingFunction(inside) == create;
    Runtime::enter_check();
    return is_it;
}

void* allocate_new(std::size_t bytes, std::size_t alignment, Allocator allocator,
                   const void* caller) {
    if (Runtime* const runtime = active_from(caller)) {
        if (!is_in_program(caller) && makes_shared_text(caller)) allocator = Allocator::shared_text;
        return runtime->allocate(bytes, alignment, allocator);
    }
    void* const memory =
        alignment <= usual_alignment ? __libc_malloc(bytes) : __libc_memalign(alignment, bytes);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void release_new(void* memory, Allocator allocator, const void* caller) {
    if (memory == nullptr) return;
    if (Runtime* const runtime = active_from(caller)) {
        return runtime->release(address_of(memory), allocator);
    }
    // What a check has allocated goes with its execution.
    if (!is_under_check(memory)) __libc_free(memory);
}

/// A pthread_t for a thread under check: no address of a real one.
pthread_t handle_of(ThreadId thread) {
    return static_cast<pthread_t>(thread) + 1;
}

timespec timespec_of(std::int64_t time_ns) {
    return {time_ns / 1'000'000'000, time_ns % 1'000'000'000};
}

long fail_with(int error) {
    errno = error;
    return -1;
}

/// `sleep`: until the limit is over.
template <class Sleep>
long wait_futex(Runtime& runtime, std::uintptr_t futex, std::uint32_t expected,
                const timespec* limit, Sleep&& sleep) {
    switch (runtime.wait_futex(futex, expected, limit != nullptr)) {
        case Runtime::Waking::woken:
            return 0;
        case Runtime::Waking::refused:
            return fail_with(EAGAIN);
        case Runtime::Waking::timed_out:
            sleep();
            return fail_with(ETIMEDOUT);
    }
    return 0;
}

long call_futex(Runtime& runtime, const std::array<long, 6>& arguments) {
    const auto futex = static_cast<std::uintptr_t>(arguments[0]);
    const auto count = static_cast<std::uint32_t>(arguments[2]);
    const auto* const limit = reinterpret_cast<const timespec*>(arguments[3]);
    switch (arguments[1] & FUTEX_CMD_MASK) {
        case FUTEX_WAIT:
            return wait_futex(runtime, futex, count, limit,
                              [&] { runtime.sleep(nanoseconds(*limit)); });
        case FUTEX_WAIT_BITSET:
            if (static_cast<std::uint32_t>(arguments[5]) != FUTEX_BITSET_MATCH_ANY) break;
            return wait_futex(runtime, futex, count, limit,
                              [&] { runtime.set_clock_forward(nanoseconds(*limit)); });
        case FUTEX_WAKE:
            if (count >= INT_MAX) {
                runtime.wake_futex(futex, true);
            } else {
                for (std::uint32_t i = 0; i < count; ++i) runtime.wake_futex(futex, false);
            }
            return 0;
        default:
            break;
    }
    runtime.refuse("this use of a futex");
}

}  // namespace

void link_interposed_functions() {}

}  // namespace parley::rc11

namespace rc11 = parley::rc11;

void* operator new(std::size_t bytes) {
    return rc11::allocate_new(bytes, rc11::usual_alignment, rc11::Allocator::single,
                              __builtin_return_address(0));
}
void* operator new[](std::size_t bytes) {
    return rc11::allocate_new(bytes, rc11::usual_alignment, rc11::Allocator::array,
                              __builtin_return_address(0));
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return rc11::allocate_new(bytes, static_cast<std::size_t>(alignment), rc11::Allocator::single,
                              __builtin_return_address(0));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
    return rc11::allocate_new(bytes, static_cast<std::size_t>(alignment), rc11::Allocator::array,
                              __builtin_return_address(0));
}
void operator delete(void* memory) noexcept {
    rc11::release_new(memory, rc11::Allocator::single, __builtin_return_address(0));
}
void operator delete[](void* memory) noexcept {
    rc11::release_new(memory, rc11::Allocator::array, __builtin_return_address(0));
}
void operator delete(void* memory, std::size_t /*bytes*/) noexcept {
    rc11::release_new(memory, rc11::Allocator::single, __builtin_return_address(0));
}
void operator delete[](void* memory, std::size_t /*bytes*/) noexcept {
    rc11::release_new(memory, rc11::Allocator::array, __builtin_return_address(0));
}
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
    rc11::release_new(memory, rc11::Allocator::single, __builtin_return_address(0));
}
void operator delete[](void* memory, std::align_val_t /*alignment*/) noexcept {
    rc11::release_new(memory, rc11::Allocator::array, __builtin_return_address(0));
}
void operator delete(void* memory, std::size_t /*bytes*/, std::align_val_t /*align*/) noexcept {
    rc11::release_new(memory, rc11::Allocator::single, __builtin_return_address(0));
}
void operator delete[](void* memory, std::size_t /*bytes*/, std::align_val_t /*align*/) noexcept {
    rc11::release_new(memory, rc11::Allocator::array, __builtin_return_address(0));
}

extern "C" {

void* malloc(std::size_t bytes) {
    Runtime* const runtime =
        Runtime::is_throwing ? Runtime::active() : rc11::active_for(__builtin_return_address(0));
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
    if (rc11::is_under_check(memory)) return;
    if (runtime != nullptr) {
        runtime->release_foreign(rc11::address_of(memory), malloc_usable_size(memory));
    }
    __libc_free(memory);
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
        const auto child = static_cast<rc11::ThreadId>(thread - 1);
        if (child == runtime->current_thread()) return EDEADLK;
        rc11::note_own_here();
        void* const value = runtime->join_thread(child);
        if (result != nullptr) *result = value;
        return 0;
    }
    return rc11::library<&pthread_join>("pthread_join")(thread, result);
}

int pthread_detach(pthread_t thread) {
    if (rc11::active_from(__builtin_return_address(0)) != nullptr) return 0;
    return rc11::library<&pthread_detach>("pthread_detach")(thread);
}

int pthread_setname_np(pthread_t thread, const char* name) noexcept {
    if (rc11::active_from(__builtin_return_address(0)) != nullptr) return 0;
    return rc11::library<&pthread_setname_np>("pthread_setname_np")(thread, name);
}

pthread_t pthread_self() noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        return rc11::handle_of(runtime->current_thread());
    }
    return rc11::library<&pthread_self>("pthread_self")();
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
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        runtime->sleep(rc11::nanoseconds(*time));
        rc11::hint_waiting_here();
        return 0;
    }
    return rc11::library<&nanosleep>("nanosleep")(time, left);
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        if (flags == TIMER_ABSTIME) {
            runtime->set_clock_forward(rc11::nanoseconds(*time));
        } else {
            runtime->sleep(rc11::nanoseconds(*time));
        }
        rc11::hint_waiting_here();
        return 0;
    }
    return rc11::library<&clock_nanosleep>("clock_nanosleep")(clock, flags, time, left);
}

int usleep(useconds_t time) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        runtime->sleep(std::int64_t{time} * 1'000);
        rc11::hint_waiting_here();
        return 0;
    }
    return rc11::library<&usleep>("usleep")(time);
}

unsigned int sleep(unsigned int time) {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        runtime->sleep(std::int64_t{time} * 1'000'000'000);
        rc11::hint_waiting_here();
        return 0;
    }
    return rc11::library<&sleep>("sleep")(time);
}

time_t time(time_t* place) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        const time_t now = runtime->read_clock() / 1'000'000'000;
        if (place != nullptr) *place = now;
        return now;
    }
    return rc11::library<&time>("time")(place);
}

int gettimeofday(timeval* time, void* zone) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        const std::int64_t now_us = runtime->read_clock() / 1'000;
        *time = {now_us / 1'000'000, now_us % 1'000'000};
        return 0;
    }
    return rc11::library<&gettimeofday>("gettimeofday")(time, zone);
}

int timespec_get(timespec* time, int base) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        *time = rc11::timespec_of(runtime->read_clock());
        return base;
    }
    return rc11::library<&timespec_get>("timespec_get")(time, base);
}

clock_t clock() noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        return runtime->read_clock() / (1'000'000'000 / CLOCKS_PER_SEC);
    }
    return rc11::library<&clock>("clock")();
}

/// The processor's counter, for the compiler's functions that read it.
unsigned long long __parley_rdtsc() {
    Runtime* const runtime = Runtime::active_here();
    return runtime != nullptr ? static_cast<unsigned long long>(runtime->read_clock())
                              : __builtin_ia32_rdtsc();
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        *time = rc11::timespec_of(runtime->read_clock());
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
        Runtime::leave_check();
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

}  // extern "C"
