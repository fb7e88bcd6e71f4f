#pragma once

#include "parley/checker/report.hpp"
#include "parley/checker/subprocess.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::cli {

/// What a harness has found; none: it has written no report. Throws InternalError when it has
/// written one that is no violation, and did not come to its own end.
std::optional<checker::Report> report_in(const std::string& program,
                                         const checker::CommandResult& result);

/// What stands behind `start` in the last line that begins so; empty: there is none.
std::string_view rest_of_line(std::string_view output, std::string_view start);

}  // namespace parley::cli
