#pragma once

#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/protocol/entry.hpp"
#include "parley/checker/rc11/protocol/machine.hpp"
#include "parley/checker/rc11/protocol/platform.hpp"
#include "parley/checker/trace.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <utility>

/// Small programs of two threads whose executions and failures are known.
namespace parley::tests {

using checker::PartyEnd;
using rc11::Machine;
using rc11::Rc11Platform;

inline constexpr auto relaxed_order = std::memory_order_relaxed;
inline constexpr auto acquire_order = std::memory_order_acquire;
inline constexpr auto release_order = std::memory_order_release;

/// What came out of all executions of a program.
struct Explored {
    std::uint64_t executions = 0;  ///< that came to an end, of one kind or the other
    std::uint64_t stuck = 0;       ///< of these: a thread has nothing to do
    std::uint64_t cut = 0;
    std::string property;  ///< of the first failure
    std::string limit;
};

/// What a program does at its end, if it likes.
template <class P>
void end_program(P& program, std::array<PartyEnd, 2> ends, Explored& explored) {
    const auto has = [&](PartyEnd end) { return ends[0] == end || ends[1] == end; };
    if (has(PartyEnd::cut)) {
        ++explored.cut;
        return;
    }
    ++explored.executions;
    if (has(PartyEnd::stuck)) ++explored.stuck;
    if constexpr (requires { program.after(ends); }) program.after(ends);
}

template <class P>
struct Counted : P {
    explicit Counted(Explored& all) : explored(all) {}
    void after(std::array<PartyEnd, 2> ends) {
        end_program(static_cast<P&>(*this), ends, explored);
    }
    Explored& explored;
};

/// All executions of `P`, or those up to the first that fails.
template <class P>
Explored all_executions() {
    Explored explored;
    const auto make = [&explored] { return Counted<P>(explored); };
    rc11::TestOf<decltype(make)> test(make);
    Machine machine(test);
    std::atomic<bool> stop = false;
    rc11::ExploreOptions options;
    options.stop = &stop;
    options.events_max = 200;
    options.on_end = [&](const rc11::Graph&, rc11::Ending) {
        if (!machine.failure()) return;
        explored.property = machine.failure()->property;
        stop = true;
    };
    explored.limit = rc11::explore(machine, options).limit;
    return explored;
}

/// Waits with a script that never changes.
inline void idle() {
    Machine::current().wait({});
}
inline void begin_script() {
    Machine::current().end_step({});
}
[[noreturn]] inline void violate(const std::string& property) {
    Machine::current().fail({property, "", ""});
}

/// A cell is written and a flag raised; the other thread waits for the flag and reads the cell.
template <std::memory_order Publish, std::memory_order Observe>
struct MessagePassing {
    Rc11Platform::Atomic<int> flag;
    Rc11Platform::Cell<int> cell;

    void thread(unsigned index) {
        begin_script();
        if (index == 0) {
            std::construct_at(cell.storage(), 7);
            flag.store(1, Publish);
        } else {
            while (flag.load(Observe) == 0) idle();
            if (cell.value() != 7) violate("value");
        }
    }
};

/// As MessagePassing, with the orders of relaxed accesses made up for by fences.
template <std::memory_order Publish, std::memory_order Observe>
struct FencedMessagePassing {
    Rc11Platform::Atomic<int> flag;
    Rc11Platform::Cell<int> cell;

    void thread(unsigned index) {
        begin_script();
        if (index == 0) {
            std::construct_at(cell.storage(), 7);
            Rc11Platform::fence(Publish);
            flag.store(1, relaxed_order);
        } else {
            while (flag.load(relaxed_order) == 0) idle();
            Rc11Platform::fence(Observe);
            static_cast<void>(cell.value());
        }
    }
};

/// Store buffering: both may read 0 unless all orders are sequentially consistent.
template <std::memory_order Store, std::memory_order Load>
struct StoreBuffering {
    Rc11Platform::Atomic<int> x[2];
    int seen[2] = {};

    void thread(unsigned index) {
        x[index].store(1, Store);
        seen[index] = x[1 - index].load(Load);
    }
    void after(std::array<PartyEnd, 2>) const {
        if (seen[0] == 0 && seen[1] == 0) violate("both zero");
    }
};

enum class Wrong : std::uint8_t {
    nothing,
    double_free,         ///< thread 1 destroys it by a second right as well
    use_after_transfer,  ///< thread 0 touches it by its alias after handing it over
    use_after_free,      ///< thread 1 touches it by its alias after destroying it
    empty_access,        ///< thread 0 touches it by the right that it has moved away
};

/// An object goes from thread 0 to thread 1 through a slot that a flag guards.
template <Wrong wrong>
struct Transfer {
    using Owned = Rc11Platform::Owned<int>;

    Rc11Platform::Atomic<bool> flag;
    Rc11Platform::Cell<Owned> slot;

    void thread(unsigned index) {
        begin_script();
        if (index == 0) {
            give();
        } else {
            while (!flag.load(acquire_order)) idle();
            take();
        }
    }

 private:
    void give() {
        Owned owned = Rc11Platform::make<int>(std::source_location::current(), 7);
        const Owned::Alias alias = owned.alias();
        Rc11Platform::access(owned) += 1;
        std::construct_at(slot.storage(), std::move(owned));
        flag.store(true, release_order);
        if constexpr (wrong == Wrong::use_after_transfer) Rc11Platform::access(alias) += 1;
        // NOLINTNEXTLINE(bugprone-use-after-move): this is the bug
        if constexpr (wrong == Wrong::empty_access) Rc11Platform::access(owned) += 1;
    }
    void take() {
        Owned owned = std::move(slot.value());
        if (Rc11Platform::access(owned) != 8) violate("value");
        const Owned::Alias alias = owned.alias();
        Rc11Platform::destroy(std::move(owned));
        if constexpr (wrong == Wrong::double_free) Rc11Platform::destroy(Owned::adopt(alias));
        if constexpr (wrong == Wrong::use_after_free) Rc11Platform::access(alias) += 1;
    }
};

}  // namespace parley::tests
