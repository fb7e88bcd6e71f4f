#include "parley/checker/cli/harness_output.hpp"

#include "parley/checker/json.hpp"
#include "parley/checker/require.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace parley::cli {

namespace {

/// The last line with a report that a harness has written, whole; empty: none. One that came to its
/// end, or went on to look for a smaller run and crashed, has.
std::string_view last_report(std::string_view output) {
    const std::size_t begin = output.rfind("\n{");
    if (begin == std::string_view::npos) return {};
    const std::size_t end = output.find('\n', begin + 1);
    return end == std::string_view::npos ? "" : output.substr(begin + 1, end - begin - 1);
}

}  // namespace

std::optional<checker::Report> report_in(const std::string& program,
                                         const checker::CommandResult& result) {
    const std::string_view written = last_report(result.output);
    if (written.empty()) return std::nullopt;
    checker::Report report = checker::report_from_json(written, program);
    // Good news must come from a harness that has come to its own end.
    const bool is_whole = result.exit_code == checker::exit_code(report.verdict);
    if (is_whole || report.verdict == checker::Verdict::violated) return report;
    throw checker::InternalError(fmt::format("{} wrote {} and ended with exit code {}, signal {}",
                                             program, name_of(report.verdict), result.exit_code,
                                             result.signal));
}

std::string_view rest_of_line(std::string_view output, std::string_view start) {
    const std::size_t begin = output.rfind(start);
    if (begin == std::string_view::npos) return {};
    const std::string_view rest = output.substr(begin + start.size());
    return rest.substr(0, rest.find('\n'));
}

}  // namespace parley::cli
