#include "parley/specs/model/nothing_after.hpp"

#include "parley/tests/specs/model/watched.hpp"

#include <catch2/catch.hpp>

namespace parley::specs::model {
namespace {

struct Open {};
struct Item {};
struct End {};

using Stream = Watched<NothingAfter<End, NoMessage, Item>>;
using Session = Watched<NothingAfter<End, Open, Item>>;

TEST_CASE("nothing after the last: a stream is open until its end") {
    Stream watched;
    CHECK(watched.is_hot());
    watched.sent(Item{}).sent(End{});
    CHECK_FALSE(watched.is_hot());
    CHECK_FALSE(watched.is_violated());
}

TEST_CASE("nothing after the last: neither an item nor another end follows the end") {
    CHECK(Stream{}.sent(End{}).sent(Item{}).is_violated());
    CHECK(Stream{}.sent(End{}).sent(End{}).is_violated());
}

TEST_CASE("nothing after the last: a session begins when the opener has been received") {
    CHECK(Session{}.sent(Item{}).is_violated());
    Session watched;
    CHECK_FALSE(watched.is_hot());
    watched.received(Open{}).sent(Item{}).sent(End{}).received(Open{}).sent(Item{});
    CHECK_FALSE(watched.is_violated());
    CHECK(watched.is_hot());
}

}  // namespace
}  // namespace parley::specs::model
