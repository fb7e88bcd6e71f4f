#pragma once

#include "parley/checker/render/result.hpp"

#include <span>
#include <string>

namespace parley::checker::render {

/// JUnit's XML, as CI systems read it: a suite for each protocol with a case for each check of it.
/// A violation is a failure with its chart; a check that is undecided or vacuous is an error, as it
/// is for the exit code. A pure function of the results.
std::string junit(std::span<const Result> results);

}  // namespace parley::checker::render
