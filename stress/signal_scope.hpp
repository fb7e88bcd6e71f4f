#pragma once

#include "parley/stress/whereabouts.hpp"

namespace parley::stress {

/// While a signal is handled: no atomic operation is taken for one of the code under check.
class SignalScope {
 public:
    SignalScope() { whereabouts.is_handling_signal = true; }
    ~SignalScope() { whereabouts.is_handling_signal = false; }
    SignalScope(const SignalScope&) = delete;
    SignalScope& operator=(const SignalScope&) = delete;
};

}  // namespace parley::stress
