#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <cerrno>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

/// What libraries do for a thread, and what of that orders it with another one: no more than C++
/// says, and no less.
namespace parley::tests {

namespace {

struct Passing {
    int number = 0;
    std::atomic<bool> is_set{false};
    std::atomic<int> waited_for{0};
    std::binary_semaphore semaphore{0};
    std::shared_mutex mutex;
};

using PassingUse = void (*)(Passing&);

void do_nothing(Passing&) {}

/// A thread writes, does `before` and says so with `store`; who sees that with `load` does `after`
/// and reads.
Verification pass(PassingUse before, std::memory_order store, std::memory_order load,
                  PassingUse after) {
    return verify([=] {
        const auto owner = std::make_unique<Passing>();
        std::thread other([=, &shared = *owner] {
            shared.number = 1;
            before(shared);
            shared.is_set.store(true, store);
        });
        if (owner->is_set.load(load)) {
            after(*owner);
            rc11::outcome(std::to_string(owner->number));
        }
        other.join();
    });
}

void check_race(PassingUse before, PassingUse after) {
    check_violated(pass(before, relaxed, relaxed, after), "data race");
    check_violated(pass(before, relaxed, acquire, after), "data race");
    check_violated(pass(before, release, relaxed, after), "data race");
}

}  // namespace

TEST_CASE("no order: what is said with release and acquire is ordered, and nothing less") {
    check_verified(pass(&do_nothing, release, acquire, &do_nothing), 2);
    check_race(&do_nothing, &do_nothing);
}

TEST_CASE("no order: waking whoever waits is no fence") {
    const PassingUse notify = [](Passing& shared) { shared.waited_for.notify_one(); };
    check_race(notify, notify);
    check_race(notify, &do_nothing);
    check_race(&do_nothing, notify);
}

TEST_CASE("no order: a semaphore orders those who acquire after those who release") {
    const PassingUse post = [](Passing& shared) { shared.semaphore.release(); };
    check_race(post, &do_nothing);
    check_race(&do_nothing, post);
    const PassingUse wait = [](Passing& shared) { shared.semaphore.acquire(); };
    CHECK(pass(post, relaxed, relaxed, wait).result == Result::verified);
}

TEST_CASE("no order: those who only read under a lock are not ordered by it") {
    const PassingUse read = [](Passing& shared) { const std::shared_lock lock(shared.mutex); };
    const PassingUse write = [](Passing& shared) { const std::unique_lock lock(shared.mutex); };
    check_race(read, read);
    // Here the first one may have come second.
    CHECK(pass(read, release, acquire, write).result == Result::verified);
    const auto beside = [](PassingUse first, PassingUse second) {
        return verify([=] {
            const auto owner = std::make_unique<Passing>();
            std::thread other([first, &shared = *owner] { first(shared); });
            second(*owner);
            other.join();
        });
    };
    const PassingUse add = [](Passing& shared) {
        const std::unique_lock lock(shared.mutex);
        ++shared.number;
    };
    const PassingUse look = [](Passing& shared) {
        const std::shared_lock lock(shared.mutex);
        rc11::outcome(std::to_string(shared.number));
    };
    const PassingUse change = [](Passing& shared) {
        const std::shared_lock lock(shared.mutex);
        ++shared.number;
    };
    CHECK(beside(add, look).outcomes == std::map<std::string, std::uint64_t>{{"0", 1}, {"1", 1}});
    CHECK(beside(add, change).result == Result::verified);
    check_violated(beside(change, look), "data race");
}

TEST_CASE("no order: three share a lock, and whoever writes after the others sees what they did") {
    check_verified(
        verify([] {
            const auto owner = std::make_unique<Passing>();
            int numbers[2] = {};
            const auto write = [&](int& number) {
                const std::shared_lock lock(owner->mutex);
                number = 1;
            };
            std::thread first([&] { write(numbers[0]); });
            std::thread second([&] { write(numbers[1]); });
            {
                const std::unique_lock lock(owner->mutex);
                rc11::outcome(std::to_string(numbers[0] + numbers[1]));
            }
            first.join();
            second.join();
        }),
        // Each may have the lock before the other one is done or not; before, after or between.
        14);
}

TEST_CASE("no order: exceptions that are not the same have nothing to do with each other") {
    const PassingUse make = [](Passing&) { std::make_exception_ptr(1); };
    const PassingUse keep = [](Passing&) {
        try {
            throw 1;
        } catch (...) {
            const auto kept = std::current_exception();
        }
    };
    check_race(make, make);
    check_race(keep, keep);
    check_race(make, keep);
}

TEST_CASE(
    "no order: copies of an exception share their message, which is not the program's affair") {
    const auto fail_in = [](const std::exception& error) {
        const std::string text = error.what();
        rc11::check(text.starts_with("it failed"), "it is what was thrown");
    };
    CHECK(verify([&] {
              std::thread first;
              std::thread second;
              {
                  const std::runtime_error error("it failed, and everybody has to know");
                  first = std::thread([&, error] { fail_in(error); });
                  second = std::thread([&, error] { fail_in(error); });
              }
              first.join();
              second.join();
          }).result == Result::verified);
    CHECK(verify([&] {
              std::mutex mutex;
              std::vector<std::runtime_error> errors;
              std::thread other([&] {
                  try {
                      throw std::runtime_error("it failed, and everybody has to know");
                  } catch (const std::runtime_error& error) {
                      {
                          const std::scoped_lock lock(mutex);
                          errors.push_back(error);
                      }
                      fail_in(error);
                  }
              });
              {
                  const std::scoped_lock lock(mutex);
                  errors.clear();
              }
              other.join();
          }).result == Result::verified);
    check_violated(verify([&] {
                       auto error = std::make_unique<std::runtime_error>("it failed, it did");
                       const char* const text = error->what();
                       error.reset();
                       rc11::check(*text == 'i', "it is there");
                   }),
                   "use after free");
}

TEST_CASE("no order: a thread that joins itself is told so") {
    const auto join_itself = [](bool is_caught) {
        return verify([=] {
            const auto owner = std::make_unique<std::thread>();
            std::mutex mutex;
            mutex.lock();
            *owner = std::thread([&] {
                const std::scoped_lock lock(mutex);
                try {
                    owner->join();
                } catch (const std::system_error& error) {
                    rc11::check(error.code().value() == EDEADLK, "it says so");
                    if (!is_caught) throw;
                }
            });
            mutex.unlock();
            owner->join();
        });
    };
    check_verified(join_itself(true), 1);
    check_violated(join_itself(false), "an exception leaves a thread");
}

TEST_CASE("no order: memory goes back to where it is from") {
    static void* volatile memory = nullptr;
    check_violated(verify([] {
                       memory = new int[4];
                       delete static_cast<int*>(memory);
                   }),
                   "mismatched free: what new[] has made goes to delete");
    check_violated(verify([] {
                       memory = new int;
                       delete[] static_cast<int*>(memory);
                   }),
                   "mismatched free: what new has made goes to delete[]");
    check_violated(verify([] {
                       memory = std::malloc(8);
                       delete static_cast<int*>(memory);
                   }),
                   "mismatched free: what malloc has made goes to delete");
    check_violated(verify([] {
                       memory = new int;
                       std::free(memory);
                   }),
                   "mismatched free: what new has made goes to free");
}

TEST_CASE("no order: what a library counts with the program is not supported") {
    check_unsupported(verify([] {
                          for (const auto& entry : std::filesystem::directory_iterator("/"))
                              rc11::check(!entry.path().empty(), "it has a name");
                      }),
                      "std::filesystem::directory_iterator");
    check_unsupported(verify([] {
                          const std::filesystem::filesystem_error error(
                              "no", std::make_error_code(std::errc::io_error));
                          const auto copy = error;
                          rc11::check(*copy.what() != 0, "it has a text");
                      }),
                      "std::filesystem::filesystem_error");
}

}  // namespace parley::tests
