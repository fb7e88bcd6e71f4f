#pragma once

#include "parley/checker/report.hpp"
#include "parley/specs/model/page.hpp"

#include <cstdint>

namespace parley::cli {

/// Checks with `runner`, and holds the code under check to what every engine builds on: that the
/// same choices lead to the same run. Code that reads a clock, draws numbers of its own or keeps
/// something in a static variable does not do that, and what is said of it would be worth nothing.
///
/// Before the check, `runs` runs are drawn and had twice; after it, a failing run is had once more.
/// The first event that differs, with its line in the code or on the page, makes the report a
/// violation of specs::model::property::determinism. What such a run does is up to the code, so it
/// is found more often than not, but not always. Engines that cannot repeat a run are not looked
/// at.
checker::Report check_repeatably(const checker::Runner& runner, const checker::CheckOptions& check,
                                 std::uint32_t runs, const specs::model::Page* page = nullptr);

/// Whether the report is of a run that can be had again.
bool is_repeatable(const checker::Report& report);

}  // namespace parley::cli
