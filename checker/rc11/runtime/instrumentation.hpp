#pragma once

// Included before everything else in code under check (parley_add_model_check), for what the
// compiler keeps from ThreadSanitizer and an engine that judges has to see. Nobody includes it.

// What asks not to be instrumented: an access that is not seen is no access.
#define no_sanitize(...) unused
#define no_sanitize_thread unused
#define __no_sanitize__(...) unused
#define __no_sanitize_thread__ unused
#define disable_sanitizer_instrumentation unused

// A loop that pauses waits: parley::rc11::pause().
#ifdef __cplusplus
extern "C"
#endif
    void
    __parley_pause(void);
#define __builtin_ia32_pause __parley_pause
#define _mm_pause __parley_pause

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
    __parley_assume(__builtin_memcmp(&found, expected, sizeof found) == 0);
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
