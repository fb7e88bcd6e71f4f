#pragma once

#include "parley/checker/trace.hpp"
#include "parley/specs/model/property.hpp"

#include <string>
#include <utility>

namespace parley::checker {

/// What every engine builds on does not hold for the code under check: it reads a clock, draws
/// numbers of its own or keeps something from one run to the next.
inline Violation not_deterministic(std::string detail) {
    return {std::string{specs::model::property::determinism},
            "the same choices lead to the same run", std::move(detail)};
}

}  // namespace parley::checker
