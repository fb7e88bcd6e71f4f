#include "parley/protocols/subscription.hpp"

#include "parley/tests/protocols/counted.hpp"
#include "parley/tests/protocols/link.hpp"

#include <catch2/catch.hpp>

#include <utility>

namespace parley::protocols::subscription {
namespace {

using TestSubscriber = Subscriber<Counted>;
using TestPublisher = Publisher<Counted>;

struct Topic : Link<TestSubscriber, TestPublisher> {
    using Link::Link;

    bool subscribe(int number) {
        auto context = left.make<Counted>(number);
        return subscriber.subscribe(context, left);
    }
    void begin() {
        REQUIRE(subscribe(7));
        REQUIRE(right.poll(publisher, 1) == 1);
    }

    TestSubscriber subscriber;
    TestPublisher publisher;
};

TEST_CASE("subscription: notifications arrive in order until the acknowledgement") {
    Topic topic{4};
    topic.begin();
    REQUIRE(topic.publisher.publish(10, topic.right));
    REQUIRE(topic.publisher.publish(20, topic.right));
    CHECK(topic.left.poll(topic.subscriber, 4) == 2);
    CHECK(topic.subscriber.count == 2);
    CHECK(topic.subscriber.value == 20);

    REQUIRE(topic.subscriber.unsubscribe(topic.left));
    topic.right.poll(topic.publisher, 1);
    CHECK_FALSE(topic.publisher.publish(30, topic.right));
    CHECK(topic.left.poll(topic.subscriber, 4) == 1);
    CHECK(topic.subscriber.state == TestSubscriber::State::idle);
    CHECK(topic.left.rejected() + topic.right.rejected() == 0);
}

TEST_CASE("subscription: the context is the publisher's until it comes back") {
    Topic topic{4};
    topic.begin();
    REQUIRE(topic.publisher.context);
    CHECK_FALSE(topic.subscriber.context);
    CHECK(topic.right.access(topic.publisher.context).value == 7);
    topic.subscriber.unsubscribe(topic.left);
    topic.right.poll(topic.publisher, 1);
    CHECK_FALSE(topic.publisher.context);
    topic.left.poll(topic.subscriber, 1);
    auto context = topic.subscriber.take_context();
    REQUIRE(context);
    CHECK(topic.left.access(context).value == 7);
    topic.left.destroy(std::move(context));
    CHECK(Counted::alive == 0);
}

TEST_CASE("subscription: a notification that crosses Unsubscribe is still good") {
    Topic topic{4};
    topic.begin();
    REQUIRE(topic.subscriber.unsubscribe(topic.left));
    REQUIRE(topic.publisher.publish(10, topic.right));
    topic.right.poll(topic.publisher, 1);
    CHECK(topic.left.poll(topic.subscriber, 1) == 1);
    CHECK(topic.subscriber.value == 10);
    CHECK(topic.subscriber.state == TestSubscriber::State::unsubscribing);
    CHECK(topic.left.poll(topic.subscriber, 1) == 1);
    CHECK(topic.subscriber.state == TestSubscriber::State::idle);
    CHECK(topic.left.rejected() == 0);
}

TEST_CASE("subscription: an acknowledgement that finds the queue full is kept") {
    Topic topic{1};
    topic.begin();
    REQUIRE(topic.publisher.publish(10, topic.right));
    CHECK_FALSE(topic.publisher.publish(20, topic.right));
    topic.subscriber.unsubscribe(topic.left);
    topic.right.poll(topic.publisher, 1);
    CHECK(topic.publisher.has_pending());
    CHECK(topic.publisher.context);
    topic.left.poll(topic.subscriber, 1);
    topic.right.poll(topic.publisher, 0);
    CHECK_FALSE(topic.publisher.has_pending());
    CHECK(topic.left.poll(topic.subscriber, 1) == 1);
    CHECK(topic.subscriber.count == 1);
}

TEST_CASE("subscription: a subscriber subscribes again when it has taken its context") {
    Topic topic{2};
    topic.begin();
    topic.publisher.publish(10, topic.right);
    topic.subscriber.unsubscribe(topic.left);
    topic.right.poll(topic.publisher, 1);
    CHECK_FALSE(topic.subscribe(8));
    topic.left.poll(topic.subscriber, 2);
    CHECK_FALSE(topic.subscribe(8));
    CHECK(topic.subscriber.take_context());
    CHECK(topic.subscribe(8));
    topic.right.poll(topic.publisher, 1);
    REQUIRE(topic.publisher.publish(10, topic.right));
    topic.left.poll(topic.subscriber, 1);
    CHECK(topic.subscriber.session == 2);
    CHECK(topic.subscriber.count == 1);
    CHECK(topic.left.rejected() == 0);
}

TEST_CASE("subscription: subscribe and unsubscribe report a full queue") {
    Topic topic{1};
    REQUIRE(topic.left.send(Unsubscribe{9}));
    auto context = topic.left.make<Counted>(7);
    CHECK_FALSE(topic.subscriber.subscribe(context, topic.left));
    CHECK(context);
    CHECK(topic.subscriber.state == TestSubscriber::State::idle);

    topic.right.poll(topic.publisher, 1);
    REQUIRE(topic.subscriber.subscribe(context, topic.left));
    CHECK_FALSE(topic.subscriber.unsubscribe(topic.left));
    CHECK(topic.subscriber.state == TestSubscriber::State::subscribed);
}

TEST_CASE("subscription: messages of no session or of another one are rejected") {
    Topic topic{4};
    REQUIRE(topic.right.send(Notification{1, 0, 0}));
    REQUIRE(topic.right.send(Acknowledged<Counted>{1, {}}));
    topic.left.poll(topic.subscriber, 2);
    CHECK(topic.left.rejected() == 2);
    REQUIRE(topic.left.send(Unsubscribe{1}));
    topic.right.poll(topic.publisher, 1);
    CHECK(topic.right.rejected() == 1);

    topic.begin();
    REQUIRE(topic.right.send(Notification{2, 0, 0}));
    REQUIRE(topic.right.send(Notification{1, 3, 0}));
    REQUIRE(topic.right.send(Acknowledged<Counted>{1, {}}));
    topic.left.poll(topic.subscriber, 3);
    CHECK(topic.left.rejected() == 5);
    REQUIRE(topic.left.send(Subscribe<Counted>{2, {}}));
    REQUIRE(topic.left.send(Unsubscribe{2}));
    topic.right.poll(topic.publisher, 2);
    CHECK(topic.right.rejected() == 3);
}

}  // namespace
}  // namespace parley::protocols::subscription
