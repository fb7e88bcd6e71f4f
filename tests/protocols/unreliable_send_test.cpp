#include "parley/protocols/unreliable_send.hpp"

#include "parley/tests/protocols/link.hpp"

#include <catch2/catch.hpp>

namespace parley::protocols::unreliable_send {
namespace {

struct Post : Link<Sender<int>, Receiver<int>> {
    using Link::Link;

    void arrive(std::uint32_t number, int value) {
        REQUIRE(left.send(Datagram<int>{number, value}));
        REQUIRE(right.poll(receiver, 1) == 1);
    }

    Sender<int> sender;
    Receiver<int> receiver;
};

TEST_CASE("unreliable send: a message arrives with its value") {
    Post post{2};
    CHECK(post.sender.send(10, post.left));
    post.right.poll(post.receiver, 1);
    REQUIRE(post.receiver.has_value);
    CHECK(post.receiver.take() == 10);
    CHECK_FALSE(post.receiver.has_value);
    CHECK(post.receiver.number == 1);
}

TEST_CASE(
    "unreliable send: a full queue loses a message, both ends know it, and the next gets through") {
    Post post{1};
    CHECK(post.sender.send(10, post.left));
    CHECK_FALSE(post.sender.send(20, post.left));
    CHECK(post.sender.lost == 1);
    post.right.poll(post.receiver, 1);
    CHECK(post.receiver.take() == 10);
    CHECK(post.sender.send(30, post.left));
    post.right.poll(post.receiver, 1);
    CHECK(post.receiver.missed == 1);
    CHECK(post.receiver.take() == 30);
}

TEST_CASE("unreliable send: copies and what has been overtaken are stale") {
    Post post{1};
    post.arrive(2, 20);
    CHECK(post.receiver.missed == 1);
    CHECK(post.receiver.take() == 20);
    post.arrive(2, 20);
    post.arrive(1, 10);
    CHECK_FALSE(post.receiver.has_value);
    CHECK(post.receiver.stale == 2);
    CHECK(post.receiver.missed == 1);
    CHECK(post.receiver.number == 2);
}

TEST_CASE("unreliable send: a busy receiver refuses, and may refuse what it holds") {
    Post post{1};
    post.arrive(1, 10);
    post.arrive(2, 20);
    CHECK(post.receiver.refused == 1);
    CHECK(post.receiver.value == 10);
    post.receiver.refuse();
    CHECK(post.receiver.refused == 2);
    CHECK_FALSE(post.receiver.has_value);
}

}  // namespace
}  // namespace parley::protocols::unreliable_send
