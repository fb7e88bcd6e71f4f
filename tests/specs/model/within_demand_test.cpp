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

using Flow = Watched<WithinDemand<&Demand::count, Item>>;

TEST_CASE("within demand: no more items than were asked for") {
    CHECK_FALSE(Flow{}.received(Demand{2}).sent(Item{}).sent(Item{}).is_violated());
    CHECK(Flow{}.sent(Item{}).is_violated());
    CHECK(Flow{}.received(Demand{1}).sent(Item{}).sent(Item{}).is_violated());
}

}  // namespace
}  // namespace parley::specs::model
