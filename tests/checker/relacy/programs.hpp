#pragma once

#include "parley/checker/relacy/platform.hpp"
#include "parley/checker/relacy/simulate.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <new>
#include <source_location>
#include <utility>

/// Small programs whose failures are known.
namespace parley::checker::relacy {

inline constexpr auto relaxed = std::memory_order_relaxed;
inline constexpr auto acquire = std::memory_order_acquire;
inline constexpr auto release = std::memory_order_release;

/// A cell is written and a flag raised; the other thread waits for the flag and reads the cell.
template <std::memory_order Publish = release, std::memory_order Observe = acquire>
struct MessagePassing {
    RelacyPlatform::Atomic<int> flag;
    RelacyPlatform::Cell<int> cell;

    void thread(unsigned index) {
        if (index == 0) {
            std::construct_at(cell.storage(), 7);
            flag.store(1, Publish);
        } else {
            while (flag.load(Observe) == 0) RelacyPlatform::pause();
            if (cell.value() != 7) fail("the reader sees what was written before the flag");
        }
    }
};

/// As MessagePassing, with the orders of relaxed accesses made up for by fences.
template <std::memory_order Publish = release, std::memory_order Observe = acquire>
struct FencedMessagePassing {
    RelacyPlatform::Atomic<int> flag;
    RelacyPlatform::Cell<int> cell;

    void thread(unsigned index) {
        if (index == 0) {
            std::construct_at(cell.storage(), 7);
            RelacyPlatform::fence(Publish);
            flag.store(1, relaxed);
        } else {
            while (flag.load(relaxed) == 0) RelacyPlatform::pause();
            RelacyPlatform::fence(Observe);
            static_cast<void>(cell.value());
        }
    }
};

/// Store buffering: each thread writes its own variable and reads the other's. Both may read 0
/// unless all orders are sequentially consistent.
template <std::memory_order Store, std::memory_order Load>
struct StoreBuffering {
    RelacyPlatform::Atomic<int> x[2];
    int seen[2] = {};

    void thread(unsigned index) {
        x[index].store(1, Store);
        seen[index] = x[1 - index].load(Load);
    }
    void after() const {
        if (seen[0] == 0 && seen[1] == 0) fail("one thread sees the other's store");
    }
};

/// An object goes from thread 0 to thread 1 through a slot that a flag guards. `Wrong` says what
/// is wrong with it.
enum class Wrong : std::uint8_t {
    nothing,
    leak,                ///< thread 1 does not destroy it
    double_free,         ///< thread 1 destroys it by a second right as well
    use_after_transfer,  ///< thread 0 touches it by its alias after handing it over
    use_after_free,      ///< thread 1 touches it by its alias after destroying it
    empty_access,        ///< thread 0 touches it by the right that it has moved away
};

template <Wrong wrong>
struct Transfer {
    using Owned = RelacyPlatform::Owned<int>;

    RelacyPlatform::Atomic<bool> flag;
    RelacyPlatform::Cell<Owned> slot;

    void thread(unsigned index) {
        if (index == 0) {
            give();
        } else {
            while (!flag.load(acquire)) RelacyPlatform::pause();
            take();
        }
    }

 private:
    void give() {
        Owned owned = RelacyPlatform::make<int>(std::source_location::current(), 7);
        const Owned::Alias alias = owned.alias();
        RelacyPlatform::access(owned) += 1;
        std::construct_at(slot.storage(), std::move(owned));
        flag.store(true, release);
        if constexpr (wrong == Wrong::use_after_transfer) RelacyPlatform::access(alias) += 1;
        // NOLINTNEXTLINE(bugprone-use-after-move): this is the bug
        if constexpr (wrong == Wrong::empty_access) RelacyPlatform::access(owned) += 1;
    }
    void take() {
        Owned owned = std::move(slot.value());
        if (RelacyPlatform::access(owned) < 8) fail("an object keeps its value on the way");
        if constexpr (wrong == Wrong::leak) return;
        const Owned::Alias alias = owned.alias();
        RelacyPlatform::destroy(std::move(owned));
        if constexpr (wrong == Wrong::double_free) RelacyPlatform::destroy(Owned::adopt(alias));
        if constexpr (wrong == Wrong::use_after_free) RelacyPlatform::access(alias) += 1;
    }
};

/// Runs a program that needs nothing to be made.
template <class Test>
SimulationResult run(const SimulationOptions& options) {
    return simulate(options, [] { return Test(); });
}

template <class Test>
SimulationResult rerun(const SimulationOptions& options, const Choices& choices) {
    return replay(options, [] { return Test(); }, choices);
}

/// In how many of 60 random simulations with a seed of their own the program fails like this
/// within 1000 runs.
template <class Test>
unsigned seeds_that_find(FailureClass kind) {
    unsigned found = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const SimulationResult result = run<Test>({.seed = seed, .executions_max = 1000});
        if (result.failure.kind == kind) ++found;
    }
    return found;
}

}  // namespace parley::checker::relacy
