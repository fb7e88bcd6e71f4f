#include "parley/protocols/request_response_acknowledge.hpp"

#include "parley/tests/protocols/link.hpp"

#include <catch2/catch.hpp>

namespace parley::protocols::request_response_acknowledge {
namespace {

struct Call : Link<Client, Server> {
    using Link::Link;

    void ask(std::uint32_t argument) {
        REQUIRE(client.request(argument, left));
        REQUIRE(right.poll(server, 1) == 1);
    }
    void answer(std::uint32_t result) {
        REQUIRE(server.respond(result, right));
        REQUIRE(left.poll(client, 1) == 1);
    }

    Client client;
    Server server;
};

TEST_CASE("rra: a call is executed, answered, acknowledged and forgotten") {
    Call call{2};
    call.ask(5);
    CHECK(call.server.is_working());
    CHECK(call.server.argument == 5);
    call.answer(50);
    CHECK(call.client.state == Client::State::idle);
    CHECK(call.client.result == 50);
    CHECK(call.server.state == Server::State::responded);
    call.right.poll(call.server, 1);
    CHECK(call.server.state == Server::State::idle);
    CHECK_FALSE(call.server.retransmit(call.right));
}

TEST_CASE("rra: a copy of the request gets the same response and is not executed") {
    Call call{4};
    call.ask(5);
    REQUIRE(call.client.retransmit(call.left));
    call.right.poll(call.server, 1);
    CHECK(call.right.rejected() == 0);
    REQUIRE(call.server.respond(50, call.right));
    REQUIRE(call.client.retransmit(call.left));
    call.right.poll(call.server, 1);
    CHECK_FALSE(call.server.is_working());
    CHECK(call.left.poll(call.client, 4) == 2);
    CHECK(call.client.result == 50);
    CHECK(call.left.rejected() == 0);
    CHECK(call.right.poll(call.server, 4) == 2);  // an acknowledgement for each response
    CHECK(call.server.state == Server::State::idle);
}

TEST_CASE("rra: what comes late has no effect") {
    Call call{4};
    call.ask(1);
    call.answer(10);
    call.ask(2);  // its acknowledgement is before it
    call.right.poll(call.server, 1);
    REQUIRE(call.server.is_working());
    CHECK(call.server.id == 2);
    REQUIRE(call.left.send(Request{1, 1}));
    REQUIRE(call.left.send(Acknowledge{1}));
    call.right.poll(call.server, 2);
    CHECK(call.server.argument == 2);
    REQUIRE(call.right.send(Response{1, 10}));
    call.left.poll(call.client, 1);
    CHECK(call.client.state == Client::State::waiting);
    CHECK(call.left.rejected() + call.right.rejected() == 0);
}

TEST_CASE("rra: a request stands for the acknowledgement of the one before") {
    Call call{1};
    call.ask(1);
    REQUIRE(call.server.respond(10, call.right));
    REQUIRE(call.left.send(Request{1, 1}));
    call.left.poll(call.client, 1);
    CHECK(call.client.has_pending());  // the queue is full
    CHECK_FALSE(call.client.request(2, call.left));
    CHECK(call.client.has_pending());
    call.right.poll(call.server, 1);
    REQUIRE(call.client.request(2, call.left));
    CHECK_FALSE(call.client.has_pending());
    call.right.poll(call.server, 1);
    CHECK(call.server.is_working());
    CHECK(call.server.id == 2);
}

TEST_CASE("rra: a response that is asked for again and finds no room is kept") {
    Call call{1};
    call.ask(1);
    REQUIRE(call.server.respond(10, call.right));
    REQUIRE(call.client.retransmit(call.left));
    call.right.poll(call.server, 1);
    CHECK(call.server.has_pending());
    call.left.poll(call.client, 1);
    call.right.poll(call.server, 1);
    CHECK_FALSE(call.server.has_pending());
    CHECK(call.server.state == Server::State::idle);
}

TEST_CASE("rra: full queues are reported, and what was never asked or sent is rejected") {
    Call call{1};
    REQUIRE(call.left.send(Acknowledge{1}));
    CHECK_FALSE(call.client.request(1, call.left));
    CHECK(call.client.id == 0);
    CHECK_FALSE(call.client.retransmit(call.left));
    call.right.poll(call.server, 1);
    CHECK(call.right.rejected() == 1);
    REQUIRE(call.right.send(Response{1, 10}));
    CHECK_FALSE(call.server.respond(10, call.right));
    call.left.poll(call.client, 1);
    CHECK(call.left.rejected() == 1);
    REQUIRE(call.left.send(Request{2, 0}));
    call.right.poll(call.server, 1);
    CHECK(call.right.rejected() == 2);
}

}  // namespace
}  // namespace parley::protocols::request_response_acknowledge
