#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace parley::rc11 {

/// A function that has been called and has not returned, as far as DWARF's descriptions of
/// variables want to know it.
struct CallFrame {
    /// The registers that calls preserve on x86-64, by DWARF's numbers: rbx, rbp, r12 to r15.
    static constexpr std::array preserved_registers{3, 6, 12, 13, 14, 15};
    static constexpr int stack_pointer_register = 7;

    std::uintptr_t return_address = 0;  ///< to which its callee returns
    std::array<std::uintptr_t, preserved_registers.size()> preserved{};
    std::uintptr_t stack_pointer = 0;
    std::uintptr_t end = 0;  ///< the canonical frame address: where the caller's frame begins

    auto operator<=>(const CallFrame&) const = default;
};

/// Innermost first.
using CallFrames = std::vector<CallFrame>;

/// The calling thread's functions whose frames end on this piece of a stack, by the unwinder that
/// exceptions have.
CallFrames call_frames(std::uintptr_t stack_begin, std::uintptr_t stack_end);

}  // namespace parley::rc11
