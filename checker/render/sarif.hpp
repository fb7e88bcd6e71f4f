#pragma once

#include "parley/checker/render/result.hpp"

#include <span>
#include <string>

namespace parley::checker::render {

/// A log in SARIF 2.1.0 (OASIS Standard, 2020): a result for each violation, with both ends of a
/// race as related locations and the interleaving as a code flow of two threads; checks that are
/// undecided are notifications of the tool. A pure function of the results.
std::string sarif(std::span<const Result> results);

}  // namespace parley::checker::render
