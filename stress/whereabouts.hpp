#pragma once

#include "parley/protocols/model/role.hpp"

#include <atomic>
#include <cstdint>

namespace parley::stress {

/// What the calling thread is running: which party of which instance. A crash handler and the
/// ThreadSanitizer hook read it on the thread itself, so it needs no synchronisation.
struct Whereabouts {
    bool is_running = false;
    model::Party party = model::Party::left;
    std::uint64_t instance = 0;
    bool is_handling_signal = false;
};

inline constinit thread_local Whereabouts whereabouts;

/// Says where the calling thread is from now on. The compiler moves no code of the instance above
/// it.
inline void enter(model::Party party, std::uint64_t instance) {
    whereabouts = {.is_running = true, .party = party, .instance = instance};
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

inline void leave() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    whereabouts.is_running = false;
}

}  // namespace parley::stress
