#include "parley/checker/relacy/entry.hpp"
#include "parley/tests/checker/ends.hpp"
#include "parley/tests/checker/keeper.hpp"

#include <catch2/catch.hpp>

namespace parley::checker::relacy {
namespace {

namespace keeper = parley::tests::keeper;

template <keeper::Wish wish>
Report checked() {
    CheckOptions check;
    check.executions_max = 20'000;
    return relacy_variant<keeper::Protocol<RelacyPlatform, wish>,
                          keeper::Protocol<specs::model::CheckPlatform, wish>>("keeper", nullptr)
        .runner.check(check);
}

TEST_CASE("relacy: a party may be left where it could go on, once the other one is done") {
    CHECK(checked<keeper::Wish::look>().verdict == Verdict::passed);
    CHECK(checked<keeper::Wish::be_moved>().verdict == Verdict::passed);
    const Report left = checked<keeper::Wish::destroy>();
    REQUIRE(left.verdict == Verdict::violated);
    CHECK(left.trace->violation.property == "leak");
}

TEST_CASE("relacy: it agrees with explore on when a run is over") {
    namespace ends = parley::tests::ends;
    ends::for_each([]<template <class> class V> {
        using C = V<specs::model::CheckPlatform>;
        CheckOptions check;
        check.executions_max = 20'000;
        const Report report =
            relacy_variant<V<RelacyPlatform>, C>("ends", nullptr).runner.check(check);
        CAPTURE(C::property);
        CHECK(report.verdict == (C::property.empty() ? Verdict::passed : Verdict::violated));
        // A party that waits for ever is a livelock there.
        const auto property = C::property == "deadlock" ? "livelock" : C::property;
        if (report.trace) CHECK(report.trace->violation.property == property);
    });
}

}  // namespace
}  // namespace parley::checker::relacy
