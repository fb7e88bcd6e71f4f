#include "parley/protocols/model/fields.hpp"

#include <catch2/catch.hpp>

#include <tuple>

namespace parley::tests::fields {

template <class Other, int number>
struct Machine {
    enum class State : unsigned char { idle, armed, _waits_2, late = 7, last = 31, beyond = 32 };
    State state = State::armed;
};
using Nested = Machine<Machine<int, 3>, 4>;

enum class Signed : signed char { below = -1, zero, one };

struct Pair {
    int first = 1;
    long second = 2;
};
struct Derived : Pair {
    using FieldsOf = Pair;
};
struct Empty {};

TEST_CASE("fields: enumerators have their names, wherever they are declared") {
    using State = Nested::State;
    CHECK(model::enum_name(State::idle) == "idle");
    CHECK(model::enum_name(State::armed) == "armed");
    CHECK(model::enum_name(State::_waits_2) == "_waits_2");
    CHECK(model::enum_name(State::late) == "late");
    CHECK(model::enum_name(State::last) == "last");
    CHECK(model::enum_name(Signed::zero) == "zero");
    CHECK(model::enum_name(Signed::one) == "one");
}

TEST_CASE("fields: a value without an enumerator, or beyond 31, has no name") {
    using State = Nested::State;
    for (const int value : {3, 4, 5, 6, 8, 30}) {
        CHECK(model::enum_name(static_cast<State>(value)) == "");
    }
    CHECK(model::enum_name(State::beyond) == "");
    CHECK(model::enum_name(Signed::below) == "");
    CHECK(model::enum_name(static_cast<Signed>(2)) == "");
}

TEST_CASE("fields: types have their names without what is around them") {
    CHECK(model::type_name<Nested>() == "Machine");
    CHECK(model::type_name<Nested::State>() == "State");
    CHECK(model::type_name<Pair>() == "Pair");
}

TEST_CASE("fields: those of an aggregate come in order, also when a role only adds behaviour") {
    Derived derived;
    model::for_each_field(derived, [](auto& field) { field += 10; });
    CHECK(derived.first == 11);
    CHECK(derived.second == 12);
    const Derived& same = derived;
    CHECK(model::tie_fields(same) == std::tuple(11, 12L));
    CHECK(model::with_fields(same, [](int first, long second) { return second - first; }) == 1);
    CHECK(model::field_names<Derived>.size() == 2);
    CHECK(model::field_names<Derived>[1] == "second");

    Empty empty;
    model::for_each_field(empty, [](auto&) { FAIL("there is none"); });
    CHECK(model::with_fields(empty, [] { return 7; }) == 7);
}

}  // namespace parley::tests::fields
