#include "parley/protocols/send.hpp"

#include "parley/tests/protocols/counted.hpp"
#include "parley/tests/protocols/link.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <utility>

namespace parley::protocols::send {
namespace {

using TestSender = Sender<Counted>;
using TestReceiver = Receiver<Counted>;

struct Stream : Link<TestSender, TestReceiver> {
    using Link::Link;

    bool send(int number) {
        auto buffer = left.make<Counted>(number);
        return sender.send(buffer, left);
    }

    TestSender sender;
    TestReceiver receiver;
};

TEST_CASE("send: items arrive in order with their buffers, then the end") {
    Stream stream{4};
    REQUIRE(stream.send(10));
    REQUIRE(stream.send(11));
    REQUIRE(stream.sender.end(stream.left));
    for (const int number : {10, 11}) {
        REQUIRE(stream.right.poll(stream.receiver, 1) == 1);
        auto buffer = stream.receiver.take();
        REQUIRE(buffer);
        CHECK(stream.right.access(buffer).value == number);
        stream.right.destroy(std::move(buffer));
    }
    CHECK(stream.right.poll(stream.receiver, 1) == 1);
    CHECK(stream.receiver.state == TestReceiver::State::ended);
    CHECK(stream.receiver.count == 2);
    CHECK(stream.receiver.refused == 0);
    CHECK(stream.right.rejected() == 0);
    CHECK(Counted::alive == 0);
}

TEST_CASE("send: a full queue is reported and the buffer stays with the sender") {
    Stream stream{1};
    REQUIRE(stream.send(10));
    auto buffer = stream.left.make<Counted>(11);
    CHECK_FALSE(stream.sender.send(buffer, stream.left));
    REQUIRE(buffer);
    CHECK(stream.left.access(buffer).value == 11);
    CHECK(stream.sender.count == 1);
    CHECK_FALSE(stream.sender.end(stream.left));
    CHECK(stream.sender.state == TestSender::State::open);

    stream.right.poll(stream.receiver, 1);
    CHECK(stream.sender.send(buffer, stream.left));
    CHECK_FALSE(buffer);
}

TEST_CASE("send: an item that is only offered is lost on a full queue, and leaves no gap") {
    Stream stream{1};
    stream.sender.offer(stream.left.make<Counted>(10), stream.left);
    stream.sender.offer(stream.left.make<Counted>(11), stream.left);
    CHECK(stream.sender.count == 1);
    CHECK(stream.sender.lost == 1);
    CHECK(Counted::alive == 1);

    stream.right.poll(stream.receiver, 1);
    stream.right.destroy(stream.receiver.take());
    REQUIRE(stream.send(12));
    CHECK(stream.right.poll(stream.receiver, 1) == 1);
    CHECK(stream.receiver.count == 2);
    CHECK(stream.right.rejected() == 0);
}

TEST_CASE("send: a refused item is freed and counted") {
    Stream stream{2};
    REQUIRE(stream.send(10));
    stream.right.poll(stream.receiver, 1);
    REQUIRE(stream.receiver.has_item());
    stream.receiver.refuse(stream.right);
    CHECK_FALSE(stream.receiver.has_item());
    CHECK(stream.receiver.refused == 1);
    CHECK(Counted::alive == 0);
}

TEST_CASE("send: an item that comes before the last one was taken is refused") {
    Stream stream{2};
    REQUIRE(stream.send(10));
    REQUIRE(stream.send(11));
    CHECK(stream.right.poll(stream.receiver, 2) == 2);
    CHECK(stream.receiver.count == 2);
    CHECK(stream.receiver.refused == 1);
    CHECK(Counted::alive == 1);
    CHECK(stream.right.access(stream.receiver.buffer).value == 10);
}

TEST_CASE("send: nothing is sent after the end") {
    Stream stream{4};
    REQUIRE(stream.sender.end(stream.left));
    CHECK_FALSE(stream.sender.end(stream.left));
    auto buffer = stream.left.make<Counted>(10);
    CHECK_FALSE(stream.sender.send(buffer, stream.left));
    CHECK(buffer);
    CHECK(stream.right.poll(stream.receiver, 4) == 1);
}

TEST_CASE("send: an item out of order, and one after the end, are rejected") {
    Stream stream{4};
    REQUIRE(stream.left.send(Item<Counted>{1, stream.left.make<Counted>(10)}));
    CHECK(stream.right.poll(stream.receiver, 1) == 1);
    CHECK(stream.right.rejected() == 1);
    CHECK(stream.receiver.count == 0);
    CHECK(Counted::alive == 0);

    REQUIRE(stream.left.send(End{0}));
    REQUIRE(stream.left.send(Item<Counted>{0, stream.left.make<Counted>(10)}));
    REQUIRE(stream.left.send(End{0}));
    CHECK(stream.right.poll(stream.receiver, 3) == 3);
    CHECK(stream.right.rejected() == 3);
}

TEST_CASE("send: an end that counts other items than have come is rejected") {
    Stream stream{4};
    REQUIRE(stream.left.send(End{1}));
    stream.right.poll(stream.receiver, 1);
    CHECK(stream.right.rejected() == 1);
    CHECK(stream.receiver.state == TestReceiver::State::open);
}

}  // namespace
}  // namespace parley::protocols::send
