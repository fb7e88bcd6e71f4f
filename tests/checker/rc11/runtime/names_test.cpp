#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// What objects are called in a counterexample of compiled code, at each level of optimisation.
namespace parley::tests {

/// With a linkage of its own, or the compiler would keep no more of it than is used.
namespace shown {

struct Slot {
    int key = 0;
    std::atomic<int> value{0};
};

struct Ring {
    std::array<Slot, 4> slots;
    std::array<std::array<int, 3>, 2> grid{};
    struct Ends {
        std::atomic<unsigned> head{0};
        std::atomic<unsigned> tail{0};
    } ends;
    union {
        int number = 0;
        float fraction;
    };
};

Ring ring;

}  // namespace shown

namespace {

using shown::ring;
using shown::Slot;

struct Entry {
    std::atomic<Entry*> next{nullptr};
    int number = 0;
};

class Pile {
 public:
    void push(Entry* entry) {
        entry->next.store(top_.load(relaxed), relaxed);
        entry->number = 7;
        top_.store(entry, relaxed);
        size_.fetch_add(1, relaxed);
    }
    Entry* top() const { return top_.load(relaxed); }
    int size() const { return size_.load(relaxed); }

 private:
    std::atomic<Entry*> top_{nullptr};
    std::atomic<int> size_{0};
};

std::atomic<int> turn{0};

/// The compiler makes several variables of it.
struct {
    std::atomic<int> left{0};
    std::array<int, 2> numbers{};
} torn;

/// The objects of a counterexample, each with its thread, without what comes of starting and ending
/// threads.
std::vector<std::string> objects_in(const Verification& found) {
    std::vector<std::string> objects;
    for (const rc11::Step& step : found.counterexample) {
        if (!step.object.empty()) {
            objects.push_back(std::to_string(step.thread) + " " + step.object);
        }
    }
    return objects;
}

/// Where heap blocks come from is left out: "heap block 1 (...): Entry::next".
std::vector<std::string> blocks_in(const Verification& found) {
    std::vector<std::string> objects = objects_in(found);
    for (std::string& object : objects) {
        const std::size_t begin = object.find('(');
        const std::size_t end = object.find(')');
        if (end != std::string::npos) object.replace(begin, end - begin + 1, "(...)");
    }
    return objects;
}

using Names = std::vector<std::string>;

/// Where nothing says which end of a race comes first.
Names sorted(Names names) {
    std::ranges::sort(names);
    return names;
}

/// Writes from another thread, which this one waits for.
template <class T>
[[gnu::noinline]] void write_elsewhere(std::atomic<T>& object, T value) {
    std::thread([&object, value] { object.store(value, relaxed); }).join();
}

}  // namespace

TEST_CASE("names: local variables that a lambda refers to") {
    const Verification found = rc11::verify([] {
        std::atomic<bool> is_ready{false};
        int letter = 0;
        std::thread writer([&] {
            letter = 42;
            is_ready.store(true, relaxed);
        });
        if (is_ready.load(acquire)) rc11::check(letter == 42, "it is there");
        writer.join();
    });
    check_violated(found, "data race");
    CHECK(objects_in(found) == Names{"1 letter", "1 is_ready", "0 is_ready", "0 letter"});
}

TEST_CASE("names: variables of whoever has the code checked") {
    std::mutex mutex;
    int count = 0;
    std::atomic<int> outside{0};
    const Verification found = rc11::verify([&] {
        std::thread other([&] {
            const std::lock_guard lock(mutex);
            ++count;
        });
        outside.store(1, relaxed);
        ++count;
        other.join();
    });
    check_violated(found, "data race");
    const Names objects = objects_in(found);
    CHECK(std::ranges::count(objects, "0 outside") == 1);
    CHECK(std::ranges::count(objects, "1 mutex") >= 1);
    CHECK(objects.back().ends_with(" count"));
}

TEST_CASE("names: parts of local variables, and what the library keeps to itself") {
    const Verification found = rc11::verify([] {
        Slot slot;
        std::pair<int, std::vector<int>> items{1, {}};
        std::thread writer([&] {
            slot.value.store(1, relaxed);
            items.second.reserve(4);
        });
        if (slot.value.load(relaxed) == 1) items.second.clear();
        writer.join();
    });
    check_violated(found, "data race");
    const Names objects = objects_in(found);
    CHECK(std::ranges::count(objects, "1 slot.value") == 1);
    CHECK(std::ranges::count(objects, "0 slot.value") == 1);
    // The vector's pointers have names that nobody but its authors knows.
    CHECK_THAT(objects.back(), Catch::Matchers::Contains(" items.second"));
    CHECK(objects.back().find("_M_") == std::string::npos);
}

TEST_CASE("names: an element of a local array") {
    const Verification found = rc11::verify([] {
        int payload[3] = {};
        std::atomic<int> inner{0};
        std::thread writer([&] {
            payload[1] = 5;
            inner.store(1, relaxed);
        });
        if (inner.load(relaxed) == 1) rc11::check(payload[1] == 5, "five");
        writer.join();
    });
    check_violated(found, "data race");
    CHECK(objects_in(found) == Names{"1 payload[1]", "1 inner", "0 inner", "0 payload[1]"});
}

namespace {

/// Scopes whose variables could have the same place on the stack, and a temporary before a
/// variable that could have it as well.
[[gnu::noinline]] void visit_scopes() {
    {
        std::atomic<int> first{0};
        write_elsewhere(first, 1);
    }
    {
        std::atomic<int> second{0};
        write_elsewhere(second, 2);
    }
    write_elsewhere<int>(*std::make_unique<std::atomic<int>>(0), 3);
    const auto write_temporary = [](std::atomic<int>&& object) { write_elsewhere(object, 4); };
    write_temporary(std::atomic<int>(0));
    std::atomic<int> last;
    last.store(0, relaxed);
    write_elsewhere(last, 5);
    rc11::check(false, "it comes here");
}

std::string name_of_write(const Verification& found, const std::string& value) {
    const auto step = std::ranges::find(found.counterexample, value, &rc11::Step::value);
    return step == found.counterexample.end() ? "no such step" : step->object;
}

}  // namespace

TEST_CASE("names: a place on the stack never has the name of another scope's variable") {
    const Verification found = rc11::verify(visit_scopes);
    check_violated(found, "it comes here");
    CHECK(name_of_write(found, "1") == "first");
    CHECK(name_of_write(found, "2") == "second");
    // A temporary has no name.
    CHECK_THAT(name_of_write(found, "4"), Catch::Matchers::StartsWith("local "));
    CHECK(name_of_write(found, "5") == "last");
}

namespace {

[[gnu::noinline]] void visit_depths(int depth) {
    std::atomic<int> mark{0};
    write_elsewhere(mark, 10 + depth);
    if (depth > 0) visit_depths(depth - 1);
    // What comes behind keeps the call from being a jump.
    rc11::check(mark.load(relaxed) != 11, "not one");
}

}  // namespace

TEST_CASE("names: each call's variable, and each thread's, when they share a name") {
    const Verification calls = rc11::verify([] { visit_depths(1); });
    check_violated(calls, "not one");
    CHECK(name_of_write(calls, "11") == "mark 1 of thread 0");
    CHECK(name_of_write(calls, "10") == "mark 2 of thread 0");

    const Verification threads = rc11::verify([] {
        const auto work = [](int value) {
            std::atomic<int> own{0};
            write_elsewhere(own, value);
        };
        std::thread other(work, 21);
        other.join();
        work(20);
        rc11::check(false, "it comes here");
    });
    check_violated(threads, "it comes here");
    CHECK(name_of_write(threads, "20") == "own of thread 0");
    CHECK(name_of_write(threads, "21") == "own of thread 1");
}

namespace {

[[gnu::noinline]] int exchange_in(int& object, int value) {
    return std::atomic_ref(object).exchange(value, relaxed);
}

/// Nothing but the exchanges says that the function is there.
[[gnu::noinline]] void count_alone() {
    int count;
    exchange_in(count, 1);
    rc11::check(exchange_in(count, 2) != 1, "not one");
}

}  // namespace

TEST_CASE("names: a variable that only its own function touches") {
    const Verification found = rc11::verify(count_alone);
    check_violated(found, "not one");
    CHECK(objects_in(found) == Names{"0 count", "0 count"});
}

TEST_CASE("names: parts of static variables") {
    const Verification found = rc11::verify([] {
        std::thread writer([] {
            ring.slots[3].value.store(1, relaxed);
            ring.ends.tail.store(2, relaxed);
            ring.grid[1][2] = 4;
            ring.ends.head.store(1, relaxed);
        });
        if (ring.ends.head.load(relaxed) == 1) {
            rc11::check(ring.grid[1][2] == 4, "it is there");
        }
        writer.join();
    });
    check_violated(found, "data race");
    const std::string name = "parley::tests::shown::ring";
    CHECK(objects_in(found) == Names{"1 " + name + ".slots[3].value", "1 " + name + ".ends.tail",
                                     "1 " + name + ".grid[1][2]", "1 " + name + ".ends.head",
                                     "0 " + name + ".ends.head", "0 " + name + ".grid[1][2]"});
}

TEST_CASE("names: what the compiler has made of a static variable") {
    const Verification found = rc11::verify([] {
        std::thread writer([] {
            torn.numbers[1] = 4;
            torn.left.store(1, relaxed);
        });
        if (torn.left.load(relaxed) == 1) rc11::check(torn.numbers[1] == 4, "it is there");
        writer.join();
    });
    check_violated(found, "data race");
    const std::string name = "parley::tests::(anonymous namespace)::torn";
    CHECK(objects_in(found) == Names{"1 " + name + ".numbers[1]", "1 " + name + ".left",
                                     "0 " + name + ".left", "0 " + name + ".numbers[1]"});
}

TEST_CASE("names: of a union it is not said which member it is") {
    const Verification found = rc11::verify([] {
        std::thread writer([] { ring.number = 1; });
        rc11::check(ring.number == 0, "nothing");
        writer.join();
    });
    check_violated(found, "data race");
    for (const std::string& object : objects_in(found)) {
        CHECK_THAT(object, Catch::Matchers::Contains("parley::tests::shown::ring + 64"));
    }
}

TEST_CASE("names: members of objects on the heap") {
    const Verification found = rc11::verify([] {
        const auto pile = std::make_unique<Pile>();
        auto* const entry = new Entry;
        std::thread writer([&] { pile->push(entry); });
        if (Entry* const top = pile->top()) rc11::check(top->number == 7, "it is there");
        writer.join();
        delete entry;
    });
    check_violated(found, "data race");
    CHECK(blocks_in(found) ==
          Names{"1 heap block 1 (...): Pile::top_", "1 heap block 2 (...): Entry::next",
                "1 heap block 2 (...): Entry::number", "1 heap block 1 (...): Pile::top_",
                "0 heap block 1 (...): Pile::top_", "0 heap block 2 (...): Entry::number"});
}

TEST_CASE("names: elements of containers, and an object that a block is shared with") {
    const Verification elements = rc11::verify([] {
        std::vector<Slot> slots(4);
        std::thread writer([&] {
            slots[3].value.store(1, relaxed);
            slots[2].key = 4;
        });
        if (slots[3].value.load(relaxed) == 1) rc11::check(slots[2].key == 0, "x");
        writer.join();
    });
    check_violated(elements, "data race");
    CHECK(blocks_in(elements).front() == "1 heap block 1 (...): Slot[3].value");
    // Not the library, which asks for it, but who called that.
    CHECK_THAT(objects_in(elements).front(), Catch::Matchers::Contains("names_test.cpp:"));
    CHECK(blocks_in(elements).back() == "0 heap block 1 (...): Slot[2].key");

    const Verification numbers = rc11::verify([] {
        std::vector<int> data(4);
        std::thread writer([&] { data[2] = 1; });
        data[2] = 3;
        writer.join();
    });
    check_violated(numbers, "data race");
    CHECK(sorted(blocks_in(numbers)) ==
          Names{"0 heap block 1 (...): int[2]", "1 heap block 1 (...): int[2]"});
}

TEST_CASE("names: where nothing says what is on the heap, only where it is") {
    const Verification found = rc11::verify([] {
        auto* const numbers = static_cast<int*>(std::malloc(4 * sizeof(int)));
        std::thread writer([=] { numbers[3] = 1; });
        numbers[3] = 2;
        writer.join();
        std::free(numbers);
    });
    check_violated(found, "data race");
    CHECK(sorted(blocks_in(found)) ==
          Names{"0 heap block 1 (...) + 12", "1 heap block 1 (...) + 12"});
}

namespace {

[[gnu::noinline]] void lend_for_too_long(std::thread& reader) {
    std::atomic<int> gone{0};
    reader = std::thread([&gone] { turn.store(gone.load(relaxed), relaxed); });
    write_elsewhere(gone, 1);
}

}  // namespace

TEST_CASE("names: a variable of a function that has returned") {
    const Verification found = rc11::verify([] {
        std::thread reader;
        lend_for_too_long(reader);
        reader.join();
    });
    check_violated(found, "");
    CHECK(name_of_write(found, "1") == "gone");
}

}  // namespace parley::tests
