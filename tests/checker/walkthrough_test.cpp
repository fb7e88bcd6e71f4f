#include "parley/checker/catalog.hpp"
#include "parley/checker/report.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::tests {

using checker::CheckOptions;
using checker::Report;
using checker::VariantEntry;
using checker::Verdict;
using checker::Walkthrough;

namespace {

/// Every variant of every protocol in explore.
template <class Function>
void for_each_variant(const Function& function) {
    std::size_t visited = 0;
    for (const auto& protocol : checker::catalog()) {
        for (const auto& entry : protocol.engines) {
            if (entry.engine != "explore") continue;
            for (const VariantEntry& variant : entry.variants) {
                CAPTURE(protocol.name, variant.mutant.name);
                function(variant);
                ++visited;
            }
        }
    }
    REQUIRE(visited > 0);
}

const VariantEntry& original(std::string_view name) {
    for (const auto& protocol : checker::catalog()) {
        if (protocol.name == name) return protocol.engines.front().variants.front();
    }
    throw checker::InputError("no such protocol");
}

}  // namespace

TEST_CASE("walkthrough: by its steps a walk comes to each counterexample that has no loop",
          "[mutants]") {
    std::size_t walked = 0;
    for_each_variant([&](const VariantEntry& variant) {
        const CheckOptions check;
        const Report report = variant.runner.check(check);
        if (report.verdict != Verdict::violated || report.trace->loop_begin) return;
        const auto steps = variant.walks.steps_of(check, report.trace->choices);
        const Walkthrough there = variant.walks.through(check, steps);
        CHECK(there.trace.violation == report.trace->violation);
        // A run that has nothing more to do may look around, idle, before it is judged.
        const auto& events = report.trace->events;
        REQUIRE(there.trace.events.size() <= events.size());
        CHECK(std::ranges::equal(there.trace.events,
                                 std::span{events}.first(there.trace.events.size())));
        CHECK(there.steps == steps);
        CHECK(there.open.empty());
        ++walked;
    });
    CHECK(walked > 5);
}

TEST_CASE("walkthrough: the steps before a violation are open, and one of them breaks it") {
    const CheckOptions check;
    for_each_variant([&](const VariantEntry& variant) {
        if (variant.mutant.name != "late_cancel_hits_next_arm") return;
        const Report report = variant.runner.check(check);
        auto steps = variant.walks.steps_of(check, report.trace->choices);
        const std::uint32_t last = steps.back();
        steps.pop_back();
        const Walkthrough before = variant.walks.through(check, steps);
        CHECK(before.trace.violation.property.empty());
        REQUIRE(before.open.size() > last);
        CHECK(before.open[last].is_breaking);
        CHECK_FALSE(before.open[last].events.empty());
    });
}

TEST_CASE("walkthrough: everywhere is every state of explore, each once") {
    const std::map<std::string, std::map<std::string, int>> smaller{
        {"cancelable_one_shot", {{"rounds", 4}}}, {"subscription", {{"sessions", 2}}}};
    for (const auto& [name, bounds] : smaller) {
        INFO(name);
        CheckOptions check;
        check.bounds = bounds;
        const VariantEntry& variant = original(name);
        std::size_t places = 0;
        std::size_t ends = 0;
        std::size_t transitions = 0;
        variant.walks.everywhere(check, 100'000,
                                 [&](const Walkthrough& here, const std::vector<std::size_t>& to) {
                                     ++places;
                                     if (here.open.empty()) ++ends;
                                     REQUIRE(to.size() == here.open.size());
                                     for (const auto& open : here.open) {
                                         if (!open.is_idle) ++transitions;
                                     }
                                 });
        const Report report = variant.runner.check(check);
        CHECK(places == report.count("states"));
        CHECK(transitions == report.count("transitions"));
        CHECK(ends == report.count("ends"));
    }
}

TEST_CASE("walkthrough: beyond the limit there is nothing to go to") {
    std::vector<std::size_t> targets;
    std::size_t places = 0;
    original("send").walks.everywhere({}, 10, [&](const Walkthrough&, const auto& to) {
        ++places;
        targets.insert(targets.end(), to.begin(), to.end());
    });
    CHECK(places == 10);
    CHECK(std::ranges::count(targets, SIZE_MAX) > 0);
    CHECK(std::ranges::all_of(targets, [](auto each) { return each < 10 || each == SIZE_MAX; }));
}

TEST_CASE("walkthrough: a step that is not there is refused") {
    CHECK_THROWS_AS(original("send").walks.through({}, {1'000}), checker::InputError);
    const Walkthrough start = original("send").walks.through({}, {});
    CHECK(start.trace.events.empty());
    CHECK(start.open.size() > 1);
    CHECK(start.owed.front() == "sender: every party comes to its end");
}

}  // namespace parley::tests
