#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

extern "C" {
void AnnotateHappensBefore(const char* file, int line, void* object);
void AnnotateHappensAfter(const char* file, int line, void* object);
}

/// Where objects are: on stacks, static, local to a thread, on the heap.
namespace parley::tests {

namespace {

struct Pair {
    long first = 0;
    long second = 0;
    std::atomic<bool> is_ready{false};
};

/// The owner writes to a member of an object on its stack, which another thread reads.
Verification share_stack(std::memory_order order, bool writes_late) {
    return verify([order, writes_late] {
        Pair shared;
        std::thread other([order, &shared] {
            if (shared.is_ready.load(order)) rc11::check(shared.second == 42, "it is there");
        });
        if (!writes_late) shared.second = 42;
        shared.is_ready.store(true, release);
        if (writes_late) shared.second = 42;
        other.join();
    });
}

[[gnu::noinline]] void hand_out(std::atomic<int*>& place, bool waits) {
    int value = 42;
    place.store(&value, release);
    while (place.load(waits ? acquire : relaxed) != nullptr && waits) std::this_thread::yield();
}

[[gnu::noinline]] void use_stack(int depth) {
    volatile int value = depth;
    if (value > 0) use_stack(depth - 1);
}

/// Of two threads one uses an object on the stack of a function of the other one, which waits for
/// it, or does not; the stack may be used again meanwhile.
Verification use_of_returned(bool is_owner_first, bool waits, bool is_used_again) {
    return verify([=] {
        std::atomic<int*> place{nullptr};
        const auto own = [&place, waits, is_used_again] {
            hand_out(place, waits);
            if (is_used_again) use_stack(3);
        };
        const auto use = [&place] {
            int* value = nullptr;
            while ((value = place.load(acquire)) == nullptr) std::this_thread::yield();
            rc11::check(*value == 42, "it is there");
            place.store(nullptr, release);
        };
        std::thread other([&] { is_owner_first ? use() : own(); });
        is_owner_first ? own() : use();
        other.join();
    });
}

union Overlapping {
    std::uint64_t whole = 0;
    std::uint32_t half;
};
Overlapping overlapping;

/// Asks not to be instrumented.
__attribute__((no_sanitize("thread"), noinline)) void write_unseen(char& byte) {
    byte = 'c';
}

thread_local int own = 1;
thread_local std::string text = "a";

}  // namespace

TEST_CASE("objects: on a stack they are shared like others") {
    check_verified(share_stack(acquire, false), 2);
    check_violated(share_stack(relaxed, false), "data race");
    check_violated(share_stack(acquire, true), "data race");
}

TEST_CASE("objects: on a stack they live as long as their function") {
    for (const bool is_used_again : {false, true}) {
        for (const bool is_owner_first : {false, true}) {
            const Verification good = use_of_returned(is_owner_first, true, is_used_again);
            INFO(good.reason);
            CHECK(good.result == Result::verified);
            CHECK(use_of_returned(is_owner_first, false, is_used_again).result == Result::violated);
        }
    }
    check_violated(use_of_returned(true, false, true), "after its function has returned");
    check_violated(use_of_returned(false, false, false), "after its function has returned");
    // And no longer than their thread.
    check_violated(verify([] {
                       std::atomic<int*> place{nullptr};
                       std::thread other([&place] {
                           int value = 42;
                           place.store(&value, release);
                       });
                       other.join();
                       rc11::check(*place.load(acquire) == 42, "it is there");
                   }),
                   "after its function has returned");
}

TEST_CASE("objects: each thread has its own thread_local variables") {
    check_verified(verify([] {
                       std::atomic<int> total{0};
                       const auto grow = [&total] {
                           ++own;
                           text += "b";
                           rc11::check(own == 2 && text == "ab", "it is new");
                           total.fetch_add(1, relaxed);
                       };
                       std::thread other(grow);
                       grow();
                       other.join();
                   }),
                   2);
    CHECK(own == 1);
    // And can give it to others, for as long as it is there.
    check_violated(verify([] {
                       std::thread other([at = &own] { ++*at; });
                       ++own;
                       other.join();
                   }),
                   "data race");
}

TEST_CASE("objects: local static variables are there once") {
    struct Counter {
        Counter() : values{1} {}
        std::vector<int> values;
    };
    const auto use = [](bool is_guarded) {
        return verify([is_guarded] {
            static std::mutex mutex;
            const auto add = [is_guarded] {
                static Counter counter;
                std::unique_lock lock(mutex, std::defer_lock);
                if (is_guarded) lock.lock();
                counter.values.push_back(1);
            };
            std::thread other(add);
            add();
            other.join();
        });
    };
    // Whoever makes it, whether the other one sees that at once, and whoever adds first.
    check_verified(use(true), 8);
    check_violated(use(false), "data race");
}

TEST_CASE("objects: the heap is watched in every execution") {
    const auto race_for = [](void (*use)(int*)) {
        return verify([use] {
            const auto owner = std::make_unique<std::atomic<int*>>(new int(3));
            std::thread other([&place = *owner] { delete place.exchange(nullptr, acq_rel); });
            use(owner->load(acquire));
            other.join();
        });
    };
    check_violated(race_for([](int* object) { delete object; }), "");
    check_violated(race_for([](int* object) {
                       if (object != nullptr) *object = 4;
                   }),
                   "");
    check_verified(race_for([](int* object) { rc11::outcome(object == nullptr ? "" : "there"); }),
                   2);
    // Lost in one execution of three.
    check_violated(verify([] {
                       const auto owner = std::make_unique<std::atomic<int*>>(nullptr);
                       std::thread other([&place = *owner] { place.store(new int(1), release); });
                       delete owner->load(acquire);
                       other.join();
                   }),
                   "memory leak");
}

TEST_CASE("objects: freeing races with what is not known to be before it") {
    struct Shared {
        int* place = new int(0);
        std::atomic<int> step{0};
        std::atomic<bool> is_over{false};
    };
    // The other thread has no event behind its write when the block is freed, and may have no other
    // before the block is gone.
    const auto use = [](bool ends, bool is_seen) {
        return verify([=] {
            const auto shared = std::make_unique<Shared>();
            std::thread other([=, &shared = *shared] {
                shared.step.store(1, release);
                *shared.place = 1;
                if (!ends) rc11::assume(shared.is_over.load(acquire));
            });
            if (is_seen && ends) other.join();
            if (!ends || !is_seen) rc11::assume(shared->step.load(acquire) == 1);
            delete shared->place;
            shared->is_over.store(true, release);
            if (other.joinable()) other.join();
        });
    };
    check_verified(use(true, true), 1);
    check_violated(use(true, false), "data race");
    check_violated(use(false, true), "data race");
}

TEST_CASE("objects: a copy is an access, whatever makes it") {
    struct Bytes {
        char bytes[24] = {};
    };
    struct Shared {
        Bytes bytes;
        Bytes other;
    };
    using Use = void (*)(Shared&);
    const Use uses[] = {
        [](Shared& shared) { shared.other = shared.bytes; },
        [](Shared& shared) { std::memcpy(&shared.other, &shared.bytes, sizeof(Bytes)); },
        [](Shared& shared) { std::memmove(&shared.other, &shared.bytes, sizeof(Bytes)); },
        [](Shared& shared) { std::ranges::copy(shared.bytes.bytes, shared.other.bytes); },
        [](Shared& shared) {
            for (int i = 0; i < 24; ++i) shared.other.bytes[i] = shared.bytes.bytes[i];
        },
        [](Shared& shared) { std::memset(&shared.bytes, 0, sizeof(Bytes)); },
        [](Shared& shared) { write_unseen(shared.bytes.bytes[13]); },
        [](Shared& shared) { std::ranges::fill(shared.bytes.bytes, char{1}); },
        [](Shared& shared) {
            for (char& byte : shared.bytes.bytes) byte = 0;
        },
        [](Shared& shared) {
            rc11::check(std::memcmp(&shared.bytes, &shared.other, sizeof(Bytes)) >= 0, "");
        },
        [](Shared& shared) {
            shared.other.bytes[0] =
                std::ranges::equal(shared.bytes.bytes, shared.other.bytes) ? 'a' : 'b';
        },
        [](Shared& shared) {
            shared.other.bytes[0] = static_cast<char>(std::strlen(shared.bytes.bytes));
        },
    };
    for (const Use& use : uses) {
        CAPTURE(&use - uses);
        check_violated(verify([use = use] {
                           const auto owner = std::make_unique<Shared>();
                           std::ranges::fill(owner->bytes.bytes, 'a');
                           owner->bytes.bytes[23] = 0;
                           owner->other = owner->bytes;
                           std::thread other([&shared = *owner] { shared.bytes.bytes[13] = 'b'; });
                           use(*owner);
                           other.join();
                       }),
                       "data race");
    }
}

TEST_CASE("objects: a weak compare_exchange may fail without reason") {
    const auto weakly = [](int threads, std::size_t failures_max) {
        rc11::VerifyOptions options;
        options.weak_failures_max = failures_max;
        return verify(
            [threads] {
                std::atomic<int> value{0};
                std::vector<std::thread> all;
                for (int i = 1; i <= threads; ++i) {
                    all.emplace_back([i, &value] {
                        int expected = 0;
                        value.compare_exchange_weak(expected, i, relaxed, relaxed);
                    });
                }
                for (std::thread& thread : all) thread.join();
                rc11::outcome(value.load(relaxed) == 0 ? "none" : "one");
            },
            options);
    };
    // One of N succeeds, and each other one fails for one reason or the other; or none does.
    for (const int n : {1, 2, 3, 4}) {
        const auto count = static_cast<std::uint64_t>(n);
        check_verified(weakly(n, 1), count * (std::uint64_t{1} << (count - 1)) + 1);
        check_verified(weakly(n, 0), count);
    }
    CHECK(weakly(2, 1).outcomes.at("none") == 1);
    // Who tries again gets there; who does not has counted on more than there is.
    const auto increment = [](bool tries_again) {
        rc11::VerifyOptions options;
        options.weak_failures_max = 2;
        return verify(
            [tries_again] {
                std::atomic<int> value{0};
                int expected = 0;
                while (!value.compare_exchange_weak(expected, expected + 1) && tries_again) {
                }
                rc11::check(value.load() == 1, "it has been counted");
            },
            options);
    };
    check_verified(increment(true), 3);
    check_violated(increment(false), "it has been counted");
    // What is strong does not.
    rc11::VerifyOptions options;
    options.weak_failures_max = 2;
    check_verified(verify(
                       [] {
                           std::atomic<long> value{0};
                           long expected = 0;
                           rc11::check(value.compare_exchange_strong(expected, 1), "it is alone");
                       },
                       options),
                   1);
}

TEST_CASE("objects: annotations for ThreadSanitizer order nothing") {
    struct Shared {
        int payload = 0;
        std::atomic<bool> is_ready{false};
    };
    check_violated(verify([] {
                       Shared shared;
                       std::thread other([&shared] {
                           shared.payload = 1;
                           AnnotateHappensBefore(__FILE__, __LINE__, &shared);
                           shared.is_ready.store(true, relaxed);
                       });
                       if (shared.is_ready.load(relaxed)) {
                           AnnotateHappensAfter(__FILE__, __LINE__, &shared);
                           rc11::check(shared.payload == 1, "it is there");
                       }
                       other.join();
                   }),
                   "data race");
}

// The thread has come to its load when the object at the lower address is new, and waits there for
// what it reads: only a search that adds the write after the load gets there.
TEST_CASE("objects: an operation is one of its object whatever has come while it waited") {
    struct Shared {
        int lower = 0;
        int higher = 0;
        std::atomic<bool> has_begun{false};
        std::atomic<bool> has_read{false};
    };
    check_violated(verify([] {
                       const auto shared = std::make_unique<Shared>();
                       std::thread other([&shared = *shared] {
                           shared.has_begun.store(true, relaxed);
                           if (std::atomic_ref(shared.higher).load(relaxed) == 2) {
                               shared.has_read.store(true, relaxed);
                           }
                       });
                       rc11::assume(shared->has_begun.load(relaxed));
                       std::atomic_ref(shared->lower).store(1, relaxed);
                       std::atomic_ref(shared->higher).store(2, relaxed);
                       rc11::assume(shared->has_read.load(relaxed));
                       shared->higher = 3;
                       other.join();
                   }),
                   "data race");
}

TEST_CASE("objects: what is not supported is said") {
    check_unsupported(verify([] {
                          std::atomic_ref(overlapping.whole).store(1);
                          rc11::check(std::atomic_ref(overlapping.half).load() == 1, "it is one");
                      }),
                      "accesses of two sizes");
    check_unsupported(verify([] {
                          auto shared = std::make_shared<int>(1);
                          rc11::check(*std::atomic_load(&shared) == 1, "it is one");
                      }),
                      "a lock within the C++ library");
    // What the library does for itself is no matter of the check.
    check_verified(verify([] {
                       std::ostringstream stream;
                       stream << 1.5 << std::string(40, 'a');
                       rc11::check(stream.str().size() == 43, "it is all there");
                   }),
                   1);
}

}  // namespace parley::tests
