#pragma once

#include "parley/checker/rc11/names/call_frames.hpp"
#include "parley/checker/rc11/names/debug_info.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace parley::rc11 {

/// Where a variable or parameter is while its function runs.
struct Place {
    enum class Kind : std::uint8_t {
        memory,  ///< at the address `value`
        value,   ///< in a register, or in none: it is `value`
    };
    Kind kind = Kind::memory;
    std::uintptr_t value = 0;
};

/// None where the debug information does not say, or says something that takes more than the
/// registers that a frame knows, such as memory as it was then.
std::optional<Place> place_of(Dwarf_Die variable, Dwarf_Die function, const CallFrame& frame,
                              Dwarf_Addr instruction);

/// Calls `visit` with each variable and parameter of a scope, not of those within it.
void for_each_variable(Dwarf_Die scope, const std::function<void(Dwarf_Die)>& visit);

}  // namespace parley::rc11
