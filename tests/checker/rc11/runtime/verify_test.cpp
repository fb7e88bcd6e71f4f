#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include "parley/protocols/model/spsc_queue.hpp"

#include <sys/resource.h>
#include <catch2/catch.hpp>

#include <atomic>
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

/// Compiled, unmodified C++ under the engine.
namespace parley::tests {

namespace {

Verification store_buffering(std::memory_order order) {
    struct Shared {
        std::atomic<int> x{0};
        std::atomic<int> y{0};
        int left = 0;
        int right = 0;
    };
    return verify([order] {
        const auto owner = std::make_unique<Shared>();
        Shared& shared = *owner;
        std::thread first([order, &shared = *owner] {
            shared.x.store(1, order);
            shared.left = shared.y.load(order);
        });
        std::thread second([order, &shared = *owner] {
            shared.y.store(1, order);
            shared.right = shared.x.load(order);
        });
        first.join();
        second.join();
        rc11::outcome(std::to_string(shared.left) + std::to_string(shared.right));
    });
}

Verification message_passing(std::memory_order write, std::memory_order read) {
    struct Shared {
        int payload = 0;
        std::atomic<bool> is_ready{false};
    };
    return verify([write, read] {
        const auto shared = std::make_unique<Shared>();
        std::thread sender([write, &shared = *shared] {
            shared.payload = 42;
            shared.is_ready.store(true, write);
        });
        if (shared->is_ready.load(read)) rc11::check(shared->payload == 42, "the payload is there");
        sender.join();
    });
}

}  // namespace

TEST_CASE("verify: store buffering has its executions and outcomes") {
    const Verification weak = store_buffering(relaxed);
    check_verified(weak, 4);
    CHECK(weak.outcomes.size() == 4);
    const Verification strong = store_buffering(seq_cst);
    check_verified(strong, 3);
    CHECK(strong.outcomes.count("00") == 0);
}

TEST_CASE("verify: a flag that is too weak leaves a data race") {
    check_verified(message_passing(release, acquire), 2);
    check_violated(message_passing(relaxed, acquire), "data race");
    check_violated(message_passing(release, relaxed), "data race");
}

TEST_CASE("verify: increments are n! executions, and none is lost") {
    const auto increments = [](int count, bool is_atomic) {
        return verify([count, is_atomic] {
            const auto owner = std::make_unique<std::atomic<int>>(0);
            std::atomic<int>& total = *owner;
            std::thread threads[4];
            for (int i = 0; i < count; ++i) {
                threads[i] = std::thread([is_atomic, &total = *owner] {
                    if (is_atomic) {
                        total.fetch_add(1, relaxed);
                    } else {
                        total.store(total.load(relaxed) + 1, relaxed);
                    }
                });
            }
            for (int i = 0; i < count; ++i) threads[i].join();
            rc11::check(total.load(relaxed) == count, "no increment is lost");
        });
    };
    check_verified(increments(3, true), 6);
    check_verified(increments(4, true), 24);
    check_violated(increments(2, false), "no increment is lost");
}

TEST_CASE("verify: a mutex orders what it guards") {
    struct Shared {
        std::mutex mutex;
        int total = 0;
    };
    check_verified(verify([] {
                       const auto shared = std::make_unique<Shared>();
                       const auto add = [&shared = *shared] {
                           const std::lock_guard lock(shared.mutex);
                           ++shared.total;
                       };
                       std::thread first(add);
                       std::thread second(add);
                       first.join();
                       second.join();
                       rc11::check(shared->total == 2, "no increment is lost");
                   }),
                   2);
}

TEST_CASE("verify: two locks in opposite orders are a deadlock") {
    struct Shared {
        std::mutex left;
        std::mutex right;
    };
    check_violated(verify([] {
                       const auto shared = std::make_unique<Shared>();
                       std::thread other([&shared = *shared] {
                           const std::lock_guard first(shared.left);
                           const std::lock_guard second(shared.right);
                       });
                       {
                           const std::lock_guard first(shared->right);
                           const std::lock_guard second(shared->left);
                       }
                       other.join();
                   }),
                   "deadlock");
}

namespace {
/// No compiler knows what it points to.
int* volatile object = nullptr;
}  // namespace

TEST_CASE("verify: the heap is watched") {
    check_violated(verify([] {
                       object = new int(3);
                       *object = 4;
                   }),
                   "memory leak");
    check_violated(verify([] {
                       object = new int(3);
                       delete object;
                       *object = 4;
                   }),
                   "use after free");
    check_violated(verify([] {
                       object = new int(3);
                       delete object;
                       delete object;
                   }),
                   "double free");
    check_violated(verify([] {
                       object = new int[2];
                       object[2] = 3;
                   }),
                   "outside a heap block");
    check_verified(verify([] {
                       const auto shared = std::make_shared<int>(3);
                       std::thread other([shared] { rc11::check(*shared == 3, "it is there"); });
                       other.join();
                   }),
                   // Thread 0 drops its copy of the lambda before or after the other thread does.
                   2);
}

TEST_CASE("verify: exceptions are caught by those whom they reach") {
    check_verified(verify([] {
                       const auto owner = std::make_unique<std::atomic<int>>(0);
                       const auto fail = [&caught = *owner] {
                           try {
                               throw std::runtime_error("no");
                           } catch (const std::runtime_error&) {
                               caught.fetch_add(1);
                           }
                       };
                       std::thread first(fail);
                       std::thread second(fail);
                       first.join();
                       second.join();
                       rc11::check(owner->load() == 2, "both are caught");
                   }),
                   2);
    check_violated(verify([] { throw std::runtime_error("no"); }),
                   "an exception leaves a thread: no");
}

TEST_CASE("verify: an exception is memory of its own, as small as it may be") {
    struct Code {
        int value;
    };
    const auto fail = [](int value) {
        try {
            throw Code{value};
        } catch (Code& code) {
            ++code.value;
            rc11::check(code.value == value + 1, "it is what was thrown");
        }
    };
    check_verified(verify([&] {
                       std::thread first(fail, 1);
                       std::thread second(fail, 2);
                       first.join();
                       second.join();
                   }),
                   1);
    check_violated(verify([] {
                       std::thread other;
                       try {
                           throw Code{1};
                       } catch (const Code& code) {
                           other =
                               std::thread([&code] { rc11::outcome(std::to_string(code.value)); });
                       }
                       other.join();
                   }),
                   "use after free");
    check_violated(verify([] {
                       std::thread other;
                       try {
                           throw Code{1};
                       } catch (Code& code) {
                           other = std::thread([&code] { code.value = 2; });
                           code.value = 3;
                           other.join();
                       }
                   }),
                   "data race");
}

TEST_CASE("verify: what the C library allocates for code under check is no more when it is freed") {
    // Which the compiler knows nothing of, or it would leave them out.
    static char* (*volatile copy_of)(const char*) = [](const char* text) {
        char* copy = nullptr;
        rc11::check(asprintf(&copy, "%s", text) >= 0, "there is memory");
        return copy;
    };
    static void (*volatile release)(void*) = std::free;
    const auto use_copy = [] {
        char* const copy = copy_of("copied");
        copy[0] = 'C';
        release(copy);
    };
    check_verified(verify([&] {
                       std::thread other(use_copy);
                       use_copy();
                       other.join();
                   }),
                   1);
    // What was written to it must not be put back into what is there by then.
    const Verification found = rc11::verify([&] {
        use_copy();
        rc11::outcome(std::to_string(reinterpret_cast<std::uintptr_t>(copy_of("behind"))));
    });
    check_verified(found, 1);
    REQUIRE(found.outcomes.size() == 1);
    char* const kept = reinterpret_cast<char*>(std::stoull(found.outcomes.begin()->first));
    CHECK(std::string(kept) == "behind");
    std::free(kept);
}

TEST_CASE("verify: a program that ends itself is a violation") {
    check_violated(verify([] { std::terminate(); }), "std::terminate");
    check_violated(verify([]() noexcept { rc11::check(std::string().at(1) == 'a', ""); }),
                   "std::terminate");
    check_violated(verify([] {
                       const std::atomic<int> zero{0};
                       assert(zero.load() == 1);
                   }),
                   "assertion");
}

namespace {
volatile int zero = 0;
int shared_number = 0;
int* volatile nowhere = nullptr;

int descend(int depth) {
    volatile int below = depth;
    return below == 0 ? 0 : 1 + descend(below - 1);
}
}  // namespace

TEST_CASE("verify: a crash is a violation, with its place, and the next check is what it is") {
    constexpr int line = __LINE__ + 2;
    const Verification found = verify([] {
        std::thread other([] { *nowhere = 1; });
        other.join();
    });
    check_violated(found, "crash: SIGSEGV");
    CHECK_THAT(found.counterexample.back().place,
               Catch::Matchers::EndsWith("verify_test.cpp:" + std::to_string(line)));
    check_violated(verify([] { rc11::check(*nowhere == 1, "it is one"); }), "crash: SIGSEGV");
    check_violated(verify([] { std::atomic_ref(*nowhere).store(1); }), "crash: SIGSEGV");
    check_violated(verify([] { __builtin_trap(); }), "crash: SIGILL");
    check_violated(verify([] { rc11::check(descend(1'000'000) > 0, ""); }),
                   "crash: SIGSEGV, the stack of a thread is full");
    check_violated(verify([] {
                       volatile char large[1 << 20];
                       large[zero] = 1;
                       rc11::check(large[zero] == 1, "it is one");
                   }),
                   "the stack of a thread is full");
    check_verified(verify([] { rc11::choose(2); }), 2);
}

TEST_CASE("verify: a crash that only one order of threads leads to is found") {
    check_violated(verify([] {
                       std::atomic<int*> place{&shared_number};
                       std::thread other([&place] { place.store(nullptr, relaxed); });
                       int* const seen = place.load(relaxed);
                       other.join();
                       *seen = 1;
                   }),
                   "crash: SIGSEGV");
}

TEST_CASE("verify: a loop that does nothing that others know of is given up") {
    check_ends(rc11::verify(
                   [] {
                       while (zero == 0) {
                       }
                   },
                   {.accesses_max = 1'000'000}),
               Result::incomplete, "1000000 accesses of thread 0 in a row to plain memory");
    check_unsupported(verify([] { verify([] {}); }), "verify() within a check");
}

TEST_CASE("verify: a loop that polls waits, and is a deadlock when nobody helps") {
    const auto wait = [](bool is_set) {
        return verify([is_set] {
            const auto owner = std::make_unique<std::atomic<bool>>(false);
            std::thread other([&is_ready = *owner] {
                while (!is_ready.load(acquire)) std::this_thread::yield();
            });
            if (is_set) owner->store(true, release);
            other.join();
        });
    };
    const Verification good = wait(true);
    INFO(good.reason);
    CHECK(good.result == Result::verified);
    CHECK(good.executions >= 1);
    check_violated(wait(false), "deadlock");
}

TEST_CASE("verify: a loop that spins without saying so waits as well") {
    const auto spin = [](bool is_set) {
        return verify([is_set] {
            const auto owner = std::make_unique<std::atomic<int>[]>(2);
            std::thread other([&flag = owner[0], &unused = owner[1]] {
                while (flag.load(acquire) == 0 || unused.load(relaxed) != 0) {
                }
            });
            if (is_set) owner[0].store(1, release);
            other.join();
        });
    };
    const Verification good = spin(true);
    INFO(good.reason);
    CHECK(good.result == Result::verified);
    check_violated(spin(false), "deadlock");
    // One that counts its rounds comes to its end.
    check_verified(verify([] {
                       const auto owner = std::make_unique<std::atomic<int>>(0);
                       std::thread other([&flag = *owner] { flag.store(1, release); });
                       int rounds = 0;
                       while (owner->load(acquire) == 0 && rounds < 100) ++rounds;
                       other.join();
                   }),
                   102);
}

TEST_CASE("verify: a loop that gives up after some tries is no waiting loop") {
    const Verification tries = verify([] {
        const auto owner = std::make_unique<std::atomic<bool>>(false);
        std::thread other([&is_ready = *owner] { is_ready.store(true, release); });
        int tried = 0;
        while (tried < 3 && !owner->load(acquire)) {
            ++tried;
            std::this_thread::yield();
        }
        rc11::outcome(std::to_string(tried));
        other.join();
    });
    check_verified(tries, 4);
    CHECK(tries.outcomes.size() == 4);
}

namespace {

/// The textbook's ring: each end reads the other's index each time.
class Ring {
 public:
    bool try_push(int item) {
        const unsigned int tail = tail_.load(relaxed);
        if (tail - head_.load(acquire) == 2) return false;
        slots_[tail % 2] = item;
        tail_.store(tail + 1, release);
        return true;
    }
    bool try_pop(int& item) {
        const unsigned int head = head_.load(relaxed);
        if (tail_.load(acquire) == head) return false;
        item = slots_[head % 2];
        head_.store(head + 1, release);
        return true;
    }

 private:
    int slots_[2] = {};
    std::atomic<unsigned int> head_{0};
    std::atomic<unsigned int> tail_{0};
};

template <model::QueueOrders Orders>
using Production = model::SpscQueue<int, 2, model::StdPlatform, Orders>;

/// Items through a queue; who finds it full or empty waits.
template <class Queue>
Verification queue(int items) {
    return verify([items] {
        const auto owner = std::make_unique<Queue>();
        Queue& queue = *owner;
        std::thread producer([items, &queue = *owner] {
            for (int i = 0; i < items; ++i) rc11::assume(queue.try_push(i));
        });
        for (int i = 0; i < items; ++i) {
            int item = -1;
            rc11::assume(queue.try_pop(item));
            rc11::check(item == i, "items come in order, each once");
        }
        producer.join();
    });
}

}  // namespace

TEST_CASE("verify: N items through a ring of two slots are 3^(N-1) executions") {
    std::uint64_t executions = 1;
    for (int items = 1; items <= 7; ++items, executions *= 3) {
        check_verified(queue<Ring>(items), executions);
    }
}

TEST_CASE("verify: memory does not grow with the number of executions") {
    const auto peak_kbytes = [] {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss;
    };
    check_verified(queue<Ring>(7), 729);
    const long before = peak_kbytes();
    check_verified(queue<Ring>(10), 19683);
    CHECK(peak_kbytes() - before < 4096);
}

TEST_CASE("verify: the production queue is right, and none of its orders can be weaker") {
    using model::QueueOrders;
    // Fewer than with the ring: an end that has seen room for more does not look again.
    constexpr std::uint64_t executions[] = {1, 2, 5, 12, 29};
    for (int items = 1; items <= 5; ++items) {
        check_verified(queue<Production<QueueOrders{}>>(items), executions[items - 1]);
    }
    check_violated(queue<Production<QueueOrders{.publish = relaxed}>>(2), "data race");
    check_violated(queue<Production<QueueOrders{.observe = relaxed}>>(2), "data race");
    check_violated(queue<Production<QueueOrders{.vacate = relaxed}>>(3), "data race");
    check_violated(queue<Production<QueueOrders{.reclaim = relaxed}>>(3), "data race");
}

TEST_CASE("verify: what is outside is as it was after each execution") {
    int count = 0;
    const Verification verification = verify([&] {
        ++count;
        rc11::check(count == 1, "each execution begins anew");
        rc11::choose(3);
    });
    check_verified(verification, 3);
    CHECK(count == 0);
}

TEST_CASE("verify: going back to a state brings back stack, heap, and what is outside") {
    static unsigned int outside = 0;
    const Verification verification = verify([] {
        const auto heap = std::make_unique<unsigned int>(0);
        const auto count = std::make_unique<std::atomic<unsigned int>>(0);
        unsigned int local = 0;
        unsigned int blocks = 0;
        for (unsigned int i = 0; i < 10; ++i) {
            const unsigned int bit = rc11::choose(2);
            local = 2 * local + bit;
            *heap = 2 * *heap + bit;
            outside = 2 * outside + bit;
            if (bit == 1) blocks += *std::make_unique<unsigned int>(1);
            count->store(count->load(relaxed) + bit, relaxed);
            rc11::check(local == *heap && local == outside, "all know what was chosen");
            rc11::check(count->load(relaxed) == blocks, "and how often");
        }
        rc11::outcome(std::to_string(local));
    });
    check_verified(verification, 1024);
    CHECK(verification.outcomes.size() == 1024);
    CHECK(outside == 0);
}

TEST_CASE("verify: what a library keeps, and exceptions, are not gone back into") {
    const Verification verification = verify([] {
        for (unsigned int i = 0; i < 5; ++i) {
            char* const text = strdup("abc");
            rc11::choose(2);
            rc11::check(text[2] == 'c', "it is as it was");
            std::free(text);
            try {
                throw std::runtime_error("no");
            } catch (const std::runtime_error& error) {
                rc11::choose(2);
                rc11::check(error.what()[0] == 'n', "it is still there");
            }
        }
    });
    check_verified(verification, 1024);
}

// On their own: once a library keeps something, nothing is gone back into, whatever else there is.
TEST_CASE("verify: exceptions that are being handled are not gone back into") {
    const Verification verification = verify([] {
        for (unsigned int i = 0; i < 5; ++i) {
            try {
                throw std::runtime_error("no");
            } catch (const std::runtime_error& error) {
                rc11::choose(2);
                rc11::choose(2);
                rc11::check(error.what() == std::string("no"), "it is still there");
            }
        }
    });
    check_verified(verification, 1024);
}

TEST_CASE("verify: threads that wait are gone back to") {
    const Verification verification = verify([] {
        const auto count = std::make_unique<std::atomic<int>>(0);
        std::thread first([&total = *count] {
            for (int i = 0; i < 4; ++i) total.fetch_add(1, relaxed);
        });
        std::thread second([&total = *count] {
            for (int i = 0; i < 4; ++i) total.fetch_add(1, relaxed);
        });
        first.join();
        second.join();
        rc11::check(count->load(relaxed) == 8, "no increment is lost");
    });
    check_verified(verification, 70);
}

}  // namespace parley::tests
