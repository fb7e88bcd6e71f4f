#pragma once

#include "parley/checker/rc11/runtime/instrumented.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"

#include <dlfcn.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>

extern "C" {
extern char __executable_start;
extern char etext;
}

/// What functions have in common that stand in the place of the C library's.
namespace parley::rc11 {

/// The library's own function of this name; `which` tells several of a type apart whose `Ours` is
/// null. The variable needs no guard, since guards are intercepted here as well.
template <auto Ours, int which = 0>
decltype(Ours) library(const char* name) {
    static decltype(Ours) function = nullptr;
    if (function == nullptr) function = reinterpret_cast<decltype(Ours)>(dlsym(RTLD_NEXT, name));
    return function;
}

inline bool is_in_program(const void* caller) {
    const auto address = static_cast<const char*>(caller);
    return address >= &__executable_start && address < &etext;
}

/// The runtime, when instrumented code of the program itself has called.
inline Runtime* active_for_instrumented(const void* caller) {
    if (Runtime::active() == nullptr || !is_in_program(caller)) return nullptr;
    return is_instrumented(caller) ? Runtime::active_at(caller) : nullptr;
}

/// As Runtime::active_here(), where a library may have called for code under check.
inline Runtime* active_from(const void* caller) {
    if (is_in_program(caller)) return Runtime::active_at(caller);
    Runtime* const runtime = Runtime::active();
    // To look for it takes long.
    if (runtime != nullptr && runtime->is_recording()) {
        Runtime::active_at(innermost_instrumented(caller));
    }
    return runtime;
}

/// The runtime, when it is the program itself that has called: what the C and C++ libraries do for
/// themselves is not under check, and what they allocate must outlive the execution. Instrumented
/// functions do not end in a jump to another one, so that the return address says who has called.
inline Runtime* active_for(const void* caller) {
    Runtime* const runtime = active_from(caller);
    if (is_in_program(caller)) return runtime;
    if (runtime != nullptr) runtime->note_foreign_state();
    return nullptr;
}

inline std::uintptr_t address_of(const volatile void* object) {
    return reinterpret_cast<std::uintptr_t>(object);
}

inline std::int64_t nanoseconds(const timespec& time) {
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

/// What could not be had at once is not there in time: had it been, it could have been had at once.
inline int run_out_of_time(Runtime& runtime, const timespec& end) {
    runtime.set_clock_forward(nanoseconds(end));
    return ETIMEDOUT;
}

}  // namespace parley::rc11
