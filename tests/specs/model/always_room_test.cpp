#include "parley/specs/model/always_room.hpp"

#include "parley/tests/specs/model/watched.hpp"

#include <catch2/catch.hpp>

namespace parley::specs::model {
namespace {

struct Reply {};

TEST_CASE("always room: a message that was refused is a violation") {
    CHECK(Watched<AlwaysRoom<Reply>>{}.refused(Reply{}).is_violated());
}

}  // namespace
}  // namespace parley::specs::model
