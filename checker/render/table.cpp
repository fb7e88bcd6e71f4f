#include "parley/checker/render/table.hpp"

#include "parley/checker/meaning.hpp"
#include "parley/checker/render/report_text.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/checker/transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace parley::checker::render {

namespace {

bool is_transport(const std::pair<std::string, int>& bound) {
    return std::ranges::find(transport_names, bound.first) != transport_names.end();
}

/// The transport of a check, unless it was fifo: a protocol is checked over several.
std::string transport_prefix(const Report& report) {
    const auto found = std::ranges::find_if(report.bounds, is_transport);
    if (found == report.bounds.end()) return "";
    const bool has_faults = found->first != "reordering";
    return has_faults ? fmt::format("{}:{}, ", found->first, found->second) : found->first + ", ";
}

/// The scheduler, unless it is the one that its engine has by default: a protocol is checked under
/// several.
std::string scheduler_prefix(const Report& report) {
    const bool is_default = report.scheduler.empty() || report.scheduler == "exhaustive" ||
                            report.scheduler == "real" ||
                            (report.engine == "relacy" && report.scheduler == "random");
    return is_default ? "" : report.scheduler + ", ";
}

/// What was counted, and what it says of all runs.
std::string counts_and_rate(const Report& report) {
    const auto rate = failure_rate_below(report);
    const std::string counts = counts_text(report.counts);
    return rate ? fmt::format("{}, rate < {:.2g}", counts, *rate) : counts;
}

/// What a line says besides the verdict: the property that failed, or what was done and why no
/// more.
std::string finding(const Report& report) {
    std::string text = transport_prefix(report) + scheduler_prefix(report);
    if (report.verdict == Verdict::violated && report.trace) {
        text += report.trace->violation.property;
        return report.reason.empty() ? text : text + ", " + report.reason;
    }
    std::string counts = counts_and_rate(report);
    if (counts.empty() || report.reason.empty()) return text + counts + report.reason;
    const bool is_good = exit_code(report.verdict) == 0;
    return text + (is_good ? counts + ", " + report.reason : report.reason + ", " + counts);
}

std::string result_line(const Report& report, const TableStyle& style) {
    constexpr std::size_t engine_width = 8;
    constexpr std::size_t verdict_width = 11;
    constexpr std::size_t time_width = 10;
    const std::size_t finding_width = style.columns - 2 - engine_width - verdict_width - time_width;
    return fmt::format("  {}{}{}{}\n", pad_right(printable(report.engine), engine_width),
                       paint(pad_right(name_of(report.verdict), verdict_width),
                             colour_of(report.verdict), style.colour),
                       pad_right(cut(printable(finding(report)), finding_width - 1), finding_width),
                       pad_left(report.seconds > 0 ? duration(report.seconds) : "", time_width));
}

std::string heading(const Report& report) {
    auto bounds = report.bounds;
    std::erase_if(bounds, is_transport);
    return fmt::format("{}  {}", subject(report.protocol, report.mutant),
                       printable(bounds_text(bounds)));
}

std::string seeds(const std::vector<Report>& reports) {
    std::string text;
    std::set<std::uint64_t> seen;
    for (const Report& report : reports) {
        if (seen.insert(report.seed).second) text += fmt::format(" {}", report.seed);
    }
    return text.empty() ? "" : pad_right("seed", 11) + text + "\n";
}

/// What the verdicts in the table mean, each once.
std::string legend(const std::vector<Report>& reports) {
    std::map<Verdict, std::string_view> meanings;
    for (const Report& report : reports) {
        switch (report.verdict) {
            case Verdict::verified:
                meanings[report.verdict] = "complete: no run within the bounds breaks a property";
                break;
            case Verdict::passed:
                meanings[report.verdict] =
                    "no violation in N executions: failure rate below 3/N at 95 %";
                break;
            case Verdict::violated:
                meanings[report.verdict] = "a property does not hold";
                break;
            case Verdict::incomplete:
                meanings[report.verdict] = "no violation so far, but the check did not end";
                break;
            case Verdict::vacuous:
                meanings[report.verdict] = "nothing violated, but not all that must be was reached";
                break;
        }
    }
    std::string text;
    for (const auto& [verdict, sentence] : meanings) {
        text += fmt::format("{}{}\n", pad_right(name_of(verdict), 12), sentence);
    }
    return text;
}

}  // namespace

std::string bounds_text(const std::vector<std::pair<std::string, int>>& bounds) {
    std::string text;
    for (const auto& [name, value] : bounds) {
        text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
    }
    return text;
}

std::string counts_text(const std::vector<std::pair<std::string, std::uint64_t>>& counts) {
    std::string text;
    for (const auto& [name, value] : counts) {
        const bool is_singular = value == 1 && name.ends_with('s');
        // Counts of what is not run one by one end there.
        const bool is_more = value == std::numeric_limits<std::uint64_t>::max();
        text += fmt::format("{}{}{} {}", text.empty() ? "" : ", ", is_more ? "at least " : "",
                            grouped(value), name.substr(0, name.size() - (is_singular ? 1 : 0)));
    }
    return text;
}

std::string outcome_table(std::vector<std::pair<std::string, std::uint64_t>> outcomes,
                          std::size_t columns) {
    std::ranges::sort(outcomes, [](const auto& a, const auto& b) {
        return std::tie(b.second, a.first) < std::tie(a.second, b.first);
    });
    std::uint64_t total = 0;
    for (const auto& [name, count] : outcomes) total += count;
    std::string text;
    for (const auto& [name, count] : outcomes) {
        const double share = 100.0 * static_cast<double>(count) / static_cast<double>(total);
        const std::string number =
            fmt::format("{}  {:5.1f} %  ", pad_left(grouped(count), 15), share);
        text += number + cut(printable(name), columns - number.size()) + "\n";
    }
    return text;
}

std::string result_table(const std::vector<Report>& reports, const TableStyle& style) {
    std::string text;
    std::string last_heading;
    for (const Report& report : reports) {
        const std::string next = heading(report);
        if (next != last_heading) {
            for (const std::string& line : wrap(next, style.columns)) {
                text += paint(line, Colour::bold, style.colour) + "\n";
            }
        }
        last_heading = next;
        text += result_line(report, style);
    }
    return text + "\n" + seeds(reports) + legend(reports);
}

}  // namespace parley::checker::render
