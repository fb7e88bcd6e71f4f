#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <pthread.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

/// Locks that readers share, spin locks, barriers.
namespace parley::tests {

namespace {

using std::chrono::milliseconds;

/// What std::shared_mutex is, by hand: how many readers have it, or less than nothing.
class HandWrittenLock {
 public:
    void lock() {
        int expected = 0;
        rc11::assume(readers_.compare_exchange_strong(expected, -writer, acquire, relaxed));
    }
    void unlock() { readers_.fetch_add(writer, release); }
    void lock_shared() { rc11::assume(readers_.fetch_add(1, acquire) >= 0); }
    void unlock_shared() { readers_.fetch_sub(1, release); }

 private:
    static constexpr int writer = 1000;
    std::atomic<int> readers_{0};
};

template <class Lock>
struct Shared {
    Lock lock;
    int value = 0;
};

/// Each thread locks once, as a reader or a writer.
template <class Lock>
Verification read_and_write(int readers, int writers) {
    return verify([=] {
        const auto owner = std::make_unique<Shared<Lock>>();
        std::vector<std::thread> threads;
        for (int i = 0; i < readers; ++i) {
            threads.emplace_back([&shared = *owner] {
                const std::shared_lock lock(shared.lock);
                rc11::check(shared.value >= 0, "no writer is at it");
            });
        }
        for (int i = 0; i < writers; ++i) {
            threads.emplace_back([&shared = *owner] {
                const std::lock_guard lock(shared.lock);
                shared.value = -1;
                shared.value = 1;
            });
        }
        for (std::thread& thread : threads) thread.join();
    });
}

template <class Body>
Verification with_other(Body body) {
    return verify([body] {
        const auto owner = std::make_unique<Shared<std::shared_timed_mutex>>();
        std::thread other([&shared = *owner] {
            const std::lock_guard lock(shared.lock);
            shared.value = 1;
        });
        body(*owner);
        other.join();
    });
}

struct SpinLock {
    SpinLock() { pthread_spin_init(&lock_, PTHREAD_PROCESS_PRIVATE); }
    SpinLock(const SpinLock&) = delete;
    SpinLock& operator=(const SpinLock&) = delete;
    ~SpinLock() { pthread_spin_destroy(&lock_); }
    void lock() { pthread_spin_lock(&lock_); }
    bool try_lock() { return pthread_spin_trylock(&lock_) == 0; }
    void unlock() { pthread_spin_unlock(&lock_); }

 private:
    pthread_spinlock_t lock_{};
};

/// Each thread writes to its own place in each round, and reads all of them after it.
Verification meet(unsigned int threads, int rounds, unsigned int width) {
    return verify([=] {
        struct Meeting {
            pthread_barrier_t barrier{};
            std::vector<int> done;
            std::atomic<int> last{0};
        };
        const auto owner = std::make_unique<Meeting>();
        owner->done.resize(threads);
        pthread_barrier_init(&owner->barrier, nullptr, width);
        const auto work = [&meeting = *owner, rounds](int& own) {
            for (int round = 1; round <= rounds; ++round) {
                own = round;
                const int result = pthread_barrier_wait(&meeting.barrier);
                if (result == PTHREAD_BARRIER_SERIAL_THREAD) meeting.last.fetch_add(1, relaxed);
                for (const int each : meeting.done) rc11::check(each == round, "all are there");
                if (round < rounds) pthread_barrier_wait(&meeting.barrier);
            }
        };
        std::vector<std::thread> others;
        for (unsigned int i = 1; i < threads; ++i) {
            others.emplace_back([&work, &own = owner->done[i]] { work(own); });
        }
        work(owner->done[0]);
        for (std::thread& other : others) other.join();
        rc11::check(owner->last.load(relaxed) == rounds, "one is last each time");
        pthread_barrier_destroy(&owner->barrier);
    });
}

}  // namespace

TEST_CASE("locks: readers share a lock, and writers do not") {
    struct Case {
        int readers;
        int writers;
        std::uint64_t executions;
    };
    // The orders in which they lock and unlock: between those of a writer there is nobody else.
    for (const auto& [readers, writers, executions] :
         {Case{1, 1, 2}, Case{2, 0, 6}, Case{0, 2, 2}, Case{1, 2, 6}, Case{2, 1, 14}}) {
        CAPTURE(readers, writers);
        check_verified(read_and_write<std::shared_mutex>(readers, writers), executions);
        check_verified(read_and_write<HandWrittenLock>(readers, writers), executions);
    }
}

TEST_CASE("locks: who shares a lock must not write, and who has none must not read") {
    check_violated(with_other([](auto& shared) {
                       const std::shared_lock lock(shared.lock, std::try_to_lock);
                       rc11::check(shared.value == 0, "");
                   }),
                   "data race");
    check_violated(verify([] {
                       const auto owner = std::make_unique<Shared<std::shared_mutex>>();
                       const auto write = [&shared = *owner] {
                           const std::shared_lock lock(shared.lock);
                           ++shared.value;
                       };
                       std::thread other(write);
                       write();
                       other.join();
                   }),
                   "data race");
}

TEST_CASE("locks: tries get a lock or do not, with a limit or without") {
    // Before the writer, after it, or in between, when it is not to be had.
    const auto note = [](bool is_locked, int value) {
        rc11::outcome(is_locked ? std::to_string(value) : "too late");
    };
    const Verification tries[] = {
        with_other([note](auto& shared) {
            const std::shared_lock lock(shared.lock, std::try_to_lock);
            note(lock.owns_lock(), lock ? shared.value : 0);
        }),
        with_other([note](auto& shared) {
            const std::shared_lock lock(shared.lock, milliseconds(1));
            note(lock.owns_lock(), lock ? shared.value : 0);
        }),
        with_other([note](auto& shared) {
            const std::unique_lock lock(shared.lock, std::try_to_lock);
            note(lock.owns_lock(), lock ? shared.value++ : 0);
        }),
        with_other([note](auto& shared) {
            const std::unique_lock lock(shared.lock,
                                        std::chrono::steady_clock::now() + milliseconds(1));
            note(lock.owns_lock(), lock ? shared.value++ : 0);
        }),
    };
    for (const Verification& verification : tries) {
        check_verified(verification, 3);
        CHECK(verification.outcomes ==
              std::map<std::string, std::uint64_t>{{"0", 1}, {"1", 1}, {"too late", 1}});
    }
}

TEST_CASE("locks: a reader may lock once more, and nobody else") {
    const auto alone = [](void (*body)(pthread_rwlock_t&)) {
        return verify([body] {
            pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
            body(lock);
        });
    };
    check_verified(alone([](pthread_rwlock_t& lock) {
                       pthread_rwlock_rdlock(&lock);
                       rc11::check(pthread_rwlock_tryrdlock(&lock) == 0, "once more");
                       rc11::check(pthread_rwlock_trywrlock(&lock) == EBUSY, "it has readers");
                       pthread_rwlock_unlock(&lock);
                       rc11::check(pthread_rwlock_trywrlock(&lock) == EBUSY, "it has one");
                       pthread_rwlock_unlock(&lock);
                       rc11::check(pthread_rwlock_trywrlock(&lock) == 0, "it has none");
                       rc11::check(pthread_rwlock_tryrdlock(&lock) == EBUSY, "it has a writer");
                       pthread_rwlock_unlock(&lock);
                   }),
                   1);
    check_violated(alone([](pthread_rwlock_t& lock) {
                       pthread_rwlock_rdlock(&lock);
                       pthread_rwlock_wrlock(&lock);
                   }),
                   "locks a mutex that it holds");
    check_violated(alone([](pthread_rwlock_t& lock) {
                       pthread_rwlock_wrlock(&lock);
                       pthread_rwlock_rdlock(&lock);
                   }),
                   "locks a mutex that it holds");
    check_violated(alone([](pthread_rwlock_t& lock) { pthread_rwlock_unlock(&lock); }),
                   "does not hold");
    check_unsupported(verify([] {
                          pthread_rwlock_t lock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
                          pthread_rwlock_rdlock(&lock);
                          pthread_rwlock_rdlock(&lock);
                      }),
                      "prefers writers");
}

TEST_CASE("locks: two that readers share, in opposite orders, are a deadlock") {
    check_violated(verify([] {
                       struct Two {
                           std::shared_mutex left;
                           std::shared_mutex right;
                       };
                       const auto owner = std::make_unique<Two>();
                       std::thread other([&two = *owner] {
                           const std::shared_lock first(two.left);
                           const std::lock_guard second(two.right);
                       });
                       {
                           const std::shared_lock first(owner->right);
                           const std::lock_guard second(owner->left);
                       }
                       other.join();
                   }),
                   "deadlock");
}

namespace {

struct Guarded {
    std::mutex first;
    std::mutex second;
    int count = 0;
};

void add_holding(std::mutex& one, std::mutex& other, int& count) {
    const std::scoped_lock both(one, other);
    ++count;
}

}  // namespace

TEST_CASE("locks: two in opposite orders by std::scoped_lock, which has no bound, and by address") {
    const auto check_with = [](auto add) {
        rc11::VerifyOptions options;
        options.workers = 1;
        options.events_max = 500;
        return verify(
            [add] {
                Guarded guarded;
                std::thread other([&] { add(guarded.second, guarded.first, guarded.count); });
                add(guarded.first, guarded.second, guarded.count);
                other.join();
                rc11::check(guarded.count == 2, "both have added");
            },
            options);
    };
    check_ends(check_with(add_holding), Result::incomplete, "500 events");
    check_verified(check_with([](std::mutex& one, std::mutex& other, int& count) {
                       const bool is_lower = &one < &other;
                       add_holding(is_lower ? one : other, is_lower ? other : one, count);
                   }),
                   4);
    // What is wrong is found all the same.
    check_violated(check_with([](std::mutex& one, std::mutex& other, int& count) {
                       {
                           const std::scoped_lock both(one, other);
                       }
                       ++count;
                   }),
                   "data race");
}

TEST_CASE("locks: what std::scoped_lock has for a while others see") {
    // So it cannot be left out how it goes back and forth: in no other way is one busy while the
    // other one is free.
    const Verification found = verify([] {
        Guarded guarded;
        std::thread other([&] { const std::scoped_lock both(guarded.first, guarded.second); });
        {
            const std::lock_guard second(guarded.second);
            const bool is_busy = !guarded.first.try_lock();
            if (!is_busy) guarded.first.unlock();
            rc11::outcome(is_busy ? "busy" : "free");
        }
        other.join();
    });
    check_verified(found, 6);
    CHECK(found.outcomes == std::map<std::string, std::uint64_t>{{"busy", 2}, {"free", 4}});
}

TEST_CASE("locks: a spin lock is one") {
    const auto count = [](bool is_tried) {
        return verify([is_tried] {
            const auto owner = std::make_unique<Shared<SpinLock>>();
            const auto add = [is_tried, &shared = *owner] {
                std::unique_lock lock(shared.lock, std::defer_lock);
                is_tried ? static_cast<void>(lock.try_lock()) : lock.lock();
                if (lock) ++shared.value;
            };
            std::thread other(add);
            add();
            other.join();
        });
    };
    check_verified(count(false), 2);
    check_verified(count(true), 4);
    check_violated(verify([] {
                       SpinLock lock;
                       lock.lock();
                       lock.lock();
                   }),
                   "locks a mutex that it holds");
}

TEST_CASE("locks: a barrier lets go when all are there") {
    // The orders in which they come.
    check_verified(meet(1, 3, 1), 1);
    check_verified(meet(2, 1, 2), 2);
    check_verified(meet(2, 2, 2), 8);
    check_verified(meet(3, 1, 3), 6);
    check_violated(meet(2, 1, 1), "");
    check_violated(meet(2, 1, 3), "deadlock");
}

}  // namespace parley::tests
