#include "parley/checker/catalog.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/transport.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

/// What is promised of every protocol in the catalog and of every planted bug.
namespace parley::tests {

using checker::CheckOptions;
using checker::EngineEntry;
using checker::ProtocolEntry;
using checker::Report;
using checker::VariantEntry;
using checker::Verdict;

namespace {

template <class Function>
void for_each_variant(std::string_view engine, const Function& function) {
    std::size_t visited = 0;
    for (const ProtocolEntry& protocol : checker::catalog()) {
        for (const EngineEntry& entry : protocol.engines) {
            if (entry.engine != engine) continue;
            for (const VariantEntry& variant : entry.variants) {
                CAPTURE(protocol.name, engine, variant.mutant.name);
                function(protocol, variant);
                ++visited;
            }
        }
    }
    REQUIRE(visited > 0);
}

void check_killed(const VariantEntry& variant, const Report& report) {
    REQUIRE(report.verdict == Verdict::violated);
    REQUIRE(report.trace);
    CAPTURE(report.trace->violation.property);
    CHECK(variant.mutant.expects(report.trace->violation.property));
    const Report again = variant.runner.replay(
        [&] {
            CheckOptions check;
            check.scheduler = report.trace->scheduler;
            return check;
        }(),
        report.trace->choices);
    REQUIRE(again.trace);
    CHECK(again.verdict == Verdict::violated);
    CHECK(again.trace->violation == report.trace->violation);
    CHECK(again.trace->events == report.trace->events);
}

void check_verified(const Report& report, std::pair<std::uint64_t, std::uint64_t> counts) {
    CHECK(report.verdict == Verdict::verified);
    CHECK(report.count("executions") == counts.first);
    CHECK(report.count("blocked") == counts.second);
}

}  // namespace

TEST_CASE(
    "variants: explore verifies every original and each mutant that it cannot see, and kills the "
    "others, replayable",
    "[explore][mutants]") {
    for_each_variant("explore", [](const ProtocolEntry&, const VariantEntry& variant) {
        const Report report = variant.runner.check({});
        if (variant.mutant.seen_by_explore) {
            check_killed(variant, report);
        } else {
            CHECK(report.verdict == Verdict::verified);
        }
    });
}

TEST_CASE(
    "variants: over the transports that a page tolerates the original is verified, and over each "
    "other one it is not",
    "[explore]") {
    std::size_t tolerated = 0;
    for (const ProtocolEntry& protocol : checker::catalog()) {
        if (protocol.page == nullptr) continue;
        const auto& yes = protocol.page().transports;
        CHECK(std::ranges::find(yes, "fifo") != yes.end());
        const auto explore =
            std::ranges::find(protocol.engines, std::string_view("explore"), &EngineEntry::engine);
        for (const std::string_view name : checker::transport_names) {
            const bool is_tolerated = std::ranges::find(yes, name) != yes.end();
            CAPTURE(protocol.name, name, is_tolerated);
            CheckOptions check;
            check.bounds[std::string{name}] = name == "reordering" ? 1 : 2;
            const Report report = explore->variants.front().runner.check(check);
            CHECK(report.verdict == (is_tolerated ? Verdict::verified : Verdict::violated));
            tolerated += is_tolerated ? 1 : 0;
        }
    }
    CHECK(tolerated > 0);
}

TEST_CASE(
    "variants: relacy passes every original and kills each mutant that it can see, replayable",
    "[relacy][mutants]") {
    for_each_variant("relacy", [](const ProtocolEntry&, const VariantEntry& variant) {
        CheckOptions check;
        check.seconds = 120;
        check.executions_max = variant.mutant.seen_by_relacy ? 100'000 : 1'000;
        const Report report = variant.runner.check(check);
        if (variant.mutant.seen_by_relacy) {
            check_killed(variant, report);
        } else {
            CHECK(report.verdict == Verdict::passed);
        }
    });
}

TEST_CASE(
    "variants: rc11 verifies every original in an exact number of executions and kills each mutant "
    "that it can see, replayable",
    "[rc11][mutants]") {
    // Executions in which all comes to its end, and the others.
    const std::map<std::string_view, std::pair<std::uint64_t, std::uint64_t>> counts{
        {"cancelable_one_shot", {30'804, 49'863}},
        {"multi_reply", {220'182, 290'671}},
        {"nondeterministic_exchange", {1'492, 2'320}},
        {"request_reply", {3'685'788, 5'209'457}},
        {"request_response_acknowledge", {31'333'569, 33'888'108}},
        {"send", {1'597'120, 685'936}},
        {"spsc_queue", {115'182, 0}},
        {"stream", {831'272, 1'612'278}},
        {"subscription", {243'986, 352'595}},
        {"unreliable_send", {2'296, 387}},
    };
    for_each_variant("rc11", [&](const ProtocolEntry& protocol, const VariantEntry& variant) {
        const Report report = variant.runner.check({});
        if (variant.mutant.seen_by_rc11) return check_killed(variant, report);
        if (!variant.mutant.name.empty()) {
            CHECK(report.verdict == Verdict::verified);
            return;
        }
        CHECK(report.scheduler == "real");
        check_verified(report, counts.at(protocol.name));
    });
}

TEST_CASE(
    "variants: rc11 verifies every original over channels in an exact number of executions and "
    "kills each mutant that is not in the queue, replayable",
    "[rc11][mutants]") {
    struct Merged {
        std::pair<std::uint64_t, std::uint64_t> executions;
        std::uint64_t states;
    };
    const std::map<std::string_view, Merged> counts{
        {"cancelable_one_shot", {{1'679'616, 3'471'203}, 1'238}},
        {"multi_reply", {{51'682'540'549'249, 172'544'315'062'854}, 12'858}},
        {"nondeterministic_exchange", {{390'625, 1'093'746}, 482}},
        {"request_reply", {{10'629'366, 26'573'415}, 1'798}},
        // More executions than can be counted.
        {"request_response_acknowledge", {{UINT64_MAX, UINT64_MAX}, 4'646}},
        {"send", {{22'800'000'000, 21'206'156'704}, 19'210}},
        // Nothing is merged of what is no protocol.
        {"spsc_queue", {{9'438, 0}, 0}},
        {"stream", {{3'724'568'338, 13'228'679'079}, 23'406}},
        {"subscription", {{619'864'990'879'744, 2'202'544'331'854'482}, 3'958}},
        {"unreliable_send", {{466'560, 111'975}, 6'731}},
    };
    for_each_variant("rc11", [&](const ProtocolEntry& protocol, const VariantEntry& variant) {
        const bool is_original = variant.mutant.name.empty();
        const bool is_seen = variant.mutant.seen_by_explore && variant.mutant.seen_by_rc11;
        if (!is_original && !is_seen) return;
        CheckOptions check;
        check.scheduler = "channel";
        const Report report = variant.runner.check(check);
        CHECK(report.scheduler == "channel");
        if (is_seen) return check_killed(variant, report);
        check_verified(report, counts.at(protocol.name).executions);
        CHECK(report.count("states") == counts.at(protocol.name).states);
    });
}

TEST_CASE("variants: rc11 has to see what relacy has to see, and nothing else",
          "[rc11][relacy][mutants]") {
    for_each_variant("relacy", [](const ProtocolEntry&, const VariantEntry& variant) {
        CHECK(variant.mutant.seen_by_rc11 == variant.mutant.seen_by_relacy);
    });
}

TEST_CASE("variants: the originals are clean at their largest bounds too", "[relacy]") {
    for_each_variant("relacy", [](const ProtocolEntry& protocol, const VariantEntry& variant) {
        if (!variant.mutant.name.empty()) return;
        CheckOptions check;
        check.seconds = 120;
        check.executions_max = 20;
        for (const checker::BoundEntry& bound : protocol.bounds) {
            check.bounds[bound.name] = bound.max;
        }
        CHECK(variant.runner.check(check).verdict == Verdict::passed);
    });
}

TEST_CASE("variants: names are unique and every mutant says what it plants and who sees it",
          "[mutants][all_mutants]") {
    std::set<std::string_view> names;
    std::size_t mutants = 0;
    for_each_variant("explore", [&](const ProtocolEntry&, const VariantEntry& variant) {
        const auto& mutant = variant.mutant;
        if (mutant.name.empty()) return;
        ++mutants;
        CHECK(names.insert(mutant.name).second);
        CHECK_FALSE(mutant.plants.empty());
        CHECK_FALSE(mutant.properties[0].empty());
        CHECK((mutant.seen_by_explore || mutant.seen_by_relacy || mutant.seen_by_stress ||
               mutant.seen_by_tsan));
    });
    CHECK(mutants >= 24);
}

}  // namespace parley::tests
