#include "parley/checker/rc11/compiled/entry.hpp"
#include "parley/checker/rc11/protocol/entry.hpp"
#include "parley/tests/checker/ends.hpp"
#include "parley/tests/checker/keeper.hpp"
#include "parley/tests/checker/rc11/compiled/lender.hpp"
#include "parley/tests/checker/rc11/compiled/notes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::tests {

namespace {

using checker::CheckOptions;
using checker::Report;
using checker::Verdict;
using notes::Notes;
using notes::Wrong;

template <Wrong wrong, model::QueueOrders orders = model::QueueOrders{}>
checker::Runner compiled() {
    return rc11::compiled_variant<Notes<model::StdPlatform, wrong, orders>,
                                  Notes<specs::model::CheckPlatform, wrong, orders>>("notes",
                                                                                     nullptr)
        .runner;
}
/// The source, whose parties receive first as well.
checker::Runner source() {
    return rc11::rc11_variant<Notes<rc11::Rc11Platform, Wrong::nothing>,
                              Notes<specs::model::CheckPlatform, Wrong::nothing>, rc11::Memory>(
               "notes", nullptr)
        .runner;
}

CheckOptions with(int capacity, int count, std::uint32_t threads = 1) {
    CheckOptions options;
    options.bounds = {{"capacity", capacity}, {"notes", count}};
    options.threads = threads;
    return options;
}

/// It is found, and the failing execution fails again by its choices.
template <Wrong wrong, model::QueueOrders orders = model::QueueOrders{}>
Report check_violated(std::string_view property) {
    const checker::Runner runner = compiled<wrong, orders>();
    Report report = runner.check(with(2, 3));
    REQUIRE(report.verdict == Verdict::violated);
    CHECK(report.trace->violation.property == property);
    const Report again = runner.replay(with(2, 3), report.trace->choices);
    CHECK(again.verdict == Verdict::violated);
    CHECK(again.trace == report.trace);
    return report;
}

template <keeper::Wish wish>
checker::Runner kept() {
    return rc11::compiled_variant<keeper::Protocol<model::StdPlatform, wish>,
                                  keeper::Protocol<specs::model::CheckPlatform, wish>>("keeper",
                                                                                       nullptr)
        .runner;
}

constexpr auto relaxed = std::memory_order_relaxed;

}  // namespace

TEST_CASE("rc11 compiled: the counts are exact, and those of the source") {
    const auto [capacity, count, executions, blocked] = GENERATE(table<int, int, int, int>({
        {1, 1, 1, 1},
        {1, 3, 1, 5},
        {2, 3, 5, 9},
        {2, 5, 29, 57},
        {4, 5, 49, 65},
    }));
    INFO("capacity " << capacity << ", " << count << " notes");
    const Report report = compiled<Wrong::nothing>().check(with(capacity, count));
    CHECK(report.verdict == Verdict::verified);
    CHECK(report.count("executions") == static_cast<std::uint64_t>(executions));
    CHECK(report.count("blocked") == static_cast<std::uint64_t>(blocked));
    // The compiled queue writes down what it has read, and so touches memory before it waits.
    const Report same = source().check(with(capacity, count));
    CHECK(same.count("executions") == static_cast<std::uint64_t>(executions));
    CHECK(same.count("blocked") == 0);
}

TEST_CASE("rc11 compiled: the number of processes changes nothing") {
    const Report alone = compiled<Wrong::nothing>().check(with(2, 7, 1));
    CHECK(alone.verdict == Verdict::verified);
    for (const std::uint32_t threads : {2U, 3U}) {
        const Report shared = compiled<Wrong::nothing>().check(with(2, 7, threads));
        CHECK(shared.verdict == Verdict::verified);
        CHECK(shared.counts == alone.counts);
        const Report wrong = compiled<Wrong::leaks>().check(with(2, 7, threads));
        REQUIRE(wrong.verdict == Verdict::violated);
        CHECK(wrong.trace == compiled<Wrong::leaks>().check(with(2, 7, 1)).trace);
    }
}

TEST_CASE("rc11 compiled: each order of the queue is necessary") {
    const Report report = check_violated<Wrong::nothing, {.publish = relaxed}>("data race");
    REQUIRE(report.trace->race.size() == 2);
    CHECK_THAT(report.trace->race[0].access, Catch::Matchers::Contains("by taker"));
    CHECK_THAT(report.trace->race[1].access, Catch::Matchers::Contains("by giver"));
    check_violated<Wrong::nothing, {.observe = relaxed}>("data race");
    check_violated<Wrong::nothing, {.vacate = relaxed}>("data race");
    check_violated<Wrong::nothing, {.reclaim = relaxed}>("data race");
}

TEST_CASE("rc11 compiled: what a role does beside its port is seen") {
    check_violated<Wrong::shares>("data race");
    check_violated<Wrong::leaks>("leak");
    check_violated<Wrong::dangles>("use after free");
    check_violated<Wrong::twice>("double free");
    check_violated<Wrong::beyond>("use after free");
    CHECK(check_violated<Wrong::throws>("exception").trace->violation.detail == "out of paper");
    // And the next search is none the worse for it.
    CHECK(compiled<Wrong::orders>().check(with(2, 3)).verdict == Verdict::verified);
}

TEST_CASE("rc11 compiled: a crash and an endless loop are violations") {
    check_violated<Wrong::crashes>("crash");
    check_violated<Wrong::touches>("crash");
    // With one slot the giver has begun to wait before.
    const Report crashed = compiled<Wrong::falls>().check(with(1, 3));
    REQUIRE(crashed.verdict == Verdict::violated);
    CHECK(crashed.trace->violation.property == "crash");
    const Report report = compiled<Wrong::hangs>().check(with(2, 3));
    REQUIRE(report.verdict == Verdict::violated);
    CHECK(report.trace->violation.property == "hang");
    CHECK_FALSE(report.trace->events.empty());
    CHECK(compiled<Wrong::nothing>().check(with(2, 3)).verdict == Verdict::verified);
}

TEST_CASE("rc11 compiled: steps for ever that change nothing are a livelock") {
    check_violated<Wrong::spins>("livelock");
}

TEST_CASE("rc11 compiled: steps for ever that write are no livelock: somebody may read them") {
    const Report report = compiled<Wrong::beats>().check(with(2, 1));
    CHECK(report.verdict == Verdict::incomplete);
}

TEST_CASE("rc11 compiled: a counterexample has the accesses of the queue, and where they are") {
    const Report report = check_violated<Wrong::nothing, {.publish = relaxed}>("data race");
    const auto is_publish = [](const checker::Event& event) {
        return event.kind == checker::EventKind::store && event.memory &&
               event.memory->variable == "to_taker.tail" && event.memory->order == "relaxed" &&
               event.memory->file.ends_with("spsc_queue.hpp") && event.memory->line > 0;
    };
    CHECK(std::ranges::any_of(report.trace->events, is_publish));
}

TEST_CASE("rc11 compiled: a counterexample has the names of the code's own variables") {
    const Report report = check_violated<Wrong::shares>("data race");
    std::vector<std::string> ends;
    for (const checker::RaceEnd& end : report.trace->race) ends.push_back(end.access);
    std::ranges::sort(ends);
    CHECK(ends == std::vector<std::string>{
                      "plain write of 4 bytes, parley::tests::notes::shared, by giver",
                      "plain write of 4 bytes, parley::tests::notes::shared, by taker"});
    CHECK(std::ranges::count_if(report.trace->events, [](const checker::Event& event) {
              return event.memory && event.memory->variable == "parley::tests::notes::errors";
          }) == 1);
}

TEST_CASE("rc11 compiled: a search that a limit ends is incomplete and says which") {
    CheckOptions few = with(2, 5);
    few.executions_max = 7;
    const Report report = compiled<Wrong::nothing>().check(few);
    CHECK(report.verdict == Verdict::incomplete);
    CHECK(report.reason == "7 executions");
}

TEST_CASE("rc11 compiled: a limit that a run comes to is told") {
    const Report report = compiled<Wrong::limits>().check(with(2, 3));
    CHECK(report.verdict == Verdict::incomplete);
    CHECK(report.reason == "buckets");
}

TEST_CASE("rc11 compiled: what is wrong with memory has a place") {
    const auto place_of = []<Wrong wrong> {
        const Report report = compiled<wrong>().check(with(2, 3));
        REQUIRE(report.trace);
        REQUIRE(report.trace->race.size() == 1);
        const checker::RaceEnd& end = report.trace->race.front();
        REQUIRE_FALSE(end.stack.empty());
        CHECK_THAT(end.stack.front(), Catch::Matchers::Contains("notes.hpp"));
        return end.access;
    };
    CHECK_THAT(place_of.operator()<Wrong::leaks>(), Catch::Matchers::StartsWith("never frees"));
    CHECK_THAT(place_of.operator()<Wrong::twice>(), Catch::Matchers::StartsWith("frees"));
    CHECK_THAT(place_of.operator()<Wrong::dangles>(), Catch::Matchers::StartsWith("plain read"));
}

TEST_CASE("rc11 compiled: a party may be left where it could go on, once the other one is done") {
    // It looks, or does not.
    const Report look = kept<keeper::Wish::look>().check({});
    CHECK(look.verdict == Verdict::verified);
    CHECK(look.count("executions") == 2);
    // Where the other one waits it has to go on.
    const Report thanked = kept<keeper::Wish::be_moved>().check({});
    CHECK(thanked.verdict == Verdict::verified);
    CHECK(thanked.count("executions") == 1);
    const checker::Runner destroy = kept<keeper::Wish::destroy>();
    const Report left = destroy.check({});
    REQUIRE(left.verdict == Verdict::violated);
    CHECK(left.trace->violation.property == "leak");
    CHECK(destroy.replay({}, left.trace->choices).trace == left.trace);
}

TEST_CASE(
    "rc11 compiled: leaks are found although no script is done, after all has come to its end") {
    const auto check = []<keeper::Wish wish>(std::string_view property) {
        const checker::Runner runner = kept<wish>();
        const Report report = runner.check({});
        REQUIRE(report.verdict == Verdict::violated);
        CHECK(report.trace->violation.property == property);
        CHECK(runner.replay({}, report.trace->choices).trace == report.trace);
    };
    check.operator()<keeper::Wish::forget>("leak");
    check.operator()<keeper::Wish::forget_at_rest>("leak");
    // It is no leak that roles take memory with them, which they do under check.
    CHECK(kept<keeper::Wish::keep>().check({}).verdict == Verdict::verified);
    check.operator()<keeper::Wish::crash>("crash");
    CHECK(kept<keeper::Wish::keep>().check({}).verdict == Verdict::verified);
}

TEST_CASE(
    "rc11 compiled: what is used when it has been given away races with who frees it at the end") {
    const auto check = []<bool uses_later>() {
        return rc11::compiled_variant<lender::Protocol<model::StdPlatform, uses_later>,
                                      lender::Protocol<specs::model::CheckPlatform, uses_later>>(
                   "lender", nullptr)
            .runner.check({});
    };
    CHECK(check.operator()<false>().verdict == Verdict::verified);
    const Report report = check.operator()<true>();
    REQUIRE(report.verdict == Verdict::violated);
    CHECK(report.trace->violation.property == "data race");
}

TEST_CASE("rc11 compiled: it agrees with explore on when a run is over") {
    ends::for_each([]<template <class> class V> {
        using C = V<specs::model::CheckPlatform>;
        const Report report =
            rc11::compiled_variant<V<model::StdPlatform>, C>("ends", nullptr).runner.check({});
        constexpr std::string_view property = C::property;
        CAPTURE(property);
        CHECK(report.verdict == (property.empty() ? Verdict::verified : Verdict::violated));
        if (report.trace) CHECK(report.trace->violation.property == property);
    });
}

}  // namespace parley::tests
