#pragma once

// Included before everything else in code under check (parley_add_model_check), for what the
// compiler keeps from ThreadSanitizer and an engine that judges has to see. Nobody includes it.

// What asks not to be instrumented: an access that is not seen is no access.
#define no_sanitize(...) unused
#define no_sanitize_thread unused
#define __no_sanitize__(...) unused
#define __no_sanitize_thread__ unused
#define disable_sanitizer_instrumentation unused

// Nor are functions of the C library to be others that also check sizes.
#undef _FORTIFY_SOURCE

#ifdef __cplusplus
extern "C" {
#define PARLEY_NOEXCEPT noexcept
#else
#define PARLEY_NOEXCEPT
#endif

// Functions of the C library that code itself is often made of. Neither compiler shows what they
// read and write, but for those that clang takes for instructions: it shows the first three.
#ifndef __clang__
void* memcpy(void* to, const void* from, __SIZE_TYPE__ bytes) PARLEY_NOEXCEPT
    __asm__("__tsan_memcpy");
void* memmove(void* to, const void* from, __SIZE_TYPE__ bytes) PARLEY_NOEXCEPT
    __asm__("__tsan_memmove");
void* memset(void* to, int value, __SIZE_TYPE__ bytes) PARLEY_NOEXCEPT __asm__("__tsan_memset");
#define __builtin_memcpy memcpy
#define __builtin_memmove memmove
#define __builtin_memset memset
#endif
int memcmp(const void* left, const void* right, __SIZE_TYPE__ bytes) PARLEY_NOEXCEPT
    __asm__("__parley_memcmp");
__SIZE_TYPE__ strlen(const char* text) PARLEY_NOEXCEPT __asm__("__parley_strlen");
#define __builtin_memcmp memcmp
#define __builtin_strlen strlen

// A loop that pauses waits: parley::rc11::pause().
void __parley_pause(void);
#define __builtin_ia32_pause __parley_pause
#ifdef __clang__
#define _mm_pause __parley_pause
#endif

// The time is the same in each execution.
unsigned long long __parley_rdtsc(void);
#define __builtin_ia32_rdtsc __parley_rdtsc
#ifdef __clang__
#define __rdtsc __parley_rdtsc
#endif
#define __builtin_ia32_rdtscp(processor) (*(processor) = 0, __parley_rdtsc())

#undef PARLEY_NOEXCEPT
#ifdef __cplusplus
}
#endif

#ifdef __cplusplus

extern "C" {
/// Whether a weak compare_exchange is to fail although it finds what it expects.
bool __parley_fails_weakly() noexcept;
/// parley::rc11::assume()
void __parley_assume(bool condition);
}

/// What is left of a weak compare_exchange that fails without reason; with one it would fail
/// anyway.
template <class T>
bool __parley_fail(const volatile T* object, const T* expected, int order) {
    T found;
    __atomic_load(object, &found, order);
    __parley_assume(::memcmp(&found, expected, sizeof found) == 0);
    return false;
}

// Clang's instrumentation does not say which are weak.
#define __atomic_compare_exchange_n(object, expected, value, is_weak, success, failure) \
    ((is_weak) && __parley_fails_weakly()                                               \
         ? __parley_fail(object, expected, failure)                                     \
         : __atomic_compare_exchange_n(object, expected, value, is_weak, success, failure))
#define __atomic_compare_exchange(object, expected, value, is_weak, success, failure) \
    ((is_weak) && __parley_fails_weakly()                                             \
         ? __parley_fail(object, expected, failure)                                   \
         : __atomic_compare_exchange(object, expected, value, is_weak, success, failure))

#endif
