#pragma once

#include "parley/checker/rc11/runtime/runtime.hpp"

#include <csetjmp>
#include <cstdint>
#include <cstring>

namespace parley::rc11 {

/// What the calling thread has in the registers that a call keeps, and where its stack ends.
/// Inlined into the function that code under check has called: what that one has changed of these
/// registers, it has saved on the stack above its own objects.
struct Registers {
    std::uint64_t all[6];

    std::uint64_t digest() const {
        std::uint64_t hash = 0;
        for (const std::uint64_t each : all) hash = hash * 1099511628211U + each;
        return hash;
    }
    std::uintptr_t address() const { return reinterpret_cast<std::uintptr_t>(all); }
};
[[gnu::always_inline]] inline void read_registers(Registers& registers) {
    asm volatile(
        "movq %%rbx, 0(%0)\n\tmovq %%rbp, 8(%0)\n\tmovq %%r12, 16(%0)\n\t"
        "movq %%r13, 24(%0)\n\tmovq %%r14, 32(%0)\n\tmovq %%r15, 40(%0)"
        :
        : "r"(registers.all)
        : "memory");
}

/// Says what the calling thread has of its own, if that is asked for.
[[gnu::always_inline]] inline void note_own_here() {
    Runtime* const runtime = Runtime::active();
    if (runtime == nullptr || !runtime->keeps_states()) return;
    Registers registers;
    read_registers(registers);
    runtime->note_own(registers.all, static_cast<const std::uint64_t*>(__builtin_frame_address(0)));
}

/// Says that the calling thread waits.
[[gnu::always_inline]] inline void hint_waiting_here(Runtime::Hint hint = Runtime::Hint::given) {
    Runtime* const runtime = Runtime::active();
    if (runtime == nullptr) return;
    Registers registers;
    read_registers(registers);
    runtime->hint_waiting(registers.address(), registers.digest(), hint);
}

/// Before code under check reads: a loop that does nothing else waits.
[[gnu::always_inline]] inline void watch_spinning_here() {
    Runtime* const runtime = Runtime::active();
    if (runtime != nullptr && runtime->may_spin_at(__builtin_return_address(0))) {
        hint_waiting_here(Runtime::Hint::guessed);
    }
}

/// Before code under check reads and writes at once: a loop in which that changes nothing waits.
[[gnu::always_inline]] inline void watch_repeating_here() {
    Runtime* const runtime = Runtime::active();
    if (runtime == nullptr || !runtime->may_repeat_at(__builtin_return_address(0))) return;
    Registers registers;
    read_registers(registers);
    runtime->hint_repeating(registers.address(), registers.digest());
}

}  // namespace parley::rc11
