#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>

/// Atomic objects of more than eight bytes, or of sizes that no processor has; and those that are
/// not atomic all the time.
namespace parley::tests {

namespace {

template <std::size_t N>
struct Bytes {
    unsigned char bytes[N] = {};

    static Bytes of(unsigned char byte) {
        Bytes result;
        std::memset(result.bytes, byte, N);
        return result;
    }
    bool operator==(const Bytes&) const = default;
    bool is_whole() const { return *this == of(bytes[0]); }
};

/// What another thread makes of it, in two steps, is seen in one of its three states.
template <std::size_t N>
Verification see_stores() {
    return verify([] {
        const auto owner = std::make_unique<std::atomic<Bytes<N>>>();
        std::thread other([&object = *owner] {
            object.store(Bytes<N>::of(1), release);
            object.store(Bytes<N>::of(2), release);
        });
        const Bytes<N> seen = owner->load(acquire);
        rc11::check(seen.is_whole(), "it is one of the values");
        rc11::outcome(std::to_string(seen.bytes[0]));
        other.join();
    });
}

template <std::size_t N>
Verification send(std::memory_order order) {
    return verify([order] {
        struct Shared {
            std::atomic<Bytes<N>> object{};
            int payload = 0;
        };
        const auto owner = std::make_unique<Shared>();
        std::thread other([order, &shared = *owner] {
            shared.payload = 1;
            shared.object.exchange(Bytes<N>::of(1), order);
        });
        Bytes<N> expected = Bytes<N>::of(1);
        if (owner->object.compare_exchange_strong(expected, Bytes<N>::of(2), acquire, relaxed)) {
            rc11::check(owner->payload == 1, "it is there");
        } else {
            rc11::check(expected == Bytes<N>{}, "nothing has been sent");
        }
        other.join();
    });
}

/// No compiler knows what it is already.
[[gnu::noinline]] int read(const int& number) {
    return number;
}

/// A pointer and how often it has been changed.
struct Top {
    struct Node* node = nullptr;
    std::uint64_t changes = 0;
};
struct Node {
    Node* next = nullptr;
};

}  // namespace

TEST_CASE("wide: an atomic object of any size is one") {
    const auto check_three = [](const Verification& verification) {
        check_verified(verification, 3);
        CHECK(verification.outcomes.size() == 3);
    };
    check_three(see_stores<3>());
    check_three(see_stores<8>());
    check_three(see_stores<12>());
    check_three(see_stores<16>());
    check_three(see_stores<64>());
    check_unsupported(see_stores<65>(), "more than 64 bytes");
}

TEST_CASE("wide: its accesses order what they say") {
    check_verified(send<16>(release), 2);
    check_violated(send<16>(relaxed), "data race");
    check_verified(send<24>(release), 2);
    check_violated(send<24>(relaxed), "data race");
}

TEST_CASE("wide: a counterexample shows its words") {
    const Verification found = verify([] {
        const auto owner = std::make_unique<std::atomic<Top>>();
        owner->exchange({nullptr, 7}, relaxed);
        rc11::check(owner->load(relaxed).changes == 0, "it has not changed");
    });
    check_violated(found, "it has not changed");
    REQUIRE(found.counterexample.size() == 3);
    CHECK(found.counterexample[0].value == "{0, 0} -> {0, 7}");
    CHECK(found.counterexample[1].value == "{0, 7}");
}

TEST_CASE("wide: a stack whose top has a count is right, and one without has lost a node") {
    const auto pop_and_push = [](std::uint64_t step) {
        return verify([step] {
            struct Stack {
                std::atomic<Top> top;
                Node nodes[3];
            };
            const auto owner = std::make_unique<Stack>();
            Node* const nodes = owner->nodes;
            nodes[0].next = &nodes[1];
            nodes[1].next = &nodes[2];
            owner->top.store({&nodes[0], 0});
            const auto pop = [step, &stack = *owner]() -> Node* {
                Top top = stack.top.load(acquire);
                while (top.node != nullptr) {
                    Node* const next = std::atomic_ref(top.node->next).load(relaxed);
                    if (stack.top.compare_exchange_strong(top, {next, top.changes + step}, acq_rel,
                                                          acquire)) {
                        return top.node;
                    }
                }
                return nullptr;
            };
            const auto push = [step, &stack = *owner](Node* node) {
                Top top = stack.top.load(acquire);
                do {
                    std::atomic_ref(node->next).store(top.node, relaxed);
                } while (!stack.top.compare_exchange_strong(top, {node, top.changes + step},
                                                            acq_rel, acquire));
            };
            Node* first = nullptr;
            std::thread other([&] { first = pop(); });
            Node* const second = pop();
            Node* const third = pop();
            push(second);
            other.join();
            // Three nodes: one is with the other thread, one with this, and one is in the stack.
            const Node* const top = owner->top.load(relaxed).node;
            rc11::check(top != first && top != third && first != third, "each is in one place");
        });
    };
    const Verification counted = pop_and_push(1);
    INFO(counted.reason);
    CHECK(counted.result == Result::verified);
    check_violated(pop_and_push(0), "each is in one place");
}

TEST_CASE("wide: an object that has been atomic is what was written last") {
    check_verified(verify([] {
                       int count = 0;
                       const auto add = [&count] {
                           for (int i = 0; i < 2; ++i) std::atomic_ref(count).fetch_add(1, relaxed);
                       };
                       std::thread other(add);
                       add();
                       other.join();
                       rc11::check(count == 4, "all are there");
                       std::atomic_ref(count).store(7);
                       rc11::check(read(count) == 7, "and so is this");
                       count = 8;
                       rc11::check(std::atomic_ref(count).exchange(9) == 8, "it goes on");
                       rc11::check(read(count) == 9, "from there");
                   }),
                   6);
    // Also where an execution is run again from its beginning, with what comes later known already.
    check_verified(verify([] {
                       // What a library has made is not gone back into.
                       static char* volatile text = nullptr;
                       text = strdup("text");
                       int count = 0;
                       std::atomic_ref(count).store(1);
                       rc11::check(read(count) == 1, "it is the first");
                       std::atomic_ref(count).store(2);
                       rc11::choose(3);
                       rc11::check(read(count) == 2, "it is the second");
                       std::free(text);
                   }),
                   3);
    check_violated(verify([] {
                       int count = 0;
                       std::thread other([&count] { std::atomic_ref(count).fetch_add(1); });
                       rc11::check(count >= 0, "");
                       other.join();
                   }),
                   "data race");
    check_verified(verify([] {
                       const auto owner = std::make_unique<std::atomic<Bytes<16>>>();
                       owner->store(Bytes<16>::of(1));
                       Bytes<16> copy;
                       std::memcpy(&copy, static_cast<const void*>(owner.get()), sizeof copy);
                       rc11::check(copy == Bytes<16>::of(1), "a copy is whole");
                   }),
                   1);
}

}  // namespace parley::tests
