#include "parley/checker/rest.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdint>

namespace parley::tests {

using Rest = checker::Rest<std::atomic<std::uint64_t>>;

TEST_CASE("rest: a party that has never been at rest matches nothing") {
    const Rest other;
    CHECK_FALSE(other.matches(0, 0));
}

TEST_CASE("rest: two parties match when each has received what the other one has sent") {
    Rest left;
    Rest right;
    left.tell(3, 1);
    right.tell(1, 2);
    // The third message of the left party is still under way.
    CHECK_FALSE(right.matches(3, 1));
    CHECK_FALSE(left.matches(1, 2));
    right.tell(1, 3);
    CHECK(right.matches(3, 1));
    CHECK(left.matches(1, 3));
    // Sent and received are not the same.
    CHECK_FALSE(left.matches(3, 1));
}

TEST_CASE("rest: what a party told before it went on matches no longer") {
    Rest right;
    right.tell(0, 1);
    CHECK(right.matches(1, 0));
    CHECK_FALSE(right.matches(2, 0));
}

}  // namespace parley::tests
