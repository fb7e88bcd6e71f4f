#include "parley/checker/catalog.hpp"
#include "parley/checker/report.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>

namespace parley::tests {

using checker::CheckOptions;
using checker::Report;

TEST_CASE("reduction: every shipped protocol, and every mutant, has the same verdict with it",
          "[explore]") {
    std::size_t visited = 0;
    for (const auto& protocol : checker::catalog()) {
        const auto engine =
            std::ranges::find(protocol.engines, "explore", &checker::EngineEntry::engine);
        if (engine == protocol.engines.end()) continue;
        for (const auto& variant : engine->variants) {
            ++visited;
            CAPTURE(protocol.name, variant.mutant.name);
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
    CHECK(visited > checker::catalog().size());
}

}  // namespace parley::tests
