#pragma once

#include "parley/checker/bounds.hpp"
#include "parley/checker/rc11/protocol/runner.hpp"
#include "parley/checker/report.hpp"

namespace parley::rc11 {

/// Bounds that are not set are those that the spec has for an engine which takes every execution.
template <class Options>
checker::CheckOptions with_small_bounds(checker::CheckOptions check) {
    if constexpr (requires { Options::small(), Options::over_channels(); }) {
        const auto small = has_channels(check) ? Options::over_channels() : Options::small();
        for (const auto& [name, value] : checker::bound_values(small)) {
            check.bounds.try_emplace(name, value);
        }
    }
    return check;
}

}  // namespace parley::rc11
