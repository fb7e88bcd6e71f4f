#include "parley/checker/rc11/merging.hpp"
#include "parley/checker/rc11/state_tallies.hpp"
#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/tests/checker/rc11/protocol/programs.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// What a state of two threads has to know of their past. In each program here thread 0 does one of
/// two things, of which the first can do no harm, and then forgets which: where the two were taken
/// for one state, the harm that the second can do would not be found.
namespace parley::tests {

namespace {

constexpr auto sequential_order = std::memory_order_seq_cst;

std::array<PartyEnd, 2> last_ends;

/// `P` says all that decides how it goes on: it remembers nothing.
template <class P>
struct Forgetful : P {
    void write_script(unsigned /*index*/, rc11::StateBytes& /*to*/) {}
    void write_shared(rc11::StateBytes& /*to*/) {}
    void after(std::array<PartyEnd, 2> ends) { last_ends = ends; }
};

struct Merged {
    rc11::MergeResult result;
    std::string property;  ///< of the first failure
};

template <class P>
Merged merge() {
    const auto make = [] { return Forgetful<P>(); };
    rc11::TestOf<decltype(make)> test(make);
    Machine machine(test);
    machine.keep_states();
    Merged merged;
    rc11::MergeOptions options;
    options.events_max = 200;
    options.write_state = [&](rc11::StateBytes& to) { return machine.write_state(to); };
    options.on_end = [](const rc11::Graph&) {
        return last_ends[0] != PartyEnd::cut && last_ends[1] != PartyEnd::cut;
    };
    options.must_stop = [&] {
        if (machine.failure()) merged.property = machine.failure()->property;
        return machine.failure().has_value();
    };
    merged.result = rc11::explore_merging(machine, options);
    return merged;
}

/// Thread 0 does `first` or `second` and comes to a place where states are compared.
template <class Shared>
struct Story : Shared {
    Rc11Platform::Atomic<int> elsewhere;

    void thread(unsigned index) {
        begin_script();
        if (index == 1) {
            this->follow();
            elsewhere.store(1, relaxed_order);
            return;
        }
        Machine::current().choose(2) == 0 ? this->first() : this->second();
        begin_script();
        static_cast<void>(elsewhere.load(relaxed_order));
    }
};

struct Shared {
    Rc11Platform::Atomic<int> a;
    Rc11Platform::Atomic<int> b;
    Rc11Platform::Cell<int> cell;
};

/// The cell is touched before or after the flag is raised.
struct TouchesLate : Shared {
    void first() {
        static_cast<void>(cell.storage());
        a.store(1, release_order);
    }
    void second() {
        a.store(1, release_order);
        static_cast<void>(cell.storage());
    }
    void follow() {
        if (a.load(acquire_order) == 1) static_cast<void>(cell.storage());
    }
};

/// The same, and whoever has seen the flag forgets that, too, before it touches the cell.
struct TouchesLateUnseen : TouchesLate {
    void first() {
        TouchesLate::first();
        b.store(1, relaxed_order);
    }
    void second() {
        TouchesLate::second();
        b.store(1, relaxed_order);
    }
    void follow() {
        if (a.load(acquire_order) == 0) return;
        begin_script();
        static_cast<void>(b.load(relaxed_order));
        static_cast<void>(cell.storage());
    }
};

/// The flag orders what comes before it, or does not.
struct RaisesRelaxed : Shared {
    void first() {
        static_cast<void>(cell.storage());
        a.store(1, release_order);
    }
    void second() {
        static_cast<void>(cell.storage());
        a.store(1, relaxed_order);
    }
    void follow() {
        if (a.load(acquire_order) == 1) static_cast<void>(cell.storage());
    }
};

struct StoresAnother : Shared {
    void first() { a.store(1, release_order); }
    void second() { a.store(2, release_order); }
    void follow() {
        if (a.load(acquire_order) == 2) violate("harm");
    }
};

/// Whoever sees the flag that was raised last knows of the other one.
struct RaisesInAnotherOrder : Shared {
    void first() {
        b.store(1, release_order);
        a.store(1, release_order);
    }
    void second() {
        a.store(1, release_order);
        b.store(1, release_order);
    }
    void follow() {
        if (a.load(acquire_order) == 1 && b.load(acquire_order) == 0) violate("harm");
    }
};

/// The newest value is the same, and so is the thread that has stored it.
struct StoredAnotherBefore : Shared {
    void first() { a.store(1, release_order); }
    void second() {
        a.store(2, release_order);
        a.store(1, release_order);
    }
    void follow() {
        if (a.load(acquire_order) == 2) violate("harm");
    }
};

/// What a thread has read it may not go back behind. (Here the harm is in the older value, which is
/// read last.)
struct ReadsNewOrOld {
    Rc11Platform::Atomic<int> a;
    Rc11Platform::Atomic<int> has_stored;
    Rc11Platform::Atomic<int> elsewhere;

    void thread(unsigned index) {
        begin_script();
        if (index == 1) {
            a.store(1, relaxed_order);
            has_stored.store(1, relaxed_order);
            elsewhere.store(1, relaxed_order);
            return;
        }
        if (has_stored.load(relaxed_order) == 0) return;
        static_cast<void>(a.load(relaxed_order));
        begin_script();
        static_cast<void>(elsewhere.load(relaxed_order));
        if (a.load(relaxed_order) == 0) violate("harm");
    }
};

/// Thread 1 chooses two times what to do and does nothing. If it has read the older value first, it
/// comes to the same when it begins later, and is cut; the two values are the same.
struct FindsTheSameTwice {
    Rc11Platform::Atomic<int> a;
    Rc11Platform::Atomic<int> first;
    Rc11Platform::Atomic<int> second;

    void thread(unsigned index) {
        begin_script();
        if (index == 0) {
            a.store(0, relaxed_order);
            if (first.load(relaxed_order) == 0) return;
            begin_script();
            static_cast<void>(second.load(relaxed_order));
            return;
        }
        first.store(1, relaxed_order);
        second.store(1, relaxed_order);
        begin_script();
        while (true) {
            static_cast<void>(Machine::current().choose(2));
            static_cast<void>(a.load(relaxed_order));
            idle();
        }
    }
};

struct Updates {
    Rc11Platform::Atomic<int> a;

    void thread(unsigned /*index*/) {
        begin_script();
        a.fetch_add(1, relaxed_order);
    }
};
struct StoresOfBoth {
    Rc11Platform::Atomic<int> a;

    void thread(unsigned index) {
        begin_script();
        a.store(static_cast<int>(index) + 1, relaxed_order);
    }
};
struct StoresInOneOrder {
    Rc11Platform::Atomic<int> x[2];

    void thread(unsigned index) {
        begin_script();
        x[index].store(1, sequential_order);
    }
};
struct LoadsInOneOrder {
    Rc11Platform::Atomic<int> x;

    void thread(unsigned index) {
        begin_script();
        if (index == 0) static_cast<void>(x.load(sequential_order));
    }
};
struct Fences {
    void thread(unsigned /*index*/) {
        begin_script();
        Rc11Platform::fence(acquire_order);
    }
};

std::vector<std::byte> bytes_of(const std::string& text) {
    const auto* const first = reinterpret_cast<const std::byte*>(text.data());
    return {first, first + text.size()};
}

}  // namespace

TEMPLATE_TEST_CASE("rc11 merging: a race is in the state that leads to it", "", TouchesLate,
                   TouchesLateUnseen, RaisesRelaxed) {
    CHECK(merge<Story<TestType>>().property == "data race");
}

TEMPLATE_TEST_CASE("rc11 merging: what a thread may read is in the state", "", StoresAnother,
                   RaisesInAnotherOrder, StoredAnotherBefore) {
    CHECK(merge<Story<TestType>>().property == "harm");
}

TEST_CASE("rc11 merging: what a thread has read is in the state") {
    CHECK(merge<ReadsNewOrOld>().property == "harm");
}

TEST_CASE("rc11 merging: whether a thread waits for what has come is in the state") {
    const rc11::Tally merged = merge<FindsTheSameTwice>().result.found;
    const Explored one_by_one = all_executions<FindsTheSameTwice>();
    CHECK(merged.complete == one_by_one.executions);
    CHECK(one_by_one.executions > 0);
}

TEMPLATE_TEST_CASE("rc11 merging: what would need more than its states is refused", "", Updates,
                   StoresOfBoth, StoresInOneOrder, LoadsInOneOrder, Fences) {
    CHECK(merge<TestType>().result.is_refused);
}

TEST_CASE("rc11 merging: a queue whose ends say what they remember is known by it") {
    using Queue = parley::model::SpscQueue<int>;
    struct RemembersMore : Queue {
        using Queue::Queue;
        int more = 0;
    };
    STATIC_REQUIRE(rc11::SaysWhatItRemembers<Queue>);
    STATIC_REQUIRE_FALSE(rc11::SaysWhatItRemembers<RemembersMore>);
    STATIC_REQUIRE_FALSE(rc11::SaysWhatItRemembers<rc11::Channel<int>>);
    Queue queue(1);
    std::set<rc11::StateBytes> producers;
    std::set<rc11::StateBytes> consumers;
    const auto note = [&] {
        rc11::StateBytes producer;
        rc11::StateBytes consumer;
        checker::StateWriter to_producer(producer, {});
        checker::StateWriter to_consumer(consumer, {});
        rc11::KnownMemory::write_producer(queue, to_producer);
        rc11::KnownMemory::write_consumer(queue, to_consumer);
        producers.insert(producer);
        consumers.insert(consumer);
        return std::pair{producers.size(), consumers.size()};
    };
    CHECK(note() == std::pair<std::size_t, std::size_t>{1, 1});
    REQUIRE(queue.try_push(7));
    CHECK(note() == std::pair<std::size_t, std::size_t>{2, 1});
    REQUIRE(queue.front() != nullptr);
    CHECK(note() == std::pair<std::size_t, std::size_t>{2, 2});
    queue.pop();
    CHECK(note() == std::pair<std::size_t, std::size_t>{2, 3});
    REQUIRE_FALSE(queue.full());
    CHECK(note() == std::pair<std::size_t, std::size_t>{3, 3});
}

TEST_CASE("state tallies: a state is known by all of its bytes and their number") {
    rc11::StateTallies states;
    CHECK(states.size() == 0);
    std::uint32_t count = 0;
    for (std::size_t size = 0; size < 40; ++size) {
        const std::string zeros(size, '\0');
        CHECK(states.find(bytes_of(zeros)).is_new);
        ++count;
        for (std::size_t at = 0; at < size; ++at) {
            std::string other = zeros;
            other[at] = '\1';
            const auto found = states.find(bytes_of(other));
            CHECK(found.is_new);
            CHECK(found.id == count++);
            CHECK_FALSE(states.find(bytes_of(other)).is_new);
            CHECK(states.find(bytes_of(other)).id == found.id);
        }
    }
    CHECK(states.size() == count);
}

TEST_CASE(
    "state tallies: what follows is known when it has been set, and states beyond the most are "
    "new") {
    rc11::StateTallies states(2);
    const auto first = states.find(bytes_of("first"));
    REQUIRE(first.id);
    CHECK(states.tally(*first.id) == nullptr);
    states.set(*first.id, {3, 4});
    CHECK(states.find(bytes_of("second")).is_new);
    CHECK_FALSE(states.find(bytes_of("third")).id);
    CHECK_FALSE(states.find(bytes_of("third")).is_new);
    REQUIRE(states.find(bytes_of("first")).id == first.id);
    CHECK(states.tally(*first.id)->complete == 3);
    CHECK(states.tally(*first.id)->blocked == 4);
    CHECK(states.size() == 2);
}

TEST_CASE("state tallies: sums stay at the highest number that there is") {
    rc11::Tally tally{UINT64_MAX - 1, 5};
    tally.add({2, 6});
    CHECK(tally.complete == UINT64_MAX);
    CHECK(tally.blocked == 11);
    CHECK(tally.sum() == UINT64_MAX);
    CHECK(rc11::Tally{3, 4}.sum() == 7);
}

}  // namespace parley::tests
