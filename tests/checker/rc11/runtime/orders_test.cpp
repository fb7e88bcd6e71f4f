#include "parley/checker/rc11/runtime/verify.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

// Which memory orders compiled code needs.

namespace parley::tests {

namespace {

using rc11::OrdersVerification;
using rc11::Result;
using rc11::WeakenedOrder;

std::vector<std::string> order_texts(const OrdersVerification& found) {
    std::vector<std::string> list;
    for (const WeakenedOrder& each : found.orders) {
        const std::string& reason = each.verification.reason;
        list.push_back(each.what + " " + each.order + " > " + each.weakened + ": " +
                       (each.is_necessary() ? reason.substr(0, reason.find(':')) : "stronger"));
    }
    std::ranges::sort(list);
    return list;
}

struct ReadyText {
    std::atomic<bool> is_ready = false;
    int text = 0;
};

/// Two threads may take it, one gets it; it is handed over with what it protects.
struct GuardedUses {
    std::atomic<int> owner = 0;
    int uses = 0;

    void use() {
        int expected = 0;
        if (owner.compare_exchange_strong(expected, 1)) {
            ++uses;
            owner.store(0, std::memory_order_release);
        }
    }
};

template <class T>
class FilledSlot {
 public:
    void put(T value) {
        value_ = value;
        is_full_.store(true, std::memory_order_release);
    }
    bool is_full() const { return is_full_.load(std::memory_order_acquire); }
    T value() const { return value_; }

 private:
    std::atomic<bool> is_full_ = false;
    T value_{};
};

/// Hands over what is in the letter, if there is anything.
void hand_over(bool has_text) {
    ReadyText letter;
    std::thread writer([&] {
        if (has_text) letter.text = 42;
        letter.is_ready.store(true);
    });
    const bool is_ready = letter.is_ready.load(std::memory_order_acquire);
    if (is_ready && has_text) rc11::check(letter.text == 42, "it is there");
    writer.join();
}

}  // namespace

TEST_CASE("orders: those of a message are necessary, one that is too strong is not") {
    const OrdersVerification found = rc11::verify_orders([] { hand_over(true); });
    CHECK(found.original.result == Result::verified);
    CHECK(found.original.executions == 2);
    CHECK(order_texts(found) == std::vector<std::string>{"load acquire > relaxed: data race",
                                                         "store seq_cst > release: stronger"});
    REQUIRE(found.orders.size() == 2);
    CHECK(found.orders.front().place.find("orders_test.cpp:") != std::string::npos);
    // The execution that shows it has the order that it was made with.
    const auto& steps = found.orders.back().verification.counterexample;
    CHECK(std::ranges::find(steps, "load relaxed", &rc11::Step::what) != steps.end());
}

TEST_CASE("orders: both of a compare_exchange, and those of fences") {
    const OrdersVerification token = rc11::verify_orders([] {
        GuardedUses token;
        std::thread other([&] { token.use(); });
        token.use();
        other.join();
    });
    CHECK(token.original.result == Result::verified);
    CHECK(order_texts(token) ==
          std::vector<std::string>{"failing compare_exchange seq_cst > acquire: stronger",
                                   "read-modify-write seq_cst > acq_rel: stronger",
                                   "store release > relaxed: data race"});

    const OrdersVerification fences = rc11::verify_orders([] {
        ReadyText letter;
        std::thread writer([&] {
            letter.text = 42;
            std::atomic_thread_fence(std::memory_order_release);
            letter.is_ready.store(true, std::memory_order_relaxed);
        });
        if (letter.is_ready.load(std::memory_order_relaxed)) {
            std::atomic_thread_fence(std::memory_order_acq_rel);
            rc11::check(letter.text == 42, "it is there");
        }
        writer.join();
    });
    CHECK(order_texts(fences) == std::vector<std::string>{"fence acq_rel > acquire: stronger",
                                                          "fence acq_rel > release: data race",
                                                          "fence release > relaxed: data race"});
}

TEST_CASE("orders: two in one line are told apart, and a template is one wherever it is compiled") {
    const OrdersVerification stores = rc11::verify_orders([] {
        std::atomic<int> x = 0;
        std::atomic<int> y = 0;
        int text = 0;
        std::thread writer([&] {
            text = 42;
            // clang-format off
            x.store(1, std::memory_order_release); y.store(1, std::memory_order_release);
            // clang-format on
        });
        if (y.load(std::memory_order_acquire) == 1) rc11::check(text == 42, "it is there");
        writer.join();
    });
    CHECK(order_texts(stores) == std::vector<std::string>{"load acquire > relaxed: data race",
                                                          "store release > relaxed: data race",
                                                          "store release > relaxed: stronger"});

    const OrdersVerification slots = rc11::verify_orders([] {
        FilledSlot<int> number;
        FilledSlot<char> letter;
        std::thread writer([&] {
            number.put(42);
            letter.put('x');
        });
        if (letter.is_full()) rc11::check(letter.value() == 'x', "it is there");
        if (number.is_full()) rc11::check(number.value() == 42, "it is there");
        writer.join();
    });
    CHECK(order_texts(slots) == std::vector<std::string>{"load acquire > relaxed: data race",
                                                         "store release > relaxed: data race"});
}

TEST_CASE("orders: what the library and the compiler say is left out") {
    const OrdersVerification found = rc11::verify_orders([] {
        static const std::string name(40, 'x');
        auto shared = std::make_shared<int>(42);
        std::atomic<int> state = 0;
        std::thread other([&state, copy = shared] {
            rc11::check(*copy == 42 && name.size() == 40, "it is there");
            state.store(1, std::memory_order_release);
            state.notify_one();
        });
        shared.reset();
        state.wait(0, std::memory_order_acquire);
        other.join();
    });
    CHECK(found.original.result == Result::verified);
    CHECK(order_texts(found) == std::vector<std::string>{"store release > relaxed: stronger"});
}

TEST_CASE("orders: nothing is made weaker of what is violated as it is") {
    const OrdersVerification found = rc11::verify_orders([] {
        ReadyText letter;
        std::thread writer([&] { letter.text = 42; });
        rc11::check(letter.text != 41, "it is another one");
        writer.join();
    });
    CHECK(found.original.result == Result::violated);
    CHECK(found.orders.empty());
}

// Not run by themselves: tests of the command have it run them.

TEST_CASE("what parley orders runs: a message", "[.]") {
    for (const bool has_text : {false, true}) {
        CHECK(rc11::verify([&] { hand_over(has_text); }).result == Result::verified);
    }
}

TEST_CASE("what parley orders runs: a race", "[.]") {
    const auto write_twice = [] {
        ReadyText letter;
        std::thread writer([&] { letter.text = 42; });
        letter.text = 41;
        writer.join();
    };
    CHECK(rc11::verify(write_twice).result == Result::violated);
}

TEST_CASE("what parley orders runs: a test that fails", "[.]") {
    CHECK(rc11::verify([] { hand_over(true); }).result == Result::verified);
    FAIL("for another reason");
}

}  // namespace parley::tests
