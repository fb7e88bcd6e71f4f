#include "parley/tests/checker/relacy/programs.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace parley::checker::relacy {
namespace {

TEST_CASE("relacy: an object that is handed over and destroyed once is in order") {
    CHECK_FALSE(run<Transfer<Wrong::nothing>>({.executions_max = 20'000}).has_failed());
    CHECK(run<Transfer<Wrong::nothing>>({.scheduler = SchedulerKind::full}).is_complete);
}

TEST_CASE("relacy: a leak is found whatever the seed") {
    CHECK(seeds_that_find<Transfer<Wrong::leak>>(FailureClass::memory_leak) == 60);
}

TEST_CASE("relacy: a double free is found whatever the seed") {
    CHECK(seeds_that_find<Transfer<Wrong::double_free>>(FailureClass::double_free) == 60);
}

TEST_CASE("relacy: a use after free is found whatever the seed") {
    CHECK(seeds_that_find<Transfer<Wrong::use_after_free>>(FailureClass::freed_access) == 60);
}

TEST_CASE("relacy: a use after the transfer is a data race whatever the seed") {
    CHECK(seeds_that_find<Transfer<Wrong::use_after_transfer>>(FailureClass::data_race) == 60);
}

TEST_CASE("relacy: a right that was moved away gives no access") {
    CHECK(seeds_that_find<Transfer<Wrong::empty_access>>(FailureClass::assertion) == 60);
}

/// What is still in the room of one run must not come up in the next.
struct TwoObjects {
    void thread(unsigned) {
        auto first = RelacyPlatform::make<std::string>(std::source_location::current(), 100U, 'a');
        auto second = RelacyPlatform::make<int>(std::source_location::current());
        if (RelacyPlatform::access(second) != 0) fail("an int is made as 0");
        RelacyPlatform::access(second) = 7;
        RelacyPlatform::destroy(std::move(first));
        RelacyPlatform::destroy(std::move(second));
    }
};

TEST_CASE("relacy: objects are constructed anew in each run, of any type") {
    CHECK_FALSE(run<TwoObjects>({.executions_max = 1000}).has_failed());
}

}  // namespace
}  // namespace parley::checker::relacy
