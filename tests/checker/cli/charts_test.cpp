#include "parley/checker/catalog.hpp"
#include "parley/checker/cli/task.hpp"
#include "parley/checker/render/chart.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <string_view>

namespace parley::tests {

using checker::EngineEntry;
using checker::ProtocolEntry;
using checker::VariantEntry;
using specs::model::Mutant;

namespace {

constexpr std::size_t lines_max = 40;
constexpr std::size_t columns_max = 80;

bool is_seen_by(const Mutant& mutant, std::string_view engine) {
    if (engine == "explore") return mutant.seen_by_explore;
    return engine == "rc11" ? mutant.seen_by_rc11 : mutant.seen_by_relacy;
}

const VariantEntry* find_variant(const ProtocolEntry& protocol, std::string_view engine,
                                 std::string_view mutant) {
    for (const EngineEntry& entry : protocol.engines) {
        if (entry.engine != engine) continue;
        for (const VariantEntry& variant : entry.variants) {
            if (variant.mutant.name == mutant) return &variant;
        }
    }
    return nullptr;
}

/// A mutant with the engine that finds it at the lowest price.
cli::Job cheapest(const ProtocolEntry& protocol, const Mutant& mutant) {
    for (const std::string_view engine : {"explore", "rc11", "relacy"}) {
        const VariantEntry* const variant = find_variant(protocol, engine, mutant.name);
        if (variant != nullptr && is_seen_by(variant->mutant, engine)) {
            return {&protocol, engine, variant};
        }
    }
    return {};
}

/// What a user gets to see of a mutant.
std::string chart_of(const cli::Job& job) {
    constexpr double enough_s = 60;
    cli::Task task{.job = job};
    cli::run_slice(task, {}, enough_s, false, true);
    REQUIRE(task.report->trace);
    return checker::render::chart(*task.report->trace, {});
}

void check_size(const ProtocolEntry& protocol, const Mutant& mutant) {
    const cli::Job job = cheapest(protocol, mutant);
    INFO(protocol.name << " + " << mutant.name << " with " << job.engine);
    if (job.variant == nullptr) return;
    const std::string chart = chart_of(job);
    std::istringstream lines(chart);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        CAPTURE(line);
        CHECK(line.size() <= columns_max);
    }
    CAPTURE(chart);
    CHECK(count <= lines_max);
    CHECK(count > 2);
}

}  // namespace

TEST_CASE("charts: those of all planted bugs have at most 40 lines of 80 columns") {
    std::size_t mutants = 0;
    for (const ProtocolEntry& protocol : checker::catalog()) {
        std::vector<std::string_view> names;
        for (const EngineEntry& entry : protocol.engines) {
            for (const VariantEntry& variant : entry.variants) {
                const Mutant& mutant = variant.mutant;
                const bool is_new = std::ranges::find(names, mutant.name) == names.end();
                if (mutant.name.empty() || !is_new) continue;
                names.push_back(mutant.name);
                check_size(protocol, mutant);
                ++mutants;
            }
        }
    }
    CHECK(mutants > 0);
}

}  // namespace parley::tests
