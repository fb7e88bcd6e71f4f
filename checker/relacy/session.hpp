#pragma once

#include "parley/checker/guard.hpp"
#include "parley/checker/memory_log.hpp"
#include "parley/checker/relacy/failure.hpp"
#include "parley/checker/relacy/object_heap.hpp"
#include "parley/checker/relacy/relacy.hpp"

#include <cstdint>
#include <exception>
#include <optional>
#include <source_location>

namespace parley::checker::relacy {

/// What the platform's types share with the simulation that runs them. There is one, as Relacy
/// itself keeps one context per process: a simulation at a time, on one thread.
struct Session {
    MemoryLog* log = nullptr;  ///< null: nothing is taken down
    std::uint32_t variables_made = 0;
    std::uint64_t steps = 0;       ///< of this run
    std::uint64_t idle_steps = 0;  ///< since its last note_progress()
    bool in_threads = false;       ///< the two threads run, not what comes before and after them
    ObjectHeap heap;
    Failure failure;
    std::exception_ptr not_its_fault;       ///< a bug or a limit of ours: goes on outside
    std::optional<UnderCheck> under_check;  ///< while a run lasts
};

inline Session session;

/// How many atomics and cells the run has made so far: the number of the next one. A test that
/// makes its queues one after another knows from it which variables belong to which.
inline std::uint32_t variables_made() {
    return session.variables_made;
}

/// The simulated thread that runs now.
ThreadIndex current_thread();

FailureClass from_relacy(rl::test_result_e result);

/// Takes down `event` if somebody listens. The thread and the place are filled in.
inline void record(MemoryEvent event, const std::source_location& where) {
    if (session.log == nullptr) [[likely]]
        return;
    event.thread = current_thread();
    event.file = where.file_name();
    event.line = where.line();
    session.log->push_back(event);
}

}  // namespace parley::checker::relacy
