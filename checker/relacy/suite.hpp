#pragma once

#include "parley/checker/relacy/scheduler.hpp"
#include "parley/checker/relacy/simulate.hpp"

namespace parley::checker::relacy {

/// A Program as Relacy wants a test: a class of which it makes an object for each run.
class Suite {
 public:
    struct params {  // NOLINT(readability-identifier-naming): Relacy names it
        static constexpr rl::thread_id_t thread_count = simulated_threads;
        static constexpr rl::thread_id_t static_thread_count = simulated_threads;
        static constexpr rl::thread_id_t dynamic_thread_count = 0;
    };

    /// What the next simulation runs.
    static inline Program* program = nullptr;
    /// Where Relacy keeps its suite: it never frees the room.
    static inline Suite* room = nullptr;

    Suite() { room = this; }

    void before();
    void thread(unsigned index);
    void after();
    void invariant() {}
};

}  // namespace parley::checker::relacy
