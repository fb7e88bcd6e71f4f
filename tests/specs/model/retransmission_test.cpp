#include "parley/specs/model/at_least_once.hpp"
#include "parley/specs/model/new_numbers.hpp"
#include "parley/specs/model/not_after.hpp"
#include "parley/specs/model/same_again.hpp"

#include "parley/tests/specs/model/watched.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

namespace parley::specs::model {
namespace {

struct Ask {
    std::uint32_t id = 0;
};
struct Reply {
    std::uint32_t id = 0;
    std::uint32_t result = 0;
};
struct Stop {
    std::uint32_t id = 0;
};

using Answered = Watched<AtLeastOnce<&Ask::id, &Reply::id>>;
using Same = Watched<SameAgain<&Reply::id, &Reply::result>>;
using Stopped = Watched<NotAfter<&Reply::id, &Stop::id>>;
using Numbered = Watched<NewNumbers<&Ask::id>>;

TEST_CASE("at least once: copies of both are fine, and it is hot until a reply has come") {
    Answered watched;
    CHECK_FALSE(watched.is_hot());
    watched.sent(Ask{1}).sent(Ask{1}).sent(Reply{1}).sent(Reply{1});
    CHECK(watched.is_hot());
    watched.received(Reply{1}).received(Reply{1});
    CHECK_FALSE(watched.is_hot());
    CHECK_FALSE(watched.is_violated());
    CHECK(Answered{}.sent(Ask{1}).sent(Reply{2}).is_violated());
}

TEST_CASE("same again: a copy says the same, and nothing older follows") {
    CHECK_FALSE(Same{}.sent(Reply{1, 5}).sent(Reply{1, 5}).sent(Reply{2, 7}).is_violated());
    CHECK(Same{}.sent(Reply{1, 5}).sent(Reply{1, 6}).is_violated());
    CHECK(Same{}.sent(Reply{2, 5}).sent(Reply{1, 5}).is_violated());
}

TEST_CASE("not after: what has been ended is not sent any more, what comes after it is") {
    CHECK_FALSE(Stopped{}.sent(Reply{1}).received(Stop{1}).sent(Reply{2}).is_violated());
    CHECK(Stopped{}.sent(Reply{1}).received(Stop{1}).sent(Reply{1}).is_violated());
    CHECK(Stopped{}.received(Stop{2}).received(Stop{1}).sent(Reply{2}).is_violated());
}

TEST_CASE(
    "new numbers: each message has its own, and arrives in any order and any number of times") {
    Numbered watched;
    watched.sent(Ask{1}).sent(Ask{3}).received(Ask{3}).received(Ask{1}).received(Ask{3});
    CHECK_FALSE(watched.is_violated());
    CHECK(Numbered{}.sent(Ask{1}).sent(Ask{1}).is_violated());
    CHECK(Numbered{}.sent(Ask{0}).is_violated());
    CHECK(Numbered{}.sent(Ask{1}).received(Ask{2}).is_violated());
}

}  // namespace
}  // namespace parley::specs::model
