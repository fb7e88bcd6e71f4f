#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <semaphore.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>

/// What orders threads beside atomic objects: mutexes, condition variables, semaphores, and what is
/// run once.
namespace parley::tests {

namespace {

using std::chrono::milliseconds;

/// A thread that waits for what this one hands over.
struct Handover {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_there = false;
    int payload = 0;
};

/// `wait` gets the lock, which is held.
Verification hand_over(void (*wait)(Handover&, std::unique_lock<std::mutex>&), bool is_notified,
                       bool has_mutex, const rc11::VerifyOptions& options = {}) {
    return verify(
        [=] {
            const auto owner = std::make_unique<Handover>();
            std::thread waiter([wait, &shared = *owner] {
                std::unique_lock lock(shared.mutex);
                wait(shared, lock);
                rc11::check(shared.is_there && shared.payload == 42, "it is there");
            });
            {
                std::unique_lock lock(owner->mutex, std::defer_lock);
                if (has_mutex) lock.lock();
                owner->payload = 42;
                owner->is_there = true;
            }
            if (is_notified) owner->changed.notify_one();
            waiter.join();
        },
        options);
}

void wait_for_it(Handover& shared, std::unique_lock<std::mutex>& lock) {
    shared.changed.wait(lock, [&] { return shared.is_there; });
}
void wait_once(Handover& shared, std::unique_lock<std::mutex>& lock) {
    if (!shared.is_there) shared.changed.wait(lock);
}
void wait_blindly(Handover& shared, std::unique_lock<std::mutex>& lock) {
    shared.changed.wait(lock);
}

}  // namespace

TEST_CASE("synchronization: a condition variable wakes who waits for it") {
    // The waiter comes second, or first: then it is told, or finds out.
    check_verified(hand_over(wait_for_it, true, true), 2);
    check_violated(hand_over(wait_for_it, false, true), "deadlock");
    check_violated(hand_over(wait_for_it, true, false), "data race");
    check_violated(hand_over(wait_blindly, true, true), "deadlock");
}

TEST_CASE("synchronization: a thread may wake from a condition variable without reason") {
    check_verified(hand_over(wait_once, true, true), 2);
    rc11::VerifyOptions options;
    options.spurious_wakeups_max = 1;
    check_violated(hand_over(wait_once, true, true, options), "it is there");
    const Verification verification = hand_over(wait_for_it, true, true, options);
    INFO(verification.reason);
    CHECK(verification.result == Result::verified);
    CHECK(verification.executions == 4);
}

TEST_CASE("synchronization: one is woken, and any of them, or all are") {
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        int waiting = 0;
        bool is_open = false;
    };
    const auto gate = [](bool wakes_all) {
        return verify([wakes_all] {
            const auto owner = std::make_unique<Shared>();
            const auto pass = [&shared = *owner] {
                std::unique_lock lock(shared.mutex);
                ++shared.waiting;
                while (!shared.is_open) shared.changed.wait(lock);
            };
            std::thread first(pass);
            std::thread second(pass);
            {
                const std::lock_guard lock(owner->mutex);
                owner->is_open = true;
                rc11::outcome(std::to_string(owner->waiting));
            }
            wakes_all ? owner->changed.notify_all() : owner->changed.notify_one();
            first.join();
            second.join();
        });
    };
    const Verification all = gate(true);
    INFO(all.reason);
    CHECK(all.result == Result::verified);
    CHECK(all.outcomes.size() == 3);
    check_violated(gate(false), "deadlock");
    CHECK(gate(false).reason.find("thread") != std::string::npos);
}

TEST_CASE("synchronization: whom a condition variable wakes is open") {
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        int waiting = 0;
        int places = 0;
        bool is_over = false;
        std::string taken_by;
    };
    const Verification verification = verify([] {
        const auto owner = std::make_unique<Shared>();
        const auto take = [&shared = *owner](const char* name) {
            std::unique_lock lock(shared.mutex);
            ++shared.waiting;
            while (shared.places == 0 && !shared.is_over) shared.changed.wait(lock);
            if (shared.places-- > 0) shared.taken_by = name;
        };
        std::thread first(take, "first");
        std::thread second(take, "second");
        {
            const std::lock_guard lock(owner->mutex);
            rc11::assume(owner->waiting == 2);
            owner->places = 1;
        }
        owner->changed.notify_one();
        {
            const std::lock_guard lock(owner->mutex);
            rc11::assume(!owner->taken_by.empty());
            owner->is_over = true;
        }
        owner->changed.notify_all();
        first.join();
        second.join();
        rc11::outcome(owner->taken_by);
    });
    INFO(verification.reason);
    CHECK(verification.result == Result::verified);
    CHECK(verification.outcomes.size() == 2);
}

TEST_CASE("synchronization: a wait with a limit ends in time or is woken") {
    const auto wait = [](bool is_notified) {
        return verify([is_notified] {
            const auto owner = std::make_unique<Handover>();
            std::thread other([is_notified, &shared = *owner] {
                if (!is_notified) return;
                {
                    const std::lock_guard lock(shared.mutex);
                    shared.is_there = true;
                }
                shared.changed.notify_all();
            });
            {
                std::unique_lock lock(owner->mutex);
                const bool is_there = owner->changed.wait_for(lock, milliseconds(1),
                                                              [&owner] { return owner->is_there; });
                rc11::outcome(is_there ? "there" : "too late");
            }
            other.join();
        });
    };
    const Verification notified = wait(true);
    INFO(notified.reason);
    CHECK(notified.result == Result::verified);
    CHECK(notified.outcomes.size() == 2);
    const Verification alone = wait(false);
    INFO(alone.reason);
    CHECK(alone.result == Result::verified);
    CHECK(alone.outcomes.count("too late") == 1);
    CHECK(alone.outcomes.size() == 1);
}

TEST_CASE("synchronization: mutexes of each kind") {
    struct Shared {
        std::mutex plain;
        std::recursive_mutex again;
        std::timed_mutex timed;
        int total = 0;
    };
    const auto with_other = [](void (*body)(Shared&)) {
        return verify([body] {
            const auto owner = std::make_unique<Shared>();
            std::thread other([body, &shared = *owner] { body(shared); });
            body(*owner);
            other.join();
        });
    };
    check_verified(with_other([](Shared& shared) {
                       const std::lock_guard outer(shared.again);
                       const std::lock_guard inner(shared.again);
                       ++shared.total;
                   }),
                   2);
    // Both get it, one after the other, or one of them does not.
    check_verified(with_other([](Shared& shared) {
                       const std::unique_lock lock(shared.plain, std::try_to_lock);
                       if (lock) ++shared.total;
                   }),
                   4);
    check_verified(with_other([](Shared& shared) {
                       const std::unique_lock lock(shared.timed, milliseconds(1));
                       if (lock) ++shared.total;
                   }),
                   4);
    check_violated(with_other([](Shared& shared) {
                       const std::unique_lock lock(shared.plain, std::try_to_lock);
                       ++shared.total;
                   }),
                   "data race");
    check_violated(with_other([](Shared& shared) {
                       shared.again.lock();
                       shared.again.lock();
                       shared.again.unlock();
                   }),
                   "deadlock");
    check_violated(with_other([](Shared& shared) {
                       shared.plain.lock();
                       shared.plain.lock();
                   }),
                   "locks a mutex that it holds");
    check_violated(with_other([](Shared& shared) { shared.plain.unlock(); }), "does not hold");
}

TEST_CASE("synchronization: a semaphore orders and counts") {
    struct Shared {
        explicit Shared(unsigned int value) { sem_init(&semaphore, 0, value); }
        ~Shared() { sem_destroy(&semaphore); }
        sem_t semaphore{};
        int total = 0;
    };
    const auto guard = [](unsigned int value) {
        return verify([value] {
            const auto owner = std::make_unique<Shared>(value);
            const auto add = [&shared = *owner] {
                sem_wait(&shared.semaphore);
                ++shared.total;
                sem_post(&shared.semaphore);
            };
            std::thread first(add);
            std::thread second(add);
            first.join();
            second.join();
        });
    };
    check_verified(guard(1), 2);
    check_violated(guard(2), "data race");
    check_violated(guard(0), "deadlock");
    check_verified(verify([] {
                       const auto owner = std::make_unique<Shared>(0);
                       std::thread other([&shared = *owner] {
                           shared.total = 1;
                           sem_post(&shared.semaphore);
                       });
                       if (sem_trywait(&owner->semaphore) == 0) {
                           rc11::check(owner->total == 1, "it is there");
                       }
                       other.join();
                   }),
                   2);
}

TEST_CASE("synchronization: std::atomic::wait and what is made of it") {
    const auto wait = [](std::memory_order order, bool is_notified,
                         const rc11::VerifyOptions& options = {}) {
        return verify(
            [order, is_notified] {
                const auto owner = std::make_unique<std::atomic<int>>(0);
                std::thread other([order, is_notified, &value = *owner] {
                    value.store(1, order);
                    if (is_notified) value.notify_one();
                });
                owner->wait(0, acquire);
                rc11::check(owner->load(relaxed) == 1, "it has changed");
                other.join();
            },
            options);
    };
    const Verification good = wait(seq_cst, true);
    INFO(good.reason);
    CHECK(good.result == Result::verified);
    check_violated(wait(seq_cst, false), "deadlock");
    const Verification weak = wait(release, true);
    INFO(weak.reason);
    CHECK(weak.result == Result::verified);
    // notify_one() of libstdc++ 12 looks for waiting threads without a fence before it
    // (_M_waiting() in bits/atomic_wait.h): it may see none, and the thread that waits the old
    // value.
    rc11::VerifyOptions as_written;
    as_written.may_miss_waiters = true;
    check_violated(wait(release, true, as_written), "deadlock");
    const Verification semaphore = verify([] {
        struct Shared {
            std::binary_semaphore semaphore{0};
            int payload = 0;
        };
        const auto owner = std::make_unique<Shared>();
        std::thread other([&shared = *owner] {
            shared.payload = 42;
            shared.semaphore.release();
        });
        owner->semaphore.acquire();
        rc11::check(owner->payload == 42, "it is there");
        other.join();
    });
    INFO(semaphore.reason);
    CHECK(semaphore.result == Result::verified);
}

TEST_CASE("synchronization: what is to be run once is, by whoever comes first") {
    struct Shared {
        std::once_flag flag;
        int total = 0;
    };
    const auto twice = [](void (*body)(Shared&)) {
        return verify([body] {
            const auto owner = std::make_unique<Shared>();
            std::thread other([body, &shared = *owner] { body(shared); });
            body(*owner);
            other.join();
            rc11::check(owner->total == 1, "it has been run once");
        });
    };
    check_verified(
        twice([](Shared& shared) { std::call_once(shared.flag, [&shared] { ++shared.total; }); }),
        2);
    check_violated(twice([](Shared& shared) {
                       if (shared.total == 0) ++shared.total;
                   }),
                   "data race");
    // The one that comes first fails, and the other one runs it.
    check_verified(twice([](Shared& shared) {
                       try {
                           std::call_once(shared.flag, [&shared] {
                               if (shared.total++ == 0) throw std::runtime_error("no");
                               --shared.total;
                           });
                       } catch (const std::runtime_error&) {
                       }
                   }),
                   2);
}

}  // namespace parley::tests
