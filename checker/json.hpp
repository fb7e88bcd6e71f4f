#pragma once

#include "parley/checker/report.hpp"
#include "parley/checker/trace.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Traces and reports as JSON. Every document has a member "parley_trace", the version of the
/// format: 1; trace.schema.json is its schema. There are three kinds: a trace; a report, with its
/// trace in "trace"; and what a check writes, with its reports in "reports". Choices are written as
/// in a ReplayLine; members that say nothing (empty texts, 0) are left out of events. A report of a
/// protocol with a page has what was reached of it in "coverage".
namespace parley::checker {

/// What may be read. Everything else is refused before it can use up memory or time.
inline constexpr std::size_t json_bytes_max = std::size_t{64} << 20;
inline constexpr int json_depth_max = 12;
inline constexpr std::size_t json_values_max = 4'000'000;

std::string to_json(const Trace& trace);
/// In one line, for a pipe.
std::string to_json(const Report& report);
std::string to_json(const std::vector<Report>& reports);

/// These read what to_json() writes. They throw InputError for everything else, with `where` (a
/// file's name) and what is wrong; nothing else escapes.
Trace trace_from_json(std::string_view text, std::string_view where);
Report report_from_json(std::string_view text, std::string_view where);
/// Reads all three kinds: a trace becomes the report of a violation.
std::vector<Report> reports_from_json(std::string_view text, std::string_view where);

}  // namespace parley::checker
