#pragma once

#include "parley/checker/memory_log.hpp"

#include <cstdint>
#include <source_location>
#include <string>
#include <string_view>

namespace parley::checker::relacy {

/// What went wrong in a simulated run.
enum class FailureClass : std::uint8_t {
    none,
    data_race,
    memory_leak,
    double_free,
    freed_access,          ///< an object was touched after its end
    uninitialised_access,  ///< an atomic was read that its maker has not been seen to initialise
    deadlock,
    livelock,   ///< the run took more steps than its limit
    assertion,  ///< a property of the test did not hold
    exception,  ///< an exception left a party's code
    crash,      ///< a signal (see checker::Guard)
    hang,       ///< code that neither comes back nor touches shared memory
    other,
};

constexpr std::string_view to_text(FailureClass kind) {
    switch (kind) {
        case FailureClass::none:
            return "none";
        case FailureClass::data_race:
            return "data race";
        case FailureClass::memory_leak:
            return "memory leak";
        case FailureClass::double_free:
            return "double free";
        case FailureClass::freed_access:
            return "access to freed memory";
        case FailureClass::uninitialised_access:
            return "access to uninitialised memory";
        case FailureClass::deadlock:
            return "deadlock";
        case FailureClass::livelock:
            return "livelock";
        case FailureClass::assertion:
            return "assertion";
        case FailureClass::exception:
            return "exception";
        case FailureClass::crash:
            return "crash";
        case FailureClass::hang:
            return "hang";
        case FailureClass::other:
            break;
    }
    return "other";
}

/// How a run failed, and where: the place is empty when it is not known.
struct Failure {
    FailureClass kind = FailureClass::none;
    std::string message;
    std::string file;
    std::uint32_t line = 0;
    ThreadIndex thread = no_thread;

    bool operator==(const Failure&) const = default;
};

/// Ends the running simulation at once: its result is this failure. Callable wherever simulated
/// code runs; objects on the simulated stack are not destroyed.
[[noreturn]] void fail(FailureClass kind, std::string message,
                       std::source_location where = std::source_location::current());

/// Ends the running simulation because a property does not hold.
[[noreturn]] inline void fail(std::string sentence,
                              std::source_location where = std::source_location::current()) {
    fail(FailureClass::assertion, std::move(sentence), where);
}

}  // namespace parley::checker::relacy
