// Accesses to atomic objects of more than eight bytes: of the compiler's instrumentation where the
// processor has them, of libatomic otherwise, whose names are the compiler's own.

#include "parley/checker/rc11/runtime/runtime.hpp"
#include "parley/checker/require.hpp"

namespace parley::rc11 {

namespace {

/// Whatever its arguments are.
void refuse_wide() {
    if (Runtime* const runtime = Runtime::active_here()) {
        runtime->refuse("an atomic object of more than eight bytes");
    }
    checker::require(false, "a program for engine rc11 has no atomic objects of more than 8 bytes");
}

}  // namespace

extern "C" {

void load_generic() __asm__("__atomic_load");
void store_generic() __asm__("__atomic_store");
void exchange_generic() __asm__("__atomic_exchange");
void compare_generic() __asm__("__atomic_compare_exchange");
void load_16() __asm__("__atomic_load_16");
void store_16() __asm__("__atomic_store_16");
void exchange_16() __asm__("__atomic_exchange_16");
void compare_16() __asm__("__atomic_compare_exchange_16");
void load_128() __asm__("__tsan_atomic128_load");
void store_128() __asm__("__tsan_atomic128_store");
void exchange_128() __asm__("__tsan_atomic128_exchange");
void compare_strong_128() __asm__("__tsan_atomic128_compare_exchange_strong");
void compare_weak_128() __asm__("__tsan_atomic128_compare_exchange_weak");
void compare_128() __asm__("__tsan_atomic128_compare_exchange_val");

void load_generic() {
    refuse_wide();
}
void store_generic() {
    refuse_wide();
}
void exchange_generic() {
    refuse_wide();
}
void compare_generic() {
    refuse_wide();
}
void load_16() {
    refuse_wide();
}
void store_16() {
    refuse_wide();
}
void exchange_16() {
    refuse_wide();
}
void compare_16() {
    refuse_wide();
}
void load_128() {
    refuse_wide();
}
void store_128() {
    refuse_wide();
}
void exchange_128() {
    refuse_wide();
}
void compare_strong_128() {
    refuse_wide();
}
void compare_weak_128() {
    refuse_wide();
}
void compare_128() {
    refuse_wide();
}

}  // extern "C"

}  // namespace parley::rc11
