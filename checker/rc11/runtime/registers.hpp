#pragma once

#include "parley/checker/rc11/runtime/runtime.hpp"

#include <csetjmp>
#include <cstdint>
#include <cstring>

namespace parley::rc11 {

/// Says that the calling thread waits, with what it has on its stack and in the registers that a
/// call keeps. Inlined into the function that code under check has called: what that one has
/// changed of these registers, it has saved on the stack above its own objects.
[[gnu::always_inline]] inline void hint_waiting_here(Runtime::Hint hint = Runtime::Hint::given) {
    Runtime* const runtime = Runtime::active();
    if (runtime == nullptr) return;
    std::uint64_t registers[6];
    asm volatile(
        "movq %%rbx, 0(%0)\n\tmovq %%rbp, 8(%0)\n\tmovq %%r12, 16(%0)\n\t"
        "movq %%r13, 24(%0)\n\tmovq %%r14, 32(%0)\n\tmovq %%r15, 40(%0)"
        :
        : "r"(registers)
        : "memory");
    std::uint64_t hash = 0;
    for (const std::uint64_t each : registers) hash = hash * 1099511628211U + each;
    runtime->hint_waiting(reinterpret_cast<std::uintptr_t>(registers), hash, hint);
}

/// Before code under check reads and writes at once: a loop in which that changes nothing waits.
[[gnu::always_inline]] inline void watch_repeating_here() {
    Runtime* const runtime = Runtime::active();
    if (runtime != nullptr && runtime->may_repeat_at(__builtin_return_address(0))) {
        hint_waiting_here(Runtime::Hint::repeated);
    }
}

/// Before code under check reads: a loop that does nothing else waits.
[[gnu::always_inline]] inline void watch_spinning_here() {
    watch_repeating_here();
    Runtime* const runtime = Runtime::active();
    if (runtime != nullptr && runtime->may_spin_at(__builtin_return_address(0))) {
        hint_waiting_here(Runtime::Hint::guessed);
    }
}

}  // namespace parley::rc11
