#pragma once

#include "parley/checker/report.hpp"

#include <string>
#include <vector>

namespace parley::cli {

/// The reports with counterexamples in a file that a check or a corpus has written. Throws
/// InputError for anything else, and when there are none.
std::vector<checker::Report> read_failures(const std::string& path);

}  // namespace parley::cli
