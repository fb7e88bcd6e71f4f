#include "parley/protocols/model/deferred.hpp"

#include <catch2/catch.hpp>

#include <optional>

namespace parley::tests {

using model::Deferred;

TEST_CASE("deferred: takes the oldest message that is due, and keeps the others in order") {
    Deferred<int, 4> deferred;
    for (const int message : {1, 2, 3, 4}) CHECK(deferred.add(message));
    const auto is_even = [](int message) { return message % 2 == 0; };
    CHECK(deferred.take(is_even) == std::optional{2});
    CHECK(deferred.take(is_even) == std::optional{4});
    CHECK(deferred.take(is_even) == std::nullopt);
    CHECK(deferred.count == 2);
    const auto is_any = [](int) { return true; };
    CHECK(deferred.take(is_any) == std::optional{1});
    CHECK(deferred.take(is_any) == std::optional{3});
    CHECK(deferred.is_empty());
}

TEST_CASE("deferred: refuses what it has no room for, and nothing has happened") {
    Deferred<int, 2> deferred;
    CHECK(deferred.add(1));
    CHECK(deferred.add(2));
    CHECK_FALSE(deferred.add(3));
    CHECK(deferred.take([](int) { return true; }) == std::optional{1});
    CHECK(deferred.add(3));
    CHECK(deferred.messages == std::array{2, 3});
}

TEST_CASE("deferred: what is taken leaves nothing behind") {
    Deferred<int, 2> deferred;
    deferred.add(7);
    deferred.take([](int) { return true; });
    CHECK(deferred.messages == std::array{0, 0});
}

}  // namespace parley::tests
