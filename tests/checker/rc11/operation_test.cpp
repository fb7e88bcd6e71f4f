#include "parley/checker/rc11/operation.hpp"

#include <catch2/catch.hpp>

/// A step that is replayed is compared with the one that was recorded.
namespace parley::tests {

using rc11::Operation;

TEST_CASE("rc11: operations are equal in all members, or are not") {
    const Operation one;
    Operation other;
    CHECK(other == one);
    const auto check_differs = [&](auto Operation::* member, auto value) {
        Operation changed = one;
        changed.*member = value;
        CHECK(changed != one);
        CHECK(changed == changed);
    };
    check_differs(&Operation::kind, Operation::Kind::end);
    check_differs(&Operation::order, rc11::Order::seq_cst);
    check_differs(&Operation::failure, rc11::Order::acquire);
    check_differs(&Operation::update, rc11::Update::take);
    check_differs(&Operation::bytes, std::uint8_t{1});
    check_differs(&Operation::location, rc11::LocationId{1} << 31U);
    check_differs(&Operation::child, rc11::ThreadId{1} << 31U);
    check_differs(&Operation::value, rc11::Value{1} << 63U);
    check_differs(&Operation::expected, rc11::Value{1} << 63U);
    // What differs in two of them is not the same again.
    other.value = other.expected = 1;
    CHECK(other != one);
    other = one;
    other.location = other.child = 1;
    CHECK(other != one);
}

}  // namespace parley::tests
