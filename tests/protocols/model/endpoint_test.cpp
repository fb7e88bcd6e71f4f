#include "parley/protocols/model/endpoint.hpp"

#include "parley/protocols/model/connection.hpp"
#include "parley/tests/protocols/model/allocations.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>

namespace parley::model {
namespace {

struct Ask {
    int number = 0;
};
struct Lend {
    StdPlatform::Owned<int> object;
};
struct Stop {};
struct Answer {
    int number = 0;
};

using Questions = std::variant<Ask, Lend, Stop>;
using Answers = std::variant<Answer>;
using Asking = Endpoint<Questions, Answers>;
using Answering = Endpoint<Answers, Questions>;

/// Answers what it is asked; what it cannot send at once it keeps.
struct Answerer {
    static constexpr std::string_view name = "answerer";
    using Inbox = Questions;
    using Outbox = Answers;

    int pending = 0;
    int next = 0;
    int lent = 0;
    bool is_stopped = false;

    bool has_pending() const { return pending > 0; }
    void flush(auto& port) {
        while (pending > 0 && port.send(Answer{next})) {
            ++next;
            --pending;
        }
    }
    void receive(const Ask&, auto& port) {
        ++pending;
        flush(port);
    }
    void receive(Lend&& message, auto& port) {
        lent += port.access(message.object);
        port.destroy(std::move(message.object));
    }
    void receive(const Stop& message, auto& port) {
        if (is_stopped) return port.reject(message);
        is_stopped = true;
    }
};

struct Asker {
    static constexpr std::string_view name = "asker";
    using Inbox = Answers;
    using Outbox = Questions;

    int answers = 0;
    int wrong = 0;

    void receive(const Answer& answer, auto&) { wrong += answer.number == answers++ ? 0 : 1; }
};

struct Pair {
    explicit Pair(std::size_t capacity) : questions(capacity), answers(capacity) {}

    SpscQueue<Questions> questions;
    SpscQueue<Answers> answers;
    Asking asking{questions, answers};
    Answering answering{answers, questions};
};

}  // namespace

TEST_CASE("endpoint: each message reaches the overload of its alternative, in order") {
    Pair pair(8);
    Answerer role;
    REQUIRE(pair.asking.send(Ask{1}));
    REQUIRE(pair.asking.send(Lend{Asking::make<int>(5)}));
    REQUIRE(pair.asking.send(Stop{}));
    CHECK(pair.answering.poll(role, 8) == 3);
    CHECK(role.lent == 5);
    CHECK(role.is_stopped);
    Asker asker;
    CHECK(pair.asking.poll(asker, 8) == 1);
    CHECK(asker.wrong == 0);
}

TEST_CASE("endpoint: a send that finds the queue full leaves the message untouched") {
    Pair pair(1);
    REQUIRE(pair.asking.send(Stop{}));
    Lend message{Asking::make<int>(7)};
    const auto send = [&] { return pair.asking.send(std::move(message)); };
    CHECK_FALSE(send());
    REQUIRE(message.object);
    CHECK(Asking::access(message.object) == 7);
    CHECK(Asking::access(message.object.alias()) == 7);
    Answerer role;
    CHECK(pair.answering.poll(role, 8) == 1);
    REQUIRE(send());
    CHECK_FALSE(message.object);
}

TEST_CASE("endpoint: poll handles at most as many messages as it is told") {
    Pair pair(4);
    Answerer role;
    for (int i = 0; i < 4; ++i) REQUIRE(pair.asking.send(Ask{i}));
    CHECK(pair.answering.poll(role, 0) == 0);
    CHECK(pair.answering.poll(role, 3) == 3);
    CHECK(pair.questions.size_guess() == 1);
    CHECK(pair.answering.poll(role, 3) == 1);
}

TEST_CASE("endpoint: poll sends what the role owes before it handles more") {
    Pair pair(2);
    Answerer role;
    Asker asker;
    for (int i = 0; i < 2; ++i) REQUIRE(pair.asking.send(Ask{i}));
    CHECK(pair.answering.poll(role, 2) == 2);
    REQUIRE(pair.asking.send(Ask{2}));
    CHECK(pair.answering.poll(role, 2) == 1);
    CHECK(role.has_pending());
    CHECK(pair.asking.poll(asker, 8) == 2);
    CHECK(pair.answering.poll(role, 0) == 0);
    CHECK_FALSE(role.has_pending());
    CHECK(pair.asking.poll(asker, 8) == 1);
    CHECK(asker.wrong == 0);
}

TEST_CASE("endpoint: a rejected message is counted and dropped") {
    Pair pair(4);
    Answerer role;
    for (int i = 0; i < 3; ++i) REQUIRE(pair.asking.send(Stop{}));
    CHECK(pair.answering.poll(role, 4) == 3);
    CHECK(pair.answering.rejected() == 2);
    CHECK(pair.asking.rejected() == 0);
    CHECK(pair.questions.empty());
}

TEST_CASE("endpoint: the slot of a message is free while it is handled") {
    Pair pair(1);
    struct Again {
        Pair& pair;
        bool has_found_room = false;
        void receive(const Answer&, Asking&) { has_found_room = pair.answering.send(Answer{2}); }
    };
    REQUIRE(pair.answering.send(Answer{1}));
    Again role{pair};
    CHECK(pair.asking.poll(role, 1) == 1);
    CHECK(role.has_found_room);
}

TEST_CASE("endpoint: a message whose handling throws is gone, and the next one comes") {
    struct Thrower {
        void receive(const Answer&, Asking&) { throw std::runtime_error("no"); }
    };
    Pair pair(2);
    REQUIRE(pair.answering.send(Answer{0}));
    REQUIRE(pair.answering.send(Answer{1}));
    Thrower thrower;
    CHECK_THROWS_AS(pair.asking.poll(thrower, 1), std::runtime_error);
    Asker asker;
    CHECK(pair.asking.poll(asker, 2) == 1);
}

TEST_CASE("endpoint: send and poll allocate nothing") {
    Pair pair(4);
    Answerer role;
    Asker asker;
    const std::size_t before = allocations();
    for (int i = 0; i < 100; ++i) {
        pair.asking.send(Ask{i});
        pair.answering.poll(role, 4);
        pair.asking.poll(asker, 4);
    }
    const std::size_t after = allocations();
    CHECK(after == before);
    CHECK(asker.answers == 100);
}

TEST_CASE("endpoint: two threads ask and answer, each question once and in order") {
    constexpr int questions = 20'000;
    Connection<Asker, Answerer> connection(256, 256);
    std::thread other([&connection] {
        Answerer role;
        while (!role.is_stopped || role.has_pending()) {
            if (connection.right().poll(role, 32) == 0) std::this_thread::yield();
        }
    });
    Asker asker;
    for (int asked = 0; asked < questions || asker.answers < questions;) {
        while (asked < questions && connection.left().send(Ask{asked})) ++asked;
        if (connection.left().poll(asker, 32) == 0) std::this_thread::yield();
    }
    while (!connection.left().send(Stop{})) std::this_thread::yield();
    other.join();
    CHECK(asker.answers == questions);
    CHECK(asker.wrong == 0);
}

}  // namespace parley::model
