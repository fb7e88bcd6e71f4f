#pragma once

#include "parley/checker/campaign.hpp"
#include "parley/checker/coverage.hpp"
#include "parley/checker/rc11/workers.hpp"

#include <cstdint>
#include <optional>

namespace parley::rc11 {

/// What executions add up to, of a unit of the search or of several.
struct UnitFindings {
    std::uint64_t executions = 0;  ///< blocked ones too
    std::uint64_t ends = 0;
    std::uint64_t sent_kinds = 0;
    std::optional<checker::Coverage> coverage;

    UnitBytes to_bytes() const;
    /// Adds what to_bytes() has made of another one, of the same check.
    void add(const UnitBytes& bytes);
};

}  // namespace parley::rc11
