#include "parley/protocols/request_reply.hpp"

#include "parley/tests/protocols/link.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace parley::protocols::request_reply {
namespace {

struct Exchange : Link<Requester, Server> {
    explicit Exchange(std::uint8_t window) : Link(window) { requester.window = window; }

    Requester requester;
    Server server;
};

TEST_CASE("request_reply: a reply carries the id of its request") {
    Exchange exchange{2};
    const auto id = exchange.requester.request(7, exchange.left);
    REQUIRE(id == std::uint8_t{0});
    exchange.right.poll(exchange.server, 1);
    REQUIRE(exchange.server.open.has(0));
    CHECK(exchange.server.arguments[0] == 7);
    CHECK(exchange.server.reply(0, 49, exchange.right));
    exchange.left.poll(exchange.requester, 1);
    CHECK(exchange.requester.last == Reply{0, 49});
    CHECK(exchange.requester.open.is_empty());
}

TEST_CASE("request_reply: no more requests are outstanding than the window lets out") {
    Exchange exchange{2};
    CHECK(exchange.requester.request(1, exchange.left));
    CHECK(exchange.requester.request(2, exchange.left));
    CHECK_FALSE(exchange.requester.can_request());
    exchange.right.poll(exchange.server, 2);
    CHECK_FALSE(exchange.requester.request(3, exchange.left));
    CHECK(exchange.left_to_right.empty());
}

TEST_CASE("request_reply: the server replies out of order and free ids are used again") {
    Exchange exchange{2};
    exchange.requester.request(1, exchange.left);
    exchange.requester.request(2, exchange.left);
    exchange.right.poll(exchange.server, 2);
    REQUIRE(exchange.server.reply(1, 20, exchange.right));
    exchange.left.poll(exchange.requester, 1);
    CHECK(exchange.requester.open.has(0));
    CHECK(exchange.requester.request(3, exchange.left) == std::uint8_t{1});
    exchange.right.poll(exchange.server, 1);
    REQUIRE(exchange.server.reply(0, 10, exchange.right));
    REQUIRE(exchange.server.reply(1, 30, exchange.right));
    CHECK(exchange.left.poll(exchange.requester, 2) == 2);
    CHECK(exchange.requester.last == Reply{1, 30});
    CHECK(exchange.left.rejected() + exchange.right.rejected() == 0);
}

TEST_CASE("request_reply: with a window of the capacity, every reply finds room") {
    Exchange exchange{4};
    while (exchange.requester.request(0, exchange.left)) {
    }
    REQUIRE(exchange.right.poll(exchange.server, 8) == 4);
    for (std::uint8_t id = 0; id < 4; ++id) CHECK(exchange.server.reply(id, 0, exchange.right));
}

TEST_CASE("request_reply: a reply that finds the queue full leaves its request open") {
    Link<Requester, Server> link{1};
    Requester requester{.window = 2};
    Server server;
    for (int i = 0; i < 2; ++i) {
        REQUIRE(requester.request(5, link.left));
        link.right.poll(server, 1);
    }
    REQUIRE(server.reply(0, 0, link.right));
    CHECK_FALSE(server.reply(1, 0, link.right));
    CHECK(server.open.has(1));
    CHECK(server.arguments[1] == 5);
}

TEST_CASE("request_reply: a full queue of requests is reported") {
    Link<Requester, Server> link{1};
    Requester requester{.window = 2};
    REQUIRE(requester.request(1, link.left));
    CHECK_FALSE(requester.request(2, link.left));
    CHECK(requester.open.size() == 1);
}

TEST_CASE("request_reply: there is no reply without a request") {
    Exchange exchange{2};
    CHECK_FALSE(exchange.server.reply(0, 1, exchange.right));
    REQUIRE(exchange.right.send(Reply{0, 1}));
    REQUIRE(exchange.right.send(Reply{200, 1}));
    exchange.left.poll(exchange.requester, 2);
    CHECK(exchange.left.rejected() == 2);
}

TEST_CASE("request_reply: an id that is open or out of range is rejected") {
    Exchange exchange{4};
    REQUIRE(exchange.left.send(Request{0, 1}));
    REQUIRE(exchange.left.send(Request{0, 2}));
    REQUIRE(exchange.left.send(Request{window_max, 3}));
    exchange.right.poll(exchange.server, 3);
    CHECK(exchange.right.rejected() == 2);
    CHECK(exchange.server.arguments[0] == 1);
}

TEST_CASE("request_reply: a set of ids knows its members in order") {
    IdSet set;
    CHECK(set.is_empty());
    CHECK(set.lowest_free() == 0);
    for (const std::size_t id : {0U, 1U, 5U}) set.add(id);
    CHECK(set.size() == 3);
    CHECK(set.lowest_free() == 2);
    CHECK(set.at(0) == 0);
    CHECK(set.at(2) == 5);
    set.remove(0);
    CHECK_FALSE(set.has(0));
    CHECK(set.lowest_free() == 0);
    for (std::size_t id = 0; id < window_max; ++id) set.add(id);
    CHECK(set.lowest_free() == window_max);
    CHECK_FALSE(set.has(window_max));
}

}  // namespace
}  // namespace parley::protocols::request_reply
