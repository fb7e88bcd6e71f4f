#include "parley/specs/model/in_order.hpp"

#include "parley/tests/specs/model/watched.hpp"

#include <catch2/catch.hpp>

namespace parley::specs::model {
namespace {

struct Item {
    unsigned number = 0;
};
struct Reset {};

using Plain = Watched<InOrder<&Item::number>>;
using Restarted = Watched<InOrder<&Item::number, Reset>>;

TEST_CASE("in order: items that are sent and received in order are fine") {
    Plain watched;
    watched.sent(Item{0}).sent(Item{1}).received(Item{0}).received(Item{1});
    CHECK_FALSE(watched.is_violated());
    CHECK_FALSE(watched.is_hot());
}

TEST_CASE("in order: it is hot while an item is under way") {
    Plain watched;
    CHECK_FALSE(watched.is_hot());
    CHECK(watched.sent(Item{0}).is_hot());
}

TEST_CASE("in order: an item may not be left out or sent twice") {
    CHECK(Plain{}.sent(Item{1}).is_violated());
    CHECK(Plain{}.sent(Item{0}).sent(Item{0}).is_violated());
}

TEST_CASE("in order: an item may not overtake, get lost or arrive twice") {
    CHECK(Plain{}.sent(Item{0}).sent(Item{1}).received(Item{1}).is_violated());
    CHECK(Plain{}.sent(Item{0}).received(Item{0}).received(Item{0}).is_violated());
}

TEST_CASE("in order: each end counts from 0 again when the restart has passed it") {
    Restarted watched;
    watched.sent(Item{0}).received(Item{0});
    watched.sent(Reset{}).received(Reset{});
    watched.sent(Item{0}).received(Item{0});
    CHECK_FALSE(watched.is_violated());
    CHECK(Restarted{}.sent(Item{0}).sent(Reset{}).sent(Item{0}).is_violated());
}

}  // namespace
}  // namespace parley::specs::model
