#pragma once

#include "parley/checker/report.hpp"
#include "parley/specs/model/page.hpp"

#include <cstdint>
#include <optional>

namespace parley::cli {

/// Every engine builds on that the same choices lead to the same run. Code that reads a clock,
/// draws numbers of its own or keeps something in a static variable does not do that, and what is
/// said of it would be worth nothing. It is a violation of specs::model::property::determinism, at
/// the first event that differs, with its line in the code or on the page. What such a run does is
/// up to the code, so it is found more often than not, but not always.

/// Draws so many runs and has them twice; the report on one that is another one the second time.
/// Engines that cannot repeat a run are not looked at.
std::optional<checker::Report> find_difference(const checker::Runner& runner,
                                               const checker::CheckOptions& check,
                                               std::uint32_t runs,
                                               const specs::model::Page* page = nullptr);

/// Checks, and has a failing run once more: one that is another one then is no counterexample.
checker::Report check_repeatably(const checker::Runner& runner, const checker::CheckOptions& check,
                                 const specs::model::Page* page = nullptr);

/// Whether the report is of a run that can be had again.
bool is_repeatable(const checker::Report& report);

}  // namespace parley::cli
