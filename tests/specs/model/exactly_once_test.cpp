#include "parley/specs/model/exactly_once.hpp"

#include "parley/tests/specs/model/watched.hpp"

#include <catch2/catch.hpp>

namespace parley::specs::model {
namespace {

struct Request {
    unsigned id = 0;
};
struct Yes {
    unsigned id = 0;
};
struct No {
    unsigned answered_id = 0;
};

using Replies = Watched<ExactlyOnce<&Request::id, &Yes::id, &No::answered_id>>;

TEST_CASE("exactly once: replies may come in any order and in two kinds") {
    Replies watched;
    watched.sent(Request{0}).sent(Request{1});
    watched.sent(No{1}).sent(Yes{0}).received(No{1}).received(Yes{0});
    CHECK_FALSE(watched.is_violated());
    CHECK_FALSE(watched.is_hot());
}

TEST_CASE("exactly once: it is hot until the reply has been received") {
    Replies watched;
    CHECK(watched.sent(Request{0}).is_hot());
    CHECK(watched.sent(Yes{0}).is_hot());
    CHECK_FALSE(watched.received(Yes{0}).is_hot());
}

TEST_CASE("exactly once: there is no second reply, not of the other kind either") {
    CHECK(Replies{}.sent(Request{0}).sent(Yes{0}).sent(Yes{0}).is_violated());
    CHECK(Replies{}.sent(Request{0}).sent(Yes{0}).sent(No{0}).is_violated());
    CHECK(Replies{}.sent(Request{0}).sent(Yes{0}).received(Yes{0}).sent(No{0}).is_violated());
    CHECK(Replies{}.sent(Request{0}).sent(Yes{0}).received(Yes{0}).received(Yes{0}).is_violated());
}

TEST_CASE("exactly once: there is no reply without a request") {
    CHECK(Replies{}.sent(Yes{0}).is_violated());
    CHECK(Replies{}.sent(Request{1}).sent(Yes{0}).is_violated());
}

TEST_CASE("exactly once: a number is free again when its reply has been received") {
    Replies watched;
    watched.sent(Request{0}).sent(Yes{0}).received(Yes{0}).sent(Request{0});
    CHECK_FALSE(watched.is_violated());
    CHECK(Replies{}.sent(Request{0}).sent(Yes{0}).sent(Request{0}).is_violated());
}

TEST_CASE("exactly once: numbers that wrap do no harm") {
    Replies watched;
    for (unsigned id = 0; id < 100; ++id) {
        watched.sent(Request{id}).sent(Yes{id}).received(Yes{id});
    }
    CHECK_FALSE(watched.is_violated());
}

}  // namespace
}  // namespace parley::specs::model
