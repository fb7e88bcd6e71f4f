#include "parley/protocols/cancelable_one_shot.hpp"

#include "parley/tests/protocols/counted.hpp"
#include "parley/tests/protocols/link.hpp"

#include <catch2/catch.hpp>

#include <utility>

namespace parley::protocols::cancelable_one_shot {
namespace {

using TestRequester = Requester<Counted>;
using TestNotifier = Notifier<Counted>;

struct Timer : Link<TestRequester, TestNotifier> {
    using Link::Link;

    bool arm(int number) {
        auto completion = left.make<Counted>(number);
        return requester.arm(completion, left);
    }
    void begin() {
        REQUIRE(arm(7));
        REQUIRE(right.poll(notifier, 1) == 1);
    }
    void poll_both() {
        right.poll(notifier, 8);
        left.poll(requester, 8);
    }

    TestRequester requester;
    TestNotifier notifier;
};

TEST_CASE("cancelable_one_shot: the completion travels with arm and comes back with fired") {
    Timer timer{2};
    timer.begin();
    CHECK_FALSE(timer.requester.completion);
    REQUIRE(timer.notifier.completion);
    REQUIRE(timer.notifier.fire(timer.right));
    CHECK_FALSE(timer.notifier.completion);
    timer.left.poll(timer.requester, 1);
    CHECK(timer.requester.outcome == Outcome::fired);
    auto completion = timer.requester.take_completion();
    REQUIRE(completion);
    CHECK(timer.left.access(completion).value == 7);
    timer.left.destroy(std::move(completion));
    CHECK(Counted::alive == 0);
}

TEST_CASE("cancelable_one_shot: a cancel in time is answered with cancelled") {
    Timer timer{2};
    timer.begin();
    REQUIRE(timer.requester.cancel(timer.left));
    CHECK_FALSE(timer.requester.cancel(timer.left));
    timer.poll_both();
    CHECK(timer.requester.outcome == Outcome::cancelled);
    CHECK(timer.requester.take_completion());
    CHECK_FALSE(timer.notifier.fire(timer.right));
}

TEST_CASE("cancelable_one_shot: when cancel crosses fired the outcome is fired at both ends") {
    Timer timer{2};
    timer.begin();
    REQUIRE(timer.requester.cancel(timer.left));
    REQUIRE(timer.notifier.fire(timer.right));
    timer.poll_both();
    CHECK(timer.requester.state == TestRequester::State::idle);
    CHECK(timer.requester.outcome == Outcome::fired);
    CHECK(timer.notifier.state == TestNotifier::State::idle);
    CHECK(timer.right_to_left.empty());
    CHECK(timer.left.rejected() + timer.right.rejected() == 0);
}

TEST_CASE("cancelable_one_shot: a late cancel does not hit the next arm") {
    Timer timer{2};
    timer.begin();
    timer.requester.cancel(timer.left);
    timer.notifier.fire(timer.right);
    timer.left.poll(timer.requester, 1);
    timer.requester.take_completion();
    REQUIRE(timer.arm(8));
    CHECK(timer.right.poll(timer.notifier, 2) == 2);
    CHECK(timer.notifier.can_fire());
    CHECK(timer.notifier.round == 2);
    CHECK(timer.right.rejected() == 0);
}

TEST_CASE("cancelable_one_shot: a cancel that the next arm has overtaken is without effect") {
    Timer timer{2};
    timer.begin();
    REQUIRE(timer.left.send(Cancel{0}));
    timer.right.poll(timer.notifier, 1);
    CHECK(timer.notifier.can_fire());
    CHECK(timer.right.rejected() == 0);
}

TEST_CASE("cancelable_one_shot: arm and cancel report a full queue and nothing has happened") {
    Timer timer{1};
    REQUIRE(timer.left.send(Cancel{0}));
    auto completion = timer.left.make<Counted>(7);
    CHECK_FALSE(timer.requester.arm(completion, timer.left));
    CHECK(completion);
    CHECK(timer.requester.round == 0);

    timer.right.poll(timer.notifier, 1);
    REQUIRE(timer.requester.arm(completion, timer.left));
    CHECK_FALSE(completion);
    CHECK_FALSE(timer.requester.cancel(timer.left));
    CHECK(timer.requester.state == TestRequester::State::armed);
}

TEST_CASE("cancelable_one_shot: outcomes that find the queue full") {
    Timer timer{1};
    timer.begin();
    REQUIRE(timer.right.send(Fired<Counted>{9, {}}));

    SECTION("fired is reported, and the object stays") {
        CHECK_FALSE(timer.notifier.fire(timer.right));
        CHECK(timer.notifier.completion);
        CHECK(timer.notifier.can_fire());
    }
    SECTION("cancelled is kept until there is room") {
        timer.requester.cancel(timer.left);
        timer.right.poll(timer.notifier, 1);
        CHECK(timer.notifier.has_pending());
        CHECK(timer.notifier.completion);
        CHECK_FALSE(timer.notifier.fire(timer.right));
        timer.left.poll(timer.requester, 1);
        timer.right.poll(timer.notifier, 0);
        timer.left.poll(timer.requester, 1);
        CHECK(timer.requester.outcome == Outcome::cancelled);
    }
}

TEST_CASE("cancelable_one_shot: the next arm waits for the outcome and for its object") {
    Timer timer{4};
    timer.begin();
    CHECK_FALSE(timer.arm(8));
    timer.notifier.fire(timer.right);
    timer.left.poll(timer.requester, 1);
    CHECK_FALSE(timer.requester.can_arm());
    CHECK_FALSE(timer.arm(8));
    timer.requester.take_completion();
    CHECK(timer.arm(8));
    CHECK(timer.requester.outcome == Outcome::none);
}

TEST_CASE("cancelable_one_shot: rounds wrap") {
    Timer timer{2};
    for (int i = 0; i < 300; ++i) {
        REQUIRE(timer.arm(i));
        timer.right.poll(timer.notifier, 1);
        timer.requester.cancel(timer.left);
        if (i % 2 == 0) timer.notifier.fire(timer.right);
        timer.poll_both();
        CHECK(timer.requester.outcome == (i % 2 == 0 ? Outcome::fired : Outcome::cancelled));
        timer.requester.take_completion();
    }
    CHECK(timer.left.rejected() + timer.right.rejected() == 0);
}

TEST_CASE("cancelable_one_shot: outcomes that nobody waits for and second arms are rejected") {
    Timer timer{4};
    REQUIRE(timer.right.send(Fired<Counted>{0, {}}));
    REQUIRE(timer.right.send(Cancelled<Counted>{0, {}}));
    timer.left.poll(timer.requester, 2);
    CHECK(timer.left.rejected() == 2);

    timer.begin();
    REQUIRE(timer.right.send(Fired<Counted>{2, {}}));
    REQUIRE(timer.right.send(Cancelled<Counted>{1, {}}));
    timer.left.poll(timer.requester, 2);
    CHECK(timer.left.rejected() == 4);
    REQUIRE(timer.left.send(Arm<Counted>{2, {}}));
    timer.right.poll(timer.notifier, 1);
    CHECK(timer.right.rejected() == 1);
}

}  // namespace
}  // namespace parley::protocols::cancelable_one_shot
