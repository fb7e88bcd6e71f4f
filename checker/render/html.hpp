#pragma once

#include "parley/checker/render/result.hpp"

#include <span>
#include <string>

namespace parley::checker::render {

/// All results as one page that loads nothing: a table, and each counterexample as a picture with
/// the line that shows it again. Without scripts; in the colours of the reader's scheme. A pure
/// function of the results.
std::string html(std::span<const Result> results);

}  // namespace parley::checker::render
