#include "parley/specs/model/one_end.hpp"
#include "parley/specs/model/within_demand.hpp"

#include "parley/tests/specs/model/watched.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

namespace parley::specs::model {
namespace {

struct Demand {
    std::uint32_t count = 0;
};
struct Item {};
struct Done {};
struct Broken {};

using Stream = Watched<OneEnd<Ends<Done, Broken>, Item>>;
using Flow = Watched<WithinDemand<&Demand::count, Item>>;

TEST_CASE("one end: either end, once, and hot until it has come") {
    Stream watched;
    watched.sent(Item{}).sent(Broken{}).received(Item{});
    CHECK(watched.is_hot());
    watched.received(Broken{});
    CHECK_FALSE(watched.is_hot());
    CHECK_FALSE(watched.is_violated());
}

TEST_CASE("one end: nothing follows it, neither sent nor received") {
    CHECK(Stream{}.sent(Done{}).sent(Item{}).is_violated());
    CHECK(Stream{}.sent(Done{}).sent(Broken{}).is_violated());
    CHECK(Stream{}.received(Done{}).received(Item{}).is_violated());
}

TEST_CASE("within demand: no more items than were asked for") {
    CHECK_FALSE(Flow{}.received(Demand{2}).sent(Item{}).sent(Item{}).is_violated());
    CHECK(Flow{}.sent(Item{}).is_violated());
    CHECK(Flow{}.received(Demand{1}).sent(Item{}).sent(Item{}).is_violated());
}

}  // namespace
}  // namespace parley::specs::model
