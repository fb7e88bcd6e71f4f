#include "parley/checker/catalog.hpp"
#include "parley/checker/report.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace parley::tests {

using checker::CheckOptions;
using checker::Report;

namespace {

/// Of all shipped protocols, as explore has them.
std::vector<checker::VariantEntry> explored_variants() {
    std::vector<checker::VariantEntry> variants;
    for (const auto& protocol : checker::catalog()) {
        const auto engine =
            std::ranges::find(protocol.engines, "explore", &checker::EngineEntry::engine);
        if (engine == protocol.engines.end()) continue;
        variants.insert(variants.end(), engine->variants.begin(), engine->variants.end());
    }
    return variants;
}

}  // namespace

TEST_CASE("reduction: every shipped protocol, and every mutant, has the same verdict with it",
          "[explore]") {
    const std::vector<checker::VariantEntry> variants = explored_variants();
    CHECK(variants.size() > checker::catalog().size());
    for (const auto& variant : variants) {
        CAPTURE(variant.mutant.name);
        CheckOptions check;
        const Report all = variant.runner.check(check);
        check.is_reduced = true;
        check.threads = 3;
        const Report report = variant.runner.check(check);
        CHECK(report.verdict == all.verdict);
        CHECK(report.trace == all.trace);
        if (!report.is_reduced) CHECK(report.count("transitions") == all.count("transitions"));
        if (!report.is_reduced) CHECK(report.coverage == all.coverage);
    }
}

TEST_CASE("reduction: there are many mutants to have the same verdict", "[explore][all_mutants]") {
    CHECK(explored_variants().size() > 20);
}

}  // namespace parley::tests
