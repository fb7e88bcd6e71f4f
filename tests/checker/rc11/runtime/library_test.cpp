#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <pthread.h>

#include <barrier>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>

/// What the C++ library makes of atomic objects, mutexes and waiting, compiled as it is; and what
/// POSIX has for threads beside locks.
namespace parley::tests {

namespace {

using std::chrono::milliseconds;

/// Another thread does something for this one, which waits until it is done.
template <class Meeting, class Do, class Wait>
Verification rely_on(Do first, Wait second, const rc11::VerifyOptions& options = {}) {
    return verify(
        [=] {
            struct Shared {
                Meeting meeting;
                int payload = 0;
            };
            const auto owner = std::make_unique<Shared>(Meeting(2));
            std::thread other([first, &shared = *owner] { first(shared); });
            second(owner->meeting);
            rc11::check(owner->payload == 1, "it is done");
            other.join();
        },
        options);
}

void check_right(const Verification& verification) {
    INFO(text_of(verification));
    CHECK(verification.result == Result::verified);
    CHECK(verification.executions > 0);
}

}  // namespace

TEST_CASE("library: latches and barriers let go when all are there") {
    const auto arrive = [](auto& shared) {
        shared.payload = 1;
        shared.meeting.arrive_and_wait();
    };
    const auto arrive_early = [](auto& shared) {
        shared.meeting.arrive_and_wait();
        shared.payload = 1;
    };
    const auto wait = [](auto& meeting) { meeting.arrive_and_wait(); };
    struct Latch : std::latch {
        using std::latch::latch;
        Latch(const Latch&) : Latch(2) {}
    };
    struct Barrier : std::barrier<> {
        explicit Barrier(std::ptrdiff_t count) : std::barrier<>(count) {}
        Barrier(const Barrier&) : Barrier(2) {}
    };
    check_right(rely_on<Latch>(arrive, wait));
    check_violated(rely_on<Latch>(arrive_early, wait), "");
    check_right(rely_on<Barrier>(arrive, wait));
    check_violated(rely_on<Barrier>(arrive_early, wait), "");
    const auto stay_away = [](auto& shared) { shared.payload = 1; };
    check_violated(rely_on<Latch>(stay_away, wait), "deadlock");
    check_violated(rely_on<Barrier>(stay_away, wait), "deadlock");
    // As libstdc++ 12 is written, whoever counts down may overlook who waits.
    rc11::VerifyOptions options;
    options.may_miss_waiters = true;
    check_violated(rely_on<Latch>(arrive, wait, options), "deadlock");
}

TEST_CASE("library: semaphores with a limit") {
    const auto acquire_in_time = [](bool is_released) {
        return verify([is_released] {
            std::counting_semaphore<4> semaphore(0);
            int payload = 0;
            std::thread other([&] {
                payload = 1;
                if (is_released) semaphore.release();
            });
            if (semaphore.try_acquire_for(milliseconds(1))) {
                rc11::check(payload == 1, "it is there");
                rc11::outcome("there");
            } else {
                rc11::outcome("too late");
            }
            other.join();
        });
    };
    const Verification released = acquire_in_time(true);
    check_right(released);
    CHECK(released.outcomes.size() == 2);
    const Verification not_released = acquire_in_time(false);
    check_right(not_released);
    CHECK(not_released.outcomes.count("too late") == 1);
    CHECK(not_released.outcomes.size() == 1);
}

TEST_CASE("library: a semaphore of libstdc++ 12 sleeps although there is one to have") {
    // It sleeps on the count that it has read before it has looked for the last time.
    check_violated(verify([] {
                       std::binary_semaphore semaphore(1);
                       const auto pass = [&semaphore] {
                           semaphore.acquire();
                           semaphore.release();
                       };
                       std::thread other(pass);
                       pass();
                       other.join();
                   }),
                   "deadlock");
}

TEST_CASE("library: promises keep values and exceptions until they are wanted") {
    const auto keep = [](void (*fulfil)(std::promise<int>)) {
        return verify([fulfil] {
            std::promise<int> promise;
            std::future<int> future = promise.get_future();
            std::thread other(fulfil, std::move(promise));
            try {
                rc11::outcome(std::to_string(future.get()));
            } catch (const std::runtime_error& error) {
                rc11::outcome(error.what());
            } catch (const std::future_error&) {
                rc11::outcome("broken");
            }
            other.join();
        });
    };
    const auto only = [](const Verification& verification, const std::string& outcome) {
        check_right(verification);
        CHECK(verification.outcomes ==
              std::map<std::string, std::uint64_t>{{outcome, verification.executions}});
    };
    only(keep([](std::promise<int> promise) { promise.set_value(42); }), "42");
    only(keep([](std::promise<int> promise) {
             promise.set_exception(std::make_exception_ptr(std::runtime_error("no")));
         }),
         "no");
    only(keep([](std::promise<int> promise) { static_cast<void>(promise); }), "broken");
    check_violated(keep([](std::promise<int> promise) {
                       // It is never broken nor kept.
                       static std::promise<int>* volatile kept =
                           new std::promise<int>(std::move(promise));
                       static_cast<void>(kept);
                   }),
                   "deadlock");
}

TEST_CASE("library: a future may be there in time") {
    const Verification verification = verify([] {
        std::promise<void> promise;
        const std::future<void> future = promise.get_future();
        int payload = 0;
        std::thread other([&] {
            payload = 1;
            promise.set_value();
        });
        if (future.wait_for(milliseconds(1)) == std::future_status::ready) {
            rc11::check(payload == 1, "it is there");
            rc11::outcome("ready");
        } else {
            rc11::outcome("too late");
        }
        other.join();
    });
    check_right(verification);
    CHECK(verification.outcomes.size() == 2);
}

TEST_CASE("library: tasks run for others") {
    check_right(verify([] {
        auto sum = std::async(std::launch::async, [] { return 40 + 2; });
        auto later = std::async(std::launch::deferred, [] { return 43; });
        rc11::check(sum.get() == 42 && later.get() == 43, "both have been run");
    }));
    check_right(verify([] {
        std::packaged_task<int(int)> task([](int number) { return number + 1; });
        std::future<int> result = task.get_future();
        std::thread other(std::move(task), 41);
        rc11::check(result.get() == 42, "it has been run");
        other.join();
    }));
    check_violated(verify([] {
                       int payload = 0;
                       auto done = std::async(std::launch::async, [&payload] { ++payload; });
                       ++payload;
                       done.get();
                   }),
                   "data race");
}

TEST_CASE("library: a thread is asked to stop") {
    check_right(verify([] {
        int rounds = 0;
        {
            std::jthread worker([&rounds](const std::stop_token& stop) {
                while (!stop.stop_requested()) std::this_thread::yield();
                ++rounds;
            });
        }
        rc11::check(rounds == 1, "it has stopped");
    }));
    check_violated(verify([] {
                       std::jthread worker([](const std::stop_token&) {
                           const std::stop_source never;
                           while (!never.stop_requested()) std::this_thread::yield();
                       });
                   }),
                   "deadlock");
    const Verification calls = verify([] {
        std::atomic<int> called{0};
        {
            std::jthread worker([&called](const std::stop_token& stop) {
                const std::stop_callback callback(stop,
                                                  [&called] { called.fetch_add(1, relaxed); });
            });
            worker.request_stop();
        }
        rc11::outcome(std::to_string(called.load(relaxed)));
    });
    check_right(calls);
    // The callback is there when the stop is asked for, or is gone again, or has not come yet.
    CHECK(calls.outcomes.count("0") == 1);
    CHECK(calls.outcomes.count("1") == 1);
    CHECK(calls.outcomes.size() == 2);
    check_right(verify([] {
        std::mutex mutex;
        std::condition_variable_any changed;
        std::jthread worker([&](const std::stop_token& stop) {
            std::unique_lock lock(mutex);
            const bool is_there = changed.wait(lock, stop, [] { return false; });
            rc11::check(!is_there, "it has been asked to stop");
        });
    }));
}

TEST_CASE("library: std::atomic of a std::shared_ptr races as libstdc++ 12 is written") {
    // load() lets go of its lock with a relaxed operation (bits/shared_ptr_atomic.h): nothing
    // orders its read of the pointer before the next write to it.
    check_violated(verify([] {
                       std::atomic<std::shared_ptr<int>> shared;
                       std::thread other([&shared] { shared.store(std::make_shared<int>(1)); });
                       const std::shared_ptr<int> seen = shared.load();
                       if (seen) rc11::check(*seen == 1, "it is made");
                       other.join();
                   }),
                   "data race");
}

TEST_CASE("library: threads of POSIX give results and have data of their own") {
    check_verified(verify([] {
                       pthread_t thread{};
                       int number = 1;
                       pthread_create(
                           &thread, nullptr,
                           [](void* argument) {
                               ++*static_cast<int*>(argument);
                               return argument;
                           },
                           &number);
                       pthread_setname_np(thread, "worker");
                       void* result = nullptr;
                       pthread_join(thread, &result);
                       rc11::check(result == &number && number == 2, "it has been told");
                   }),
                   1);
    check_verified(verify([] {
                       static pthread_key_t key;
                       static int destroyed;
                       destroyed = 0;
                       pthread_key_create(
                           &key, [](void* number) { destroyed += *static_cast<int*>(number); });
                       int own = 1;
                       pthread_setspecific(key, &own);
                       std::thread other([] {
                           rc11::check(pthread_getspecific(key) == nullptr, "it is another one");
                           static int others = 10;
                           pthread_setspecific(key, &others);
                           rc11::check(pthread_getspecific(key) == &others, "it has been set");
                       });
                       other.join();
                       rc11::check(pthread_getspecific(key) == &own, "each has its own");
                       rc11::check(destroyed == 10, "a thread that ends leaves nothing");
                       pthread_key_delete(key);
                   }),
                   1);
}

}  // namespace parley::tests
