#include "parley/protocols/nondeterministic_exchange.hpp"

#include "parley/tests/protocols/link.hpp"

#include <catch2/catch.hpp>

namespace parley::protocols::nondeterministic_exchange {
namespace {

struct Table : Link<Impolite, Polite> {
    using Link::Link;

    void check_concluded(std::uint32_t number, std::uint32_t value) const {
        CHECK(impolite.number == number);
        CHECK(polite.number == number);
        CHECK(impolite.value == value);
        CHECK(polite.value == value);
        CHECK(impolite.can_offer());
        CHECK(polite.can_offer());
    }
    bool poll() { return left.poll(impolite, 1) + right.poll(polite, 1) != 0; }

    Impolite impolite;
    Polite polite;
};

TEST_CASE("nondeterministic exchange: either peer may open") {
    Table table{2};
    REQUIRE(table.impolite.offer(10, table.left));
    CHECK_FALSE(table.impolite.offer(11, table.left));
    while (table.poll()) {
    }
    table.check_concluded(1, 10);
    REQUIRE(table.polite.offer(20, table.right));
    while (table.poll()) {
    }
    table.check_concluded(2, 20);
}

TEST_CASE("nondeterministic exchange: when two offers cross, the impolite one stands") {
    Table table{2};
    REQUIRE(table.polite.offer(20, table.right));
    REQUIRE(table.impolite.offer(10, table.left));
    while (table.poll()) {
    }
    table.check_concluded(1, 10);
    CHECK(table.left.rejected() + table.right.rejected() == 0);
}

TEST_CASE("nondeterministic exchange: an answer that finds no room is kept") {
    Table table{1};
    REQUIRE(table.polite.offer(20, table.right));
    REQUIRE(table.impolite.offer(10, table.left));
    table.right.poll(table.polite, 1);
    CHECK(table.polite.has_pending());
    CHECK_FALSE(table.polite.offer(21, table.right));
    while (table.poll()) {
    }
    table.check_concluded(1, 10);
}

TEST_CASE(
    "nondeterministic exchange: a full queue is reported, and what nobody asked is rejected") {
    Table table{1};
    REQUIRE(table.left.send(Answer{1, 0}));
    CHECK_FALSE(table.impolite.offer(10, table.left));
    CHECK(table.impolite.can_offer());
    table.right.poll(table.polite, 1);
    CHECK(table.right.rejected() == 1);
    REQUIRE(table.right.send(PoliteOffer{2, 0}));
    table.left.poll(table.impolite, 1);
    CHECK(table.left.rejected() == 1);
    CHECK(table.impolite.number == 0);
}

}  // namespace
}  // namespace parley::protocols::nondeterministic_exchange
