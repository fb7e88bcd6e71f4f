#include "parley/specs/model/increasing.hpp"

#include "parley/tests/specs/model/watched.hpp"

#include <catch2/catch.hpp>

namespace parley::specs::model {
namespace {

struct Progress {
    unsigned phase = 0;
};
struct Request {};

using Phases = Watched<Increasing<&Progress::phase, Request>>;

TEST_CASE("increasing: phases may be left out") {
    Phases watched;
    watched.sent(Progress{1}).sent(Progress{4}).received(Progress{1}).received(Progress{4});
    CHECK_FALSE(watched.is_violated());
}

TEST_CASE("increasing: a phase does not come twice or go back") {
    CHECK(Phases{}.sent(Progress{2}).sent(Progress{2}).is_violated());
    CHECK(Phases{}.sent(Progress{2}).sent(Progress{1}).is_violated());
    CHECK(Phases{}.sent(Progress{0}).is_violated());
    CHECK(Phases{}.received(Progress{2}).received(Progress{1}).is_violated());
}

TEST_CASE("increasing: phases begin anew with each request") {
    Phases watched;
    watched.sent(Progress{3}).received(Progress{3}).sent(Request{}).received(Request{});
    watched.sent(Progress{1}).received(Progress{1});
    CHECK_FALSE(watched.is_violated());
}

}  // namespace
}  // namespace parley::specs::model
