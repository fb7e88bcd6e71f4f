#include "parley/specs/model/ownership.hpp"

#include <catch2/catch.hpp>

namespace parley::specs::model {
namespace {

constexpr auto left = Party::left;
constexpr auto right = Party::right;

TEST_CASE("ownership: an object may be made, touched, sent, received and destroyed") {
    Ownership ledger;
    Judge judge;
    const ObjectId id = *ledger.make(left);
    ledger.access(left, id, judge);
    ledger.send(left, id, judge);
    ledger.receive(right, id);
    ledger.access(right, id, judge);
    ledger.destroy(right, id, judge);
    ledger.judge_end(judge);
    CHECK_FALSE(judge.is_violated());
}

TEST_CASE("ownership: only the owner may touch an object") {
    Ownership ledger;
    const ObjectId id = *ledger.make(left);
    Judge by_other;
    ledger.access(right, id, by_other);
    CHECK(by_other.property() == property::ownership);

    Judge in_flight;
    ledger.send(left, id, in_flight);
    ledger.access(left, id, in_flight);
    CHECK(in_flight.property() == property::ownership);
}

TEST_CASE("ownership: a destroyed object is neither touched, sent nor destroyed again") {
    Ownership ledger;
    Judge judge;
    const ObjectId id = *ledger.make(left);
    ledger.destroy(left, id, judge);
    REQUIRE_FALSE(judge.is_violated());
    Judge touched;
    ledger.access(left, id, touched);
    CHECK(touched.property() == property::use_after_free);
    Judge sent;
    ledger.send(left, id, sent);
    CHECK(sent.property() == property::use_after_free);
    Judge destroyed;
    ledger.destroy(left, id, destroyed);
    CHECK(destroyed.property() == property::double_free);
}

TEST_CASE("ownership: a stale name does not mean the next object in the slot") {
    Ownership ledger;
    Judge judge;
    const ObjectId old_id = *ledger.make(left);
    ledger.destroy(left, old_id, judge);
    const ObjectId new_id = *ledger.make(left);
    REQUIRE(new_id.slot == old_id.slot);
    ledger.access(left, new_id, judge);
    REQUIRE_FALSE(judge.is_violated());
    ledger.access(left, old_id, judge);
    CHECK(judge.property() == property::use_after_free);
}

TEST_CASE("ownership: what is alive at the end has leaked") {
    Ownership ledger;
    Judge judge;
    ledger.make(right);
    ledger.judge_end(judge);
    CHECK(judge.property() == property::leak);
}

TEST_CASE("ownership: a ledger that is full makes no object") {
    Ownership ledger;
    for (std::size_t i = 0; i < Ownership::live_max; ++i) CHECK(ledger.make(left));
    CHECK_FALSE(ledger.make(left));
}

}  // namespace
}  // namespace parley::specs::model
