// What the compiler puts into code for -fsanitize=thread: the interface of LLVM's ThreadSanitizer,
// here for the engine. Code that is not under check does what it would do without instrumentation.

#include "parley/checker/rc11/runtime/memory_order.hpp"
#include "parley/checker/rc11/runtime/registers.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

namespace parley::rc11 {

namespace {

std::uintptr_t address_of(const volatile void* object) {
    return reinterpret_cast<std::uintptr_t>(object);
}

[[gnu::always_inline]] inline void access(const volatile void* object, std::size_t bytes,
                                          bool is_write) {
    if (Runtime* const runtime = Runtime::active_here()) {
        runtime->access_plain(address_of(object), bytes, is_write);
    }
}

template <class T>
[[gnu::always_inline]] inline T load(const volatile T* object, int order) {
    note_own_here();
    if (Runtime* const runtime = Runtime::active_here()) {
        return static_cast<T>(runtime->access_atomic(
            address_of(object),
            {.kind = Operation::Kind::load, .order = order_of(order), .bytes = sizeof(T)}));
    }
    return __atomic_load_n(object, __ATOMIC_SEQ_CST);
}

template <class T>
[[gnu::always_inline]] inline void store(volatile T* object, T value, int order) {
    if (Runtime* const runtime = Runtime::active_here()) {
        runtime->access_atomic(address_of(object), {.kind = Operation::Kind::store,
                                                    .order = order_of(order),
                                                    .bytes = sizeof(T),
                                                    .value = value});
        return;
    }
    __atomic_store_n(object, value, __ATOMIC_SEQ_CST);
}

template <class T>
[[gnu::always_inline]] inline T modify(volatile T* object, Update update, T value, int order) {
    watch_repeating_here();
    if (Runtime* const runtime = Runtime::active_here()) {
        return static_cast<T>(
            runtime->access_atomic(address_of(object), {.kind = Operation::Kind::modify,
                                                        .order = order_of(order),
                                                        .update = update,
                                                        .bytes = sizeof(T),
                                                        .value = value}));
    }
    T found = __atomic_load_n(object, __ATOMIC_SEQ_CST);
    const auto next = [&] {
        return static_cast<T>(
            updated({.update = update, .bytes = sizeof(T), .value = value}, found));
    };
    while (!__atomic_compare_exchange_n(object, &found, next(), false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_SEQ_CST)) {
    }
    return found;
}

/// What was found: the exchange has been made when that is `expected`.
template <class T>
[[gnu::always_inline]] inline T exchange_if(volatile T* object, T expected, T value, int order,
                                            int failure) {
    if (Runtime* const runtime = Runtime::active_here()) {
        return static_cast<T>(
            runtime->access_atomic(address_of(object), {.kind = Operation::Kind::modify,
                                                        .order = order_of(order),
                                                        .failure = order_of(failure),
                                                        .update = Update::compare_exchange,
                                                        .bytes = sizeof(T),
                                                        .value = value,
                                                        .expected = expected}));
    }
    __atomic_compare_exchange_n(object, &expected, value, false, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    return expected;
}

template <class T>
[[gnu::always_inline]] inline int compare_exchange(volatile T* object, T* expected, T value,
                                                   int order, int failure) {
    const T wanted = *expected;
    const T found = exchange_if(object, wanted, value, order, failure);
    if (found == wanted) return 1;
    *expected = found;
    access(expected, sizeof(T), true);
    return 0;
}

}  // namespace

}  // namespace parley::rc11

using parley::rc11::Runtime;
using parley::rc11::Update;
namespace rc11 = parley::rc11;

extern "C" {

void __tsan_init() {}
void __tsan_func_entry(void* /*caller*/) {}
void __tsan_func_exit() {
    Runtime* const runtime = Runtime::active_here();
    if (runtime == nullptr) return;
    // The caller's frame pointer, and above it those of its caller: code under check has them.
    const auto caller = *static_cast<const std::uintptr_t*>(__builtin_frame_address(0));
    runtime->leave_function(caller + 2 * sizeof(std::uintptr_t));
}

// Called for accesses as well (-fsanitize-coverage=trace-loads,trace-stores), which only has the
// effect that clang 19 does not take any object on a stack for one that no other thread can know:
// it would ask whether the address of the member that is accessed escapes, not that of the object.
void __sanitizer_cov_load1(std::uint8_t* /*object*/) {}
void __sanitizer_cov_load2(std::uint16_t* /*object*/) {}
void __sanitizer_cov_load4(std::uint32_t* /*object*/) {}
void __sanitizer_cov_load8(std::uint64_t* /*object*/) {}
void __sanitizer_cov_load16(void* /*object*/) {}
void __sanitizer_cov_store1(std::uint8_t* /*object*/) {}
void __sanitizer_cov_store2(std::uint16_t* /*object*/) {}
void __sanitizer_cov_store4(std::uint32_t* /*object*/) {}
void __sanitizer_cov_store8(std::uint64_t* /*object*/) {}
void __sanitizer_cov_store16(void* /*object*/) {}

// What code tells ThreadSanitizer for want of fences that it sees. Here they are seen, and it is
// the memory model that says what orders accesses: none of these does.
void AnnotateHappensBefore(const char* /*file*/, int /*line*/, void* /*object*/) {}
void AnnotateHappensAfter(const char* /*file*/, int /*line*/, void* /*object*/) {}
void AnnotateIgnoreReadsBegin(const char* /*file*/, int /*line*/) {}
void AnnotateIgnoreReadsEnd(const char* /*file*/, int /*line*/) {}
void AnnotateIgnoreWritesBegin(const char* /*file*/, int /*line*/) {}
void AnnotateIgnoreWritesEnd(const char* /*file*/, int /*line*/) {}
void AnnotateBenignRace(const char* /*file*/, int /*line*/, void* /*object*/, const char* /*why*/) {
}
void AnnotateBenignRaceSized(const char* /*file*/, int /*line*/, void* /*object*/,
                             std::size_t /*bytes*/, const char* /*why*/) {}
void AnnotateNewMemory(const char* /*file*/, int /*line*/, void* /*object*/,
                       std::size_t /*bytes*/) {}
void __tsan_acquire(void* /*object*/) {}
void __tsan_release(void* /*object*/) {}

void __tsan_read1(void* object) {
    rc11::access(object, 1, false);
}
void __tsan_write1(void* object) {
    rc11::access(object, 1, true);
}
void __tsan_read_write1(void* object) {
    rc11::access(object, 1, true);
}
void __tsan_read2(void* object) {
    rc11::access(object, 2, false);
}
void __tsan_write2(void* object) {
    rc11::access(object, 2, true);
}
void __tsan_read_write2(void* object) {
    rc11::access(object, 2, true);
}
void __tsan_unaligned_read2(const void* object) {
    rc11::access(object, 2, false);
}
void __tsan_unaligned_write2(void* object) {
    rc11::access(object, 2, true);
}
void __tsan_unaligned_read_write2(void* object) {
    rc11::access(object, 2, true);
}
void __tsan_read4(void* object) {
    rc11::access(object, 4, false);
}
void __tsan_write4(void* object) {
    rc11::access(object, 4, true);
}
void __tsan_read_write4(void* object) {
    rc11::access(object, 4, true);
}
void __tsan_unaligned_read4(const void* object) {
    rc11::access(object, 4, false);
}
void __tsan_unaligned_write4(void* object) {
    rc11::access(object, 4, true);
}
void __tsan_unaligned_read_write4(void* object) {
    rc11::access(object, 4, true);
}
void __tsan_read8(void* object) {
    rc11::access(object, 8, false);
}
void __tsan_write8(void* object) {
    rc11::access(object, 8, true);
}
void __tsan_read_write8(void* object) {
    rc11::access(object, 8, true);
}
void __tsan_unaligned_read8(const void* object) {
    rc11::access(object, 8, false);
}
void __tsan_unaligned_write8(void* object) {
    rc11::access(object, 8, true);
}
void __tsan_unaligned_read_write8(void* object) {
    rc11::access(object, 8, true);
}
void __tsan_read16(void* object) {
    rc11::access(object, 16, false);
}
void __tsan_write16(void* object) {
    rc11::access(object, 16, true);
}
void __tsan_read_write16(void* object) {
    rc11::access(object, 16, true);
}
void __tsan_unaligned_read16(const void* object) {
    rc11::access(object, 16, false);
}
void __tsan_unaligned_write16(void* object) {
    rc11::access(object, 16, true);
}
void __tsan_unaligned_read_write16(void* object) {
    rc11::access(object, 16, true);
}
void __tsan_vptr_read(void** object) {
    rc11::access(object, sizeof(void*), false);
}
void __tsan_vptr_update(void** object, void* value) {
    // Each constructor and destructor sets it; what does not change it is no write.
    rc11::access(object, sizeof(void*), *object != value);
}
void __tsan_read_range(void* object, std::size_t bytes) {
    rc11::access(object, bytes, false);
}
void __tsan_write_range(void* object, std::size_t bytes) {
    rc11::access(object, bytes, true);
}
void* __tsan_memcpy(void* to, const void* from, std::size_t bytes) {
    rc11::access(from, bytes, false);
    rc11::access(to, bytes, true);
    return std::memcpy(to, from, bytes);
}
void* __tsan_memmove(void* to, const void* from, std::size_t bytes) {
    rc11::access(from, bytes, false);
    rc11::access(to, bytes, true);
    return std::memmove(to, from, bytes);
}
void* __tsan_memset(void* to, int value, std::size_t bytes) {
    rc11::access(to, bytes, true);
    return std::memset(to, value, bytes);
}

int __parley_memcmp(const void* left, const void* right, std::size_t bytes) {
    rc11::access(left, bytes, false);
    rc11::access(right, bytes, false);
    return std::memcmp(left, right, bytes);
}
std::size_t __parley_strlen(const char* text) {
    // What was atomic comes to memory when it is read: the text may be longer, then.
    for (std::size_t length = std::strlen(text);;) {
        rc11::access(text, length + 1, false);
        const std::size_t before = std::exchange(length, std::strlen(text));
        if (length == before) return length;
    }
}

void __tsan_atomic_thread_fence(int order) {
    if (Runtime* const runtime = Runtime::active_here())
        return runtime->fence(rc11::order_of(order));
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
void __tsan_atomic_signal_fence(int /*order*/) {}

std::uint8_t __tsan_atomic8_load(const volatile std::uint8_t* object, int order) {
    rc11::watch_spinning_here();
    return rc11::load(object, order);
}
void __tsan_atomic8_store(volatile std::uint8_t* object, std::uint8_t value, int order) {
    rc11::store(object, value, order);
}
std::uint8_t __tsan_atomic8_exchange(volatile std::uint8_t* object, std::uint8_t value, int order) {
    return rc11::modify(object, Update::exchange, value, order);
}
std::uint8_t __tsan_atomic8_fetch_add(volatile std::uint8_t* object, std::uint8_t value,
                                      int order) {
    return rc11::modify(object, Update::add, value, order);
}
std::uint8_t __tsan_atomic8_fetch_sub(volatile std::uint8_t* object, std::uint8_t value,
                                      int order) {
    return rc11::modify(object, Update::subtract, value, order);
}
std::uint8_t __tsan_atomic8_fetch_and(volatile std::uint8_t* object, std::uint8_t value,
                                      int order) {
    return rc11::modify(object, Update::bit_and, value, order);
}
std::uint8_t __tsan_atomic8_fetch_or(volatile std::uint8_t* object, std::uint8_t value, int order) {
    return rc11::modify(object, Update::bit_or, value, order);
}
std::uint8_t __tsan_atomic8_fetch_xor(volatile std::uint8_t* object, std::uint8_t value,
                                      int order) {
    return rc11::modify(object, Update::bit_xor, value, order);
}
std::uint8_t __tsan_atomic8_fetch_nand(volatile std::uint8_t* object, std::uint8_t value,
                                       int order) {
    return rc11::modify(object, Update::bit_nand, value, order);
}
int __tsan_atomic8_compare_exchange_strong(volatile std::uint8_t* object, std::uint8_t* expected,
                                           std::uint8_t value, int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::compare_exchange(object, expected, value, order, failure);
}
int __tsan_atomic8_compare_exchange_weak(volatile std::uint8_t* object, std::uint8_t* expected,
                                         std::uint8_t value, int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::compare_exchange(object, expected, value, order, failure);
}
std::uint8_t __tsan_atomic8_compare_exchange_val(volatile std::uint8_t* object,
                                                 std::uint8_t expected, std::uint8_t value,
                                                 int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::exchange_if(object, expected, value, order, failure);
}
std::uint16_t __tsan_atomic16_load(const volatile std::uint16_t* object, int order) {
    rc11::watch_spinning_here();
    return rc11::load(object, order);
}
void __tsan_atomic16_store(volatile std::uint16_t* object, std::uint16_t value, int order) {
    rc11::store(object, value, order);
}
std::uint16_t __tsan_atomic16_exchange(volatile std::uint16_t* object, std::uint16_t value,
                                       int order) {
    return rc11::modify(object, Update::exchange, value, order);
}
std::uint16_t __tsan_atomic16_fetch_add(volatile std::uint16_t* object, std::uint16_t value,
                                        int order) {
    return rc11::modify(object, Update::add, value, order);
}
std::uint16_t __tsan_atomic16_fetch_sub(volatile std::uint16_t* object, std::uint16_t value,
                                        int order) {
    return rc11::modify(object, Update::subtract, value, order);
}
std::uint16_t __tsan_atomic16_fetch_and(volatile std::uint16_t* object, std::uint16_t value,
                                        int order) {
    return rc11::modify(object, Update::bit_and, value, order);
}
std::uint16_t __tsan_atomic16_fetch_or(volatile std::uint16_t* object, std::uint16_t value,
                                       int order) {
    return rc11::modify(object, Update::bit_or, value, order);
}
std::uint16_t __tsan_atomic16_fetch_xor(volatile std::uint16_t* object, std::uint16_t value,
                                        int order) {
    return rc11::modify(object, Update::bit_xor, value, order);
}
std::uint16_t __tsan_atomic16_fetch_nand(volatile std::uint16_t* object, std::uint16_t value,
                                         int order) {
    return rc11::modify(object, Update::bit_nand, value, order);
}
int __tsan_atomic16_compare_exchange_strong(volatile std::uint16_t* object, std::uint16_t* expected,
                                            std::uint16_t value, int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::compare_exchange(object, expected, value, order, failure);
}
int __tsan_atomic16_compare_exchange_weak(volatile std::uint16_t* object, std::uint16_t* expected,
                                          std::uint16_t value, int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::compare_exchange(object, expected, value, order, failure);
}
std::uint16_t __tsan_atomic16_compare_exchange_val(volatile std::uint16_t* object,
                                                   std::uint16_t expected, std::uint16_t value,
                                                   int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::exchange_if(object, expected, value, order, failure);
}
std::uint32_t __tsan_atomic32_load(const volatile std::uint32_t* object, int order) {
    rc11::watch_spinning_here();
    return rc11::load(object, order);
}
void __tsan_atomic32_store(volatile std::uint32_t* object, std::uint32_t value, int order) {
    rc11::store(object, value, order);
}
std::uint32_t __tsan_atomic32_exchange(volatile std::uint32_t* object, std::uint32_t value,
                                       int order) {
    return rc11::modify(object, Update::exchange, value, order);
}
std::uint32_t __tsan_atomic32_fetch_add(volatile std::uint32_t* object, std::uint32_t value,
                                        int order) {
    return rc11::modify(object, Update::add, value, order);
}
std::uint32_t __tsan_atomic32_fetch_sub(volatile std::uint32_t* object, std::uint32_t value,
                                        int order) {
    return rc11::modify(object, Update::subtract, value, order);
}
std::uint32_t __tsan_atomic32_fetch_and(volatile std::uint32_t* object, std::uint32_t value,
                                        int order) {
    return rc11::modify(object, Update::bit_and, value, order);
}
std::uint32_t __tsan_atomic32_fetch_or(volatile std::uint32_t* object, std::uint32_t value,
                                       int order) {
    return rc11::modify(object, Update::bit_or, value, order);
}
std::uint32_t __tsan_atomic32_fetch_xor(volatile std::uint32_t* object, std::uint32_t value,
                                        int order) {
    return rc11::modify(object, Update::bit_xor, value, order);
}
std::uint32_t __tsan_atomic32_fetch_nand(volatile std::uint32_t* object, std::uint32_t value,
                                         int order) {
    return rc11::modify(object, Update::bit_nand, value, order);
}
int __tsan_atomic32_compare_exchange_strong(volatile std::uint32_t* object, std::uint32_t* expected,
                                            std::uint32_t value, int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::compare_exchange(object, expected, value, order, failure);
}
int __tsan_atomic32_compare_exchange_weak(volatile std::uint32_t* object, std::uint32_t* expected,
                                          std::uint32_t value, int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::compare_exchange(object, expected, value, order, failure);
}
std::uint32_t __tsan_atomic32_compare_exchange_val(volatile std::uint32_t* object,
                                                   std::uint32_t expected, std::uint32_t value,
                                                   int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::exchange_if(object, expected, value, order, failure);
}
std::uint64_t __tsan_atomic64_load(const volatile std::uint64_t* object, int order) {
    rc11::watch_spinning_here();
    return rc11::load(object, order);
}
void __tsan_atomic64_store(volatile std::uint64_t* object, std::uint64_t value, int order) {
    rc11::store(object, value, order);
}
std::uint64_t __tsan_atomic64_exchange(volatile std::uint64_t* object, std::uint64_t value,
                                       int order) {
    return rc11::modify(object, Update::exchange, value, order);
}
std::uint64_t __tsan_atomic64_fetch_add(volatile std::uint64_t* object, std::uint64_t value,
                                        int order) {
    return rc11::modify(object, Update::add, value, order);
}
std::uint64_t __tsan_atomic64_fetch_sub(volatile std::uint64_t* object, std::uint64_t value,
                                        int order) {
    return rc11::modify(object, Update::subtract, value, order);
}
std::uint64_t __tsan_atomic64_fetch_and(volatile std::uint64_t* object, std::uint64_t value,
                                        int order) {
    return rc11::modify(object, Update::bit_and, value, order);
}
std::uint64_t __tsan_atomic64_fetch_or(volatile std::uint64_t* object, std::uint64_t value,
                                       int order) {
    return rc11::modify(object, Update::bit_or, value, order);
}
std::uint64_t __tsan_atomic64_fetch_xor(volatile std::uint64_t* object, std::uint64_t value,
                                        int order) {
    return rc11::modify(object, Update::bit_xor, value, order);
}
std::uint64_t __tsan_atomic64_fetch_nand(volatile std::uint64_t* object, std::uint64_t value,
                                         int order) {
    return rc11::modify(object, Update::bit_nand, value, order);
}
int __tsan_atomic64_compare_exchange_strong(volatile std::uint64_t* object, std::uint64_t* expected,
                                            std::uint64_t value, int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::compare_exchange(object, expected, value, order, failure);
}
int __tsan_atomic64_compare_exchange_weak(volatile std::uint64_t* object, std::uint64_t* expected,
                                          std::uint64_t value, int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::compare_exchange(object, expected, value, order, failure);
}
std::uint64_t __tsan_atomic64_compare_exchange_val(volatile std::uint64_t* object,
                                                   std::uint64_t expected, std::uint64_t value,
                                                   int order, int failure) {
    rc11::watch_spinning_here();
    return rc11::exchange_if(object, expected, value, order, failure);
}

}  // extern "C"
