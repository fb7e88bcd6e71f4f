#include "parley/checker/relacy/entry.hpp"
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

}  // namespace
}  // namespace parley::checker::relacy
