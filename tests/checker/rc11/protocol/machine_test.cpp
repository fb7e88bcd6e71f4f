#include "parley/tests/checker/rc11/protocol/programs.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <set>
#include <stdexcept>
#include <vector>

namespace parley::tests {

namespace {

constexpr auto seq_cst_order = std::memory_order_seq_cst;

/// Each thread waits for the other one's flag before it raises its own.
struct WaitForEachOther {
    Rc11Platform::Atomic<int> flag[2];

    void thread(unsigned index) {
        begin_script();
        while (flag[1 - index].load(acquire_order) == 0) idle();
        flag[index].store(1, release_order);
    }
    void after(std::array<PartyEnd, 2> ends) const {
        if (ends[0] == PartyEnd::stuck && ends[1] == PartyEnd::stuck) violate("deadlock");
    }
};

/// Thread 1 waits for a flag that is raised and lowered again.
struct Pulse {
    Rc11Platform::Atomic<int> flag;

    void thread(unsigned index) {
        begin_script();
        if (index == 0) {
            flag.store(1, release_order);
            flag.store(0, release_order);
        } else {
            while (flag.load(acquire_order) == 0) idle();
        }
    }
};

/// Thread 1 waits for a flag, and looks at what is behind it whether or not it is raised.
struct LooksTooEarly {
    Rc11Platform::Atomic<int> flag;
    Rc11Platform::Cell<int> cell;

    void thread(unsigned index) {
        begin_script();
        if (index == 0) {
            while (flag.load(acquire_order) == 0) {
                static_cast<void>(cell.value());
                idle();
            }
        } else {
            std::construct_at(cell.storage(), 7);
            flag.store(1, release_order);
        }
    }
};

/// Three numbers below 3, 2 and 2.
struct Chooser {
    static inline std::multiset<std::uint32_t> seen;

    void thread(unsigned index) {
        if (index == 1) return;
        const std::uint32_t a = Machine::current().choose(3);
        const std::uint32_t b = Machine::current().choose(2);
        const std::uint32_t c = Machine::current().choose(2);
        seen.insert(100 * a + 10 * b + c);
    }
};

/// Thread 1 chooses what to do in each round of its loop; only option 2 ever leads out.
template <std::uint32_t way_out>
struct ChoosesToLeave {
    Rc11Platform::Atomic<int> flag;

    void thread(unsigned index) {
        begin_script();
        if (index == 0) {
            flag.store(1, release_order);
        } else {
            while (flag.load(acquire_order) == 0 || Machine::current().choose(3) != way_out) idle();
            Machine::current().end_step({});
        }
    }
    void after(std::array<PartyEnd, 2> ends) const {
        if (ends[1] == PartyEnd::stuck) violate("deadlock");
    }
};

struct Throws {
    void thread(unsigned index) {
        if (index == 1) throw std::runtime_error("thrown by thread 1");
    }
};

/// Counts the times that it has found nothing.
struct CountsIdleRounds {
    Rc11Platform::Atomic<int> flag;

    void thread(unsigned index) {
        begin_script();
        if (index == 0) return;
        int rounds = 0;
        while (flag.load(acquire_order) == 0) {
            if (++rounds == 3) violate("three rounds");
            Machine::current().wait(std::as_bytes(std::span{&rounds, 1}));
        }
    }
};

/// Changes an object that it owns in each idle round, and nothing else.
struct CountsInObject {
    Rc11Platform::Atomic<int> flag;

    void thread(unsigned index) {
        begin_script();
        if (index == 0) return;
        const auto owned = Rc11Platform::make<int>(std::source_location::current(), 0);
        begin_script();
        while (flag.load(acquire_order) == 0) {
            if (++Rc11Platform::access(owned) == 3) violate("three rounds");
            idle();
        }
    }
};

}  // namespace

TEST_CASE("rc11 machine: message passing needs both orders, as accesses and as fences") {
    const Explored correct = all_executions<MessagePassing<release_order, acquire_order>>();
    CHECK(correct.property == "");
    CHECK(correct.executions == 1);
    CHECK(correct.cut == 0);
    CHECK(all_executions<MessagePassing<relaxed_order, acquire_order>>().property == "data race");
    CHECK(all_executions<MessagePassing<release_order, relaxed_order>>().property == "data race");
    CHECK(all_executions<FencedMessagePassing<release_order, acquire_order>>().property == "");
    CHECK(all_executions<FencedMessagePassing<acquire_order, acquire_order>>().property ==
          "data race");
    CHECK(all_executions<FencedMessagePassing<release_order, release_order>>().property ==
          "data race");
}

TEST_CASE("rc11 machine: store buffering is seen but where all is sequentially consistent") {
    CHECK(all_executions<StoreBuffering<release_order, acquire_order>>().property == "both zero");
    CHECK(all_executions<StoreBuffering<seq_cst_order, acquire_order>>().property == "both zero");
    const Explored ordered = all_executions<StoreBuffering<seq_cst_order, seq_cst_order>>();
    CHECK(ordered.property == "");
    CHECK(ordered.executions == 3);
}

TEST_CASE("rc11 machine: an object is used by its owner while it lives") {
    const Explored correct = all_executions<Transfer<Wrong::nothing>>();
    CHECK(correct.property == "");
    CHECK(correct.executions == 1);
    CHECK(all_executions<Transfer<Wrong::double_free>>().property == "double free");
    CHECK(all_executions<Transfer<Wrong::use_after_transfer>>().property == "data race");
    CHECK(all_executions<Transfer<Wrong::use_after_free>>().property == "use after free");
    CHECK(all_executions<Transfer<Wrong::empty_access>>().property == "ownership");
}

TEST_CASE("rc11 machine: threads that wait for each other are stuck") {
    const Explored explored = all_executions<WaitForEachOther>();
    CHECK(explored.property == "deadlock");
    CHECK(explored.stuck == 1);
}

TEST_CASE(
    "rc11 machine: who misses a pulse is stuck, who sees it goes on, who is late is left out") {
    const Explored explored = all_executions<Pulse>();
    CHECK(explored.executions == 2);
    CHECK(explored.stuck == 1);
    CHECK(explored.cut == 0);
}

TEST_CASE("rc11 machine: a race of a party that then waits is found") {
    CHECK(all_executions<LooksTooEarly>().property == "data race");
}

TEST_CASE("rc11 machine: every combination of choices comes once") {
    Chooser::seen.clear();
    CHECK(all_executions<Chooser>().executions == 12);
    CHECK(Chooser::seen ==
          std::multiset<std::uint32_t>{0, 1, 10, 11, 100, 101, 110, 111, 200, 201, 210, 211});
}

TEST_CASE("rc11 machine: a party that may choose otherwise is not stuck") {
    const Explored can_leave = all_executions<ChoosesToLeave<2>>();
    CHECK(can_leave.property == "");
    CHECK(can_leave.executions == 1);
    CHECK(all_executions<ChoosesToLeave<3>>().property == "deadlock");
}

TEST_CASE("rc11 machine: an exception that leaves a thread is a failure") {
    CHECK(all_executions<Throws>().property == "exception");
}

TEST_CASE("rc11 machine: a round that changes the script or an object is not idle") {
    CHECK(all_executions<CountsIdleRounds>().property == "three rounds");
    CHECK(all_executions<CountsInObject>().property == "three rounds");
}

}  // namespace parley::tests
