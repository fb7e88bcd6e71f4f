#include "parley/stress/examination.hpp"

#include "parley/protocols/model/role.hpp"
#include "parley/specs/model/property.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::stress {
namespace {

/// Executions in which nothing is to be seen.
struct NothingSeen final : Cases {
    void prepare(std::size_t, std::uint64_t) override {}
    void left(std::size_t, Side&) override {}
    void right(std::size_t, Side&) override {}
    bool is_over(std::size_t) const override { return false; }
    CaseFinding look_at(std::size_t, bool, checker::Recorder*, checker::Coverage*) override {
        return {};
    }
    void leave_behind() override {}
};

checker::Report report_on(const BatchResult& result) {
    NothingSeen cases;
    const checker::Subject subject;
    const checker::CheckOptions check;
    Examination examination(cases, subject, check, "stress");
    examination.judge(result);
    return examination.conclude();
}

}  // namespace

TEST_CASE("examination: an exception is found whoever waits for its party") {
    for (const model::Party party : {model::Party::left, model::Party::right}) {
        BatchResult result;
        result.end = BatchEnd::threw;
        for (SideEnd& side : result.sides) side.instance = 0;
        result.sides[model::index_of(party)].thrown = "no more room";
        const checker::Report report = report_on(result);
        CAPTURE(model::index_of(party));
        REQUIRE(report.trace);
        CHECK(report.trace->violation.property == specs::model::property::exception);
        CHECK(report.trace->violation.detail == "no more room");
    }
}

TEST_CASE("examination: of two parties that wait the one that is behind is shown") {
    BatchResult result;
    result.end = BatchEnd::stalled;
    result.sides[0] = {.completed = 1, .instance = 1, .thrown = {}};
    result.sides[1] = {.completed = 0, .instance = 0, .thrown = {}};
    const checker::Report report = report_on(result);
    REQUIRE(report.trace);
    CHECK(report.trace->violation.property == specs::model::property::deadlock);
    CHECK(report.trace->violation.detail == "right waits");
}

}  // namespace parley::stress
