#pragma once

#include <string_view>

namespace parley::cli {

/// The last line with a report that a harness has written, whole; empty: none. One that came to its
/// end, or went on to look for a smaller run and crashed, has.
std::string_view last_report(std::string_view output);

/// What stands behind `start` in the last line that begins so; empty: there is none.
std::string_view rest_of_line(std::string_view output, std::string_view start);

}  // namespace parley::cli
