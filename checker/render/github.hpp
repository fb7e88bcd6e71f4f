#pragma once

#include "parley/checker/render/result.hpp"

#include <span>
#include <string>

namespace parley::checker::render {

/// Workflow commands of GitHub Actions: an error for each violation and a warning for what is
/// undecided or vacuous, at the place where it is best shown. A pure function of the results.
std::string github_annotations(std::span<const Result> results);

/// A page in Markdown with a table of all results and, for each violation, its property, its chart
/// in Mermaid, and the line that shows it again: for an issue, or a job's summary.
std::string markdown(std::span<const Result> results);

}  // namespace parley::checker::render
