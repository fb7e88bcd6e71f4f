#include "parley/checker/render/report_text.hpp"

#include "parley/checker/render/table.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace parley::checker::render {

namespace {

/// A command that replays the run stays in one line, so that it can be pasted.
std::string lifted_entry(std::string_view lifted, std::size_t columns) {
    const bool is_command = lifted.find(" replay ") != std::string_view::npos;
    return labelled("lifted", lifted, is_command ? lifted.size() + label_width + 2 : columns);
}

/// What the page promises and no run has reached.
std::string unreached_entry(const Report& report, std::size_t columns) {
    constexpr std::size_t unreached_max = 20;
    std::string text;
    for (std::size_t i = 0; i < std::min(report.unreached.size(), unreached_max); ++i) {
        text += labelled(i == 0 ? "unreached" : "", report.unreached[i], columns);
    }
    if (report.unreached.size() <= unreached_max) return text;
    return text + labelled("", fmt::format("and {} more", report.unreached.size() - unreached_max),
                           columns);
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
    text += labelled("meaning", report.meaning, columns);
    text += labelled("reason", report.reason, columns);
    text += unreached_entry(report, columns);
    if (report.verdict == Verdict::violated && report.trace) {
        const Violation& violation = report.trace->violation;
        text += labelled("property", violation.property + ": " + violation.sentence, columns);
        text += "\n" + chart(*report.trace, style) + "\n";
    }
    text += labelled("bounds", bounds_text(report.bounds), columns);
    text += labelled("counts", counts_text(report.counts), columns);
    if (!report.outcomes.empty()) text += "  outcomes\n" + outcome_table(report.outcomes, columns);
    text += labelled("seed", fmt::format("{}", report.seed), columns);
    // What goes by numbers is the same every time, and so is what it prints.
    if (report.seconds > 0) text += labelled("time", duration(report.seconds), columns);
    text += lifted_entry(report.lifted, columns);
    if (!replay.empty()) text += fmt::format("  {}{}\n", pad_right("replay", label_width), replay);
    return text + labelled("shrunk", report.shrunk, columns);
}

}  // namespace parley::checker::render
