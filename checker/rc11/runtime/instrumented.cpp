#include "parley/checker/rc11/runtime/instrumented.hpp"

#include "parley/checker/rc11/fiber/fiber.hpp"
#include "parley/checker/rc11/names/debug_info.hpp"
#include "parley/checker/rc11/runtime/interposing.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"
#include "parley/checker/symbol_table.hpp"
#include "parley/checker/symbolizer.hpp"

#include <unwind.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

extern "C" void __tsan_func_entry(void* caller);

namespace parley::rc11 {

namespace {

constexpr std::uint8_t call = 0xE8;
constexpr std::size_t call_bytes = 5;

/// Whether a function that begins there says so, before it calls from `caller`. Each one that is
/// instrumented and calls another one does.
bool says_that_it_begins(const std::uint8_t* begin, const std::uint8_t* caller) {
    const auto entry = reinterpret_cast<std::intptr_t>(&__tsan_func_entry);
    for (const std::uint8_t* at = begin; at + call_bytes <= caller; ++at) {
        if (*at != call) continue;
        std::int32_t distance = 0;
        std::memcpy(&distance, at + 1, sizeof distance);
        if (reinterpret_cast<std::intptr_t>(at) + std::intptr_t{call_bytes} + distance == entry)
            return true;
    }
    return false;
}

/// Whether it is the part of a function that g++ has put elsewhere, and that nobody enters by a
/// call.
bool is_cold_part(const void* caller) {
    const auto* const function =
        checker::symbol_table_of(checker::path_of_program())
            .function_at(call_in_file(reinterpret_cast<std::uintptr_t>(caller)));
    return function != nullptr && function->name.find(".cold") != std::string::npos;
}

bool find(const void* caller) {
    const auto* const at = static_cast<const std::uint8_t*>(caller);
    // The call itself may be the last instruction.
    auto* const inside = const_cast<std::uint8_t*>(at - 1);
    const void* const begin = _Unwind_FindEnclosingFunction(inside);
    // In doubt what it does is seen.
    return begin == nullptr || says_that_it_begins(static_cast<const std::uint8_t*>(begin), at) ||
           is_cold_part(caller);
}

struct Known {
    const void* caller = nullptr;
    bool is_instrumented = false;
};

/// What is known of it, or of another one.
Known& known_at(const void* caller) {
    static std::array<Known, 1024> known;
    return known[reinterpret_cast<std::uintptr_t>(caller) % known.size()];
}

/// To find out allocates, and may lock.
bool find_once(const void* caller) {
    Known& entry = known_at(caller);
    if (entry.caller != caller) entry = {caller, find(caller)};
    return entry.is_instrumented;
}

_Unwind_Reason_Code take_instrumented(_Unwind_Context* frame, void* found) {
    if (Fiber::begins_with(_Unwind_GetRegionStart(frame))) return _URC_END_OF_STACK;
    const auto* const place = reinterpret_cast<const void*>(_Unwind_GetIP(frame));
    if (!is_in_program(place) || !find_once(place)) return _URC_NO_REASON;
    *static_cast<const void**>(found) = place;
    return _URC_END_OF_STACK;
}

}  // namespace

bool is_instrumented(const void* caller) {
    const Known& entry = known_at(caller);
    if (entry.caller == caller) return entry.is_instrumented;
    Runtime::leave_check();
    const bool is_it = find_once(caller);
    Runtime::enter_check();
    return is_it;
}

const void* innermost_instrumented(const void* place) {
    // To unwind allocates and locks as well.
    Runtime::leave_check();
    _Unwind_Backtrace(&take_instrumented, &place);
    Runtime::enter_check();
    return place;
}

}  // namespace parley::rc11
