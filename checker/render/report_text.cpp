#include "parley/checker/render/report_text.hpp"

#include "parley/checker/render/table.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <string_view>

namespace parley::checker::render {

namespace {

constexpr std::size_t label_width = 10;

/// "  bounds    capacity=2 rounds=3", wrapped and aligned.
std::string entry(std::string_view label, std::string_view text, std::size_t columns) {
    if (text.empty()) return "";
    std::string result;
    for (const std::string& line : wrap(printable(text), columns - label_width - 2)) {
        result +=
            fmt::format("  {}{}\n", pad_right(result.empty() ? label : "", label_width), line);
    }
    return result;
}

/// A command that replays the run stays in one line, so that it can be pasted.
std::string lifted_entry(std::string_view lifted, std::size_t columns) {
    const bool is_command = lifted.find(" replay ") != std::string_view::npos;
    return entry("lifted", lifted, is_command ? lifted.size() + label_width + 2 : columns);
}

}  // namespace

std::string subject(const std::string& protocol, const std::string& mutant) {
    return printable(mutant.empty() ? protocol : protocol + " + " + mutant);
}

std::string report_text(const Report& report, const std::string& replay, const ChartStyle& style) {
    const std::size_t columns = style.columns;
    std::string text = fmt::format(
        "{} with {}: {}\n", subject(report.protocol, report.mutant),
        printable(report.scheduler.empty() ? report.engine
                                           : report.engine + " (" + report.scheduler + ")"),
        paint(name_of(report.verdict), colour_of(report.verdict), style.colour));
    text += entry("meaning", report.meaning, columns);
    text += entry("reason", report.reason, columns);
    if (report.verdict == Verdict::violated && report.trace) {
        const Violation& violation = report.trace->violation;
        text += entry("property", violation.property + ": " + violation.sentence, columns);
        text += "\n" + chart(*report.trace, style) + "\n";
    }
    text += entry("bounds", bounds_text(report.bounds), columns);
    text += entry("counts", counts_text(report.counts), columns);
    if (!report.outcomes.empty()) text += "  outcomes\n" + outcome_table(report.outcomes, columns);
    text += entry("seed", fmt::format("{}", report.seed), columns);
    text += entry("time", duration(report.seconds), columns);
    text += lifted_entry(report.lifted, columns);
    if (!replay.empty()) text += fmt::format("  {}{}\n", pad_right("replay", label_width), replay);
    return text;
}

}  // namespace parley::checker::render
