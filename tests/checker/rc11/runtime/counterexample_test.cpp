#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <algorithm>
#include <cassert>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

/// What is shown of an execution of compiled code that violates something.
namespace parley::tests {

// With a linkage of its own the compiler would make less than an int of it.
int shared_payload = 0;

namespace {

using rc11::Step;

std::atomic<int> flag{0};
std::mutex first_mutex;
std::mutex second_mutex;

std::string here(int line) {
    return "counterexample_test.cpp:" + std::to_string(line);
}

/// The steps but for how threads start and end, each as "1 store release flag = 1".
std::vector<std::string> told(const Verification& verification) {
    std::vector<std::string> steps;
    for (const Step& step : verification.counterexample) {
        if (step.what.find("s thread") != std::string::npos) continue;
        std::string text = std::to_string(step.thread) + " " + step.what;
        if (!step.object.empty()) text += " " + step.object;
        if (!step.value.empty()) text += " = " + step.value;
        steps.push_back(text);
    }
    return steps;
}

void check_place(const Step& step, int line) {
    CHECK_THAT(step.place, Catch::Matchers::EndsWith(here(line)));
}

}  // namespace

TEST_CASE("counterexample: of a race both ends, with what did not order them") {
    constexpr int send = __LINE__ + 3;
    const Verification found = verify([] {
        std::thread sender([] {
            shared_payload = 42;
            flag.store(1, std::memory_order_relaxed);
        });
        const bool is_sent = flag.load(std::memory_order_acquire) == 1;
        if (is_sent) rc11::check(shared_payload == 42, "it is there");
        sender.join();
    });
    check_violated(found, "data race: plain write by thread 1 and plain read by thread 0");
    CHECK(told(found) ==
          std::vector<std::string>{"1 plain write of 4 bytes parley::tests::shared_payload",
                                   "1 store relaxed parley::tests::(anonymous namespace)::flag = 1",
                                   "0 load acquire parley::tests::(anonymous namespace)::flag = 1",
                                   "0 plain read of 4 bytes parley::tests::shared_payload"});
    const auto& steps = found.counterexample;
    REQUIRE(steps.size() == 5);
    CHECK(steps[0].what == "starts thread 1");
    check_place(steps[1], send);
    check_place(steps[2], send + 1);
    check_place(steps[3], send + 3);
    check_place(steps[4], send + 4);
    CHECK_THAT(text_of(found), Catch::Matchers::StartsWith(
                                   "violated: data race: plain write by thread 1 and plain read by "
                                   "thread 0\n1 complete execution, 1 blocked\n"
                                   "  thread 0  starts thread 1         "));
}

TEST_CASE("counterexample: a read of an older write says which newer one there was") {
    struct Shared {
        std::atomic<int> x{0};
        std::atomic<int> y{0};
        int left = 0;
        int right = 0;
    };
    constexpr int store = __LINE__ + 5;
    const Verification found = verify([] {
        const auto owner = std::make_unique<Shared>();
        Shared& shared = *owner;
        std::thread first([&shared] {
            shared.x.store(1, relaxed);
            shared.left = shared.y.load(relaxed);
        });
        std::thread second([&shared] {
            shared.y.store(1, relaxed);
            shared.right = shared.x.load(relaxed);
        });
        first.join();
        second.join();
        rc11::check(shared.left == 1 || shared.right == 1, "one sees the other");
    });
    check_violated(found, "one sees the other");
    // Whichever read comes second in this order is the one that is too old.
    std::vector<std::string> notes;
    for (const Step& step : found.counterexample) {
        if (!step.note.empty()) notes.push_back(step.note);
    }
    REQUIRE(notes.size() == 1);
    CHECK_THAT(notes[0], Catch::Matchers::StartsWith("not 1 of ") &&
                             Catch::Matchers::EndsWith(", which nothing orders before this"));
    CHECK((notes[0].find(here(store)) != std::string::npos ||
           notes[0].find(here(store + 4)) != std::string::npos));
    CHECK(found.counterexample.back().what == "fails");
    check_place(found.counterexample.back(), store + 9);
}

TEST_CASE("counterexample: each read comes after the write that it has read") {
    const Verification found = verify([] {
        flag.store(0, relaxed);
        std::thread first([] { flag.fetch_add(1, relaxed); });
        std::thread second([] { flag.fetch_add(1, relaxed); });
        std::thread third([] { rc11::check(flag.load(relaxed) != 2, "never two"); });
        first.join();
        second.join();
        third.join();
    });
    check_violated(found, "never two");
    const auto steps = told(found);
    const auto at = [&](const std::string& end) {
        const auto step = std::ranges::find_if(
            steps, [&](const std::string& each) { return each.ends_with(end); });
        REQUIRE(step != steps.end());
        return step - steps.begin();
    };
    CHECK(at("flag = 0") < at("flag = 0 -> 1"));
    CHECK(at("flag = 0 -> 1") < at("flag = 1 -> 2"));
    CHECK(at("flag = 1 -> 2") < at("flag = 2"));
    CHECK(at("flag = 2") < at("fails"));
}

TEST_CASE("counterexample: of a deadlock who holds what") {
    const Verification found = verify([] {
        std::thread other([] {
            const std::lock_guard first(first_mutex);
            const std::lock_guard second(second_mutex);
        });
        {
            const std::lock_guard second(second_mutex);
            const std::lock_guard first(first_mutex);
        }
        other.join();
    });
    check_violated(found, "deadlock");
    const auto steps = told(found);
    const std::string scope = " parley::tests::(anonymous namespace)::";
    for (const std::string& step : std::vector<std::string>{
             "1 lock: compare_exchange acquire" + scope + "first_mutex = 0 -> 1",
             "0 lock: compare_exchange acquire" + scope + "second_mutex = 0 -> 1",
             "1 lock: compare_exchange fails relaxed" + scope + "second_mutex = 1",
             "0 lock: compare_exchange fails relaxed" + scope + "first_mutex = 1"}) {
        CAPTURE(step);
        CHECK(std::ranges::count(steps, step) == 1);
    }
    CHECK(steps.size() == 4);
}

TEST_CASE("counterexample: a use after free shows where it was freed") {
    constexpr int release_line = __LINE__ + 4;
    const Verification found = verify([] {
        auto* const number = new int(3);
        std::thread owner([number] {
            delete number;
            flag.fetch_add(1, release);
        });
        if (flag.load(acquire) == 1) *number = 4;
        owner.join();
    });
    check_violated(found, "use after free, by thread 0");
    const auto steps = told(found);
    REQUIRE(steps.size() == 4);
    // As large as it is, and where it was made.
    const std::string block = "heap block 1 (4 bytes of ";
    CHECK_THAT(steps[0], Catch::Matchers::StartsWith("1 frees " + block) &&
                             Catch::Matchers::EndsWith(here(release_line - 2) + ")"));
    CHECK_THAT(steps[3], Catch::Matchers::StartsWith("0 plain write of 4 bytes " + block));
    check_place(found.counterexample[1], release_line);
    check_place(found.counterexample[4], release_line + 3);
}

TEST_CASE("counterexample: a leak shows what is still there, and where it was made") {
    constexpr int make = __LINE__ + 3;
    const Verification found = verify([] {
        std::thread other([] {
            int* volatile forgotten = new int(1);
            static_cast<void>(forgotten);
        });
        other.join();
    });
    check_violated(found, "memory leak: 4 bytes of thread 1");
    REQUIRE_FALSE(found.counterexample.empty());
    const Step& last = found.counterexample.back();
    CHECK(last.thread == 1);
    CHECK(last.what == "never frees");
    CHECK_THAT(last.object, Catch::Matchers::Contains("(4 bytes of ") &&
                                Catch::Matchers::EndsWith(here(make) + ")"));
    check_place(last, make);
}

TEST_CASE("counterexample: it ends with what the program does, and says what was thrown") {
    const Verification thrown =
        verify([] { throw std::runtime_error(std::string(40, 'x') + " went wrong"); });
    check_violated(thrown, "an exception leaves a thread: " + std::string(40, 'x') + " went wrong");
    const Verification aborted = verify([] {
        std::thread other([] { flag.store(1, std::memory_order_relaxed); });
        const bool is_early = flag.load(std::memory_order_relaxed) == 0;
        assert(!is_early);
        other.join();
    });
    REQUIRE_FALSE(aborted.counterexample.empty());
    CHECK(aborted.counterexample.back().what != "frees");
}

TEST_CASE("counterexample: none where nothing is violated") {
    const Verification fine = verify([] {
        std::thread other([] { flag.store(1, relaxed); });
        flag.load(relaxed);
        other.join();
    });
    check_verified(fine, 2);
    CHECK(fine.counterexample.empty());
    CHECK(text_of(fine) == "verified\n2 complete executions, 0 blocked\n");
}

}  // namespace parley::tests
