#include "parley/specs/model/only_when_asked.hpp"

#include "parley/tests/specs/model/watched.hpp"

#include <catch2/catch.hpp>

namespace parley::specs::model {
namespace {

struct Cancel {
    unsigned round = 0;
};
struct Cancelled {
    unsigned round = 0;
};

using Cancels = Watched<OnlyWhenAsked<&Cancel::round, &Cancelled::round>>;

TEST_CASE("only when asked: an answer needs the question with its number") {
    CHECK(Cancels{}.sent(Cancelled{0}).is_violated());
    CHECK(Cancels{}.received(Cancel{1}).sent(Cancelled{2}).is_violated());
    CHECK_FALSE(Cancels{}.received(Cancel{1}).sent(Cancelled{1}).is_violated());
}

TEST_CASE("only when asked: a question is answered once, or not at all") {
    CHECK(Cancels{}.received(Cancel{1}).sent(Cancelled{1}).sent(Cancelled{1}).is_violated());
    CHECK_FALSE(Cancels{}.received(Cancel{1}).received(Cancel{2}).sent(Cancelled{2}).is_violated());
}

}  // namespace
}  // namespace parley::specs::model
