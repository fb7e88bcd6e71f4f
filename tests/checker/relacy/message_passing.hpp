#pragma once

#include "parley/checker/relacy/platform.hpp"
#include "parley/checker/relacy/simulate.hpp"

#include <atomic>
#include <new>

namespace parley::checker::relacy {

/// The smallest program whose correctness depends on memory orders: a cell is written and a flag
/// raised; the other thread waits for the flag and reads the cell.
template <std::memory_order Publish = std::memory_order_release,
          std::memory_order Observe = std::memory_order_acquire>
struct MessagePassing {
    using Platform = RelacyPlatform;

    Platform::Atomic<int> flag;
    Platform::Cell<int> cell;

    void thread(unsigned index) {
        if (index == 0) {
            ::new (cell.storage()) int(7);
            flag.store(1, Publish);
        } else {
            while (flag.load(Observe) == 0) Platform::pause();
            if (cell.value() != 7) fail("the reader sees what was written before the flag");
        }
    }
};

/// A maker of programs, as simulate() takes it.
inline constexpr auto make = []<class Test>() { return [] { return Test(); }; };

template <class Test>
SimulationResult run(const SimulationOptions& options) {
    return simulate(options, [] { return Test(); });
}

}  // namespace parley::checker::relacy
