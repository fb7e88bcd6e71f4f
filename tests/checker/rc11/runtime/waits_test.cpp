#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

/// Threads that wait: which of their executions are left out, and that nothing is missed by it.
namespace parley::tests {

namespace {

struct Letter {
    std::atomic<int> flag{0};
    int text = 0;
};

/// Waits for a letter, and looks at its text before it is known to be there, or after.
Verification wait_for_letter(bool looks_too_early) {
    return verify([=] {
        const auto letter = std::make_unique<Letter>();
        std::thread other([&letter = *letter] {
            letter.text = 1;
            letter.flag.store(1, release);
        });
        const bool looks = looks_too_early;
        const bool is_there = letter->flag.load(acquire) == 1;
        if (!is_there && looks) rc11::check(letter->text < 2, "a letter");
        rc11::assume(is_there);
        rc11::check(letter->text == 1, "it is there");
        other.join();
    });
}

/// Waits for a number that another thread counts up to, and maybe past.
Verification wait_for_number(int number, bool hints) {
    return verify([=] {
        const auto count = std::make_unique<std::atomic<int>>(0);
        std::thread other([&count = *count] {
            for (int i = 1; i <= 3; ++i) count.store(i, release);
        });
        const int wanted = number;
        const bool assumes = !hints;
        while (true) {
            const bool is_reached = count->load(acquire) == wanted;
            if (assumes) rc11::assume(is_reached);
            if (is_reached) break;
            std::this_thread::yield();
        }
        other.join();
    });
}

}  // namespace

TEST_CASE("waits: an execution in which a thread waits with what is old is left out") {
    const Verification good = wait_for_letter(false);
    CHECK(good.result == Result::verified);
    CHECK(good.executions == 1);
    CHECK(good.blocked == 0);
    const Verification last = wait_for_number(3, false);
    CHECK(last.executions == 1);
    CHECK(last.blocked == 0);
}

TEST_CASE("waits: what a thread touches on its way to wait may race only there") {
    check_violated(wait_for_letter(true), "data race");
}

TEST_CASE("waits: what a thread frees on its way to wait may be used by others only then") {
    check_violated(verify([] {
                       std::atomic<int>& flag = *new std::atomic<int>(0);
                       const auto* const numbers = new std::array<int, 4>{};
                       std::thread other([&flag, numbers] {
                           flag.store(1, relaxed);
                           rc11::check((*numbers)[0] == 0, "a number");
                       });
                       const bool is_set = flag.load(relaxed) == 1;
                       if (!is_set) delete numbers;
                       rc11::assume(is_set);
                       other.join();
                       delete numbers;
                       delete &flag;
                   }),
                   "use after free");
}

TEST_CASE("waits: who misses what it waits for waits for ever") {
    check_violated(wait_for_number(2, true), "deadlock");
    CHECK(wait_for_number(3, true).result == Result::verified);
    const Verification missed = wait_for_number(2, false);
    CHECK(missed.executions == 1);
    CHECK(missed.blocked == 1);
}

TEST_CASE("waits: of those who want a lock, each order is one execution") {
    const auto count = [](int threads) {
        return verify([=] {
            std::mutex mutex;
            int sum = 0;
            const auto add = [&] {
                const std::lock_guard lock(mutex);
                ++sum;
            };
            std::vector<std::thread> others;
            for (int i = 1; i < threads; ++i) others.emplace_back(add);
            add();
            for (std::thread& other : others) other.join();
            rc11::check(sum == threads, "all are counted");
        });
    };
    // Left are those in which one has got the lock by a revisit from another, which then waits.
    const auto check_counts = [&](int threads, std::uint64_t executions, std::uint64_t blocked) {
        const Verification verification = count(threads);
        CHECK(verification.result == Result::verified);
        CHECK(verification.executions == executions);
        CHECK(verification.blocked == blocked);
    };
    check_counts(2, 2, 1);
    check_counts(3, 6, 5);
    check_counts(4, 24, 29);
}

namespace {

/// A lock that is tried over and over; `unlocks`: how often each thread gives it back.
template <class Lock>
Verification count_under(int threads, int times) {
    return verify([=] {
        Lock lock;
        int sum = 0;
        const auto add = [&] {
            for (int i = 0; i < times; ++i) {
                lock.lock();
                ++sum;
                lock.unlock();
            }
        };
        std::vector<std::thread> others;
        for (int i = 1; i < threads; ++i) others.emplace_back(add);
        add();
        for (std::thread& other : others) other.join();
        rc11::check(sum == threads * times, "all are counted");
    });
}

template <std::memory_order locking, std::memory_order unlocking, bool yields = false>
struct TestAndSet {
    std::atomic_flag flag;

    void lock() {
        while (flag.test_and_set(locking)) {
            if (yields) std::this_thread::yield();
        }
    }
    void unlock() { flag.clear(unlocking); }
};

/// The bit that is set is not the only one.
struct SetBit {
    std::atomic<unsigned> bits{6};

    void lock() {
        while ((bits.fetch_or(1, acquire) & 1U) != 0) {
        }
    }
    void unlock() { bits.fetch_and(~1U, release); }
};

struct Exchange {
    std::atomic<bool> is_locked{false};

    void lock() {
        while (is_locked.load(relaxed) || is_locked.exchange(true, acquire)) {
        }
    }
    void unlock() { is_locked.store(false, release); }
};

struct NeverUnlocks : Exchange {
    void unlock() {}
};

}  // namespace

TEST_CASE("waits: what sets over and over what is set waits") {
    CHECK(count_under<TestAndSet<acquire, release>>(2, 1).result == Result::verified);
    CHECK(count_under<TestAndSet<acquire, release>>(2, 2).result == Result::verified);
    CHECK(count_under<TestAndSet<acquire, release>>(3, 1).result == Result::verified);
    CHECK(count_under<TestAndSet<acq_rel, release, true>>(2, 2).result == Result::verified);
    CHECK(count_under<SetBit>(2, 2).result == Result::verified);
    CHECK(count_under<Exchange>(2, 2).result == Result::verified);
    check_violated(count_under<TestAndSet<relaxed, release>>(2, 1), "data race");
    check_violated(count_under<TestAndSet<acquire, relaxed>>(2, 1), "data race");
    check_violated(count_under<NeverUnlocks>(2, 1), "deadlock");
    check_violated(count_under<NeverUnlocks>(1, 2), "deadlock");
}

TEST_CASE("waits: what tries a few times to set what is set gives up in the end") {
    const Verification tries = verify([] {
        std::atomic<bool> is_set{false};
        std::thread other([&] { is_set.store(true, relaxed); });
        int turns = 0;
        while (turns < 6 && is_set.exchange(true, relaxed)) ++turns;
        rc11::outcome(turns == 6 ? "gave up" : turns == 0 ? "at once" : "later");
        other.join();
    });
    CHECK(tries.result == Result::verified);
    CHECK(tries.outcomes.contains("at once"));
    // Once it is set nobody resets it.
    CHECK(tries.outcomes.contains("gave up"));
    CHECK_FALSE(tries.outcomes.contains("later"));
}

TEST_CASE("waits: what tries twice, does something else and tries twice again is no waiting") {
    // Not known to the compiler, which would make two places of the tries.
    volatile int turns = 2;
    const Verification tries = verify([&] {
        const int turns_max = turns;
        std::atomic<bool> is_set{true};
        std::atomic<int> rounds{0};
        while (rounds.load(relaxed) < 2) {
            for (int turn = 0; turn < turns_max && is_set.exchange(true, relaxed);) ++turn;
            rounds.fetch_add(1, relaxed);
        }
        rc11::outcome("gave up twice");
    });
    CHECK(tries.result == Result::verified);
    CHECK(tries.outcomes.contains("gave up twice"));
}

TEST_CASE("waits: what is counted up over and over is no waiting") {
    CHECK(verify([] {
              std::atomic<int> count{0};
              while (count.fetch_add(1, relaxed) < 5) {
              }
              rc11::check(count.load(relaxed) == 6, "it is counted");
          }).result == Result::verified);
}

}  // namespace parley::tests
