#include "parley/checker/render/github.hpp"

#include "parley/checker/render/mermaid.hpp"
#include "parley/checker/render/table.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <string_view>

namespace parley::checker::render {

namespace {

/// Text in a workflow command; in a property of one, where ':' and ',' mean something, too.
std::string escaped(std::string_view text, bool is_property) {
    std::string result;
    for (const char c : text) {
        const bool is_special =
            c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
        result +=
            is_special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : printable({&c, 1});
    }
    return result;
}

std::string annotation(std::string_view level, const Place& place, std::string_view title,
                       std::string_view text) {
    return fmt::format("::{} file={},line={},title={}::{}\n", level, escaped(place.file, true),
                       place.line, escaped(title, true), escaped(text, false));
}

/// Text in a cell of a table.
std::string cell(std::string_view text) {
    std::string result;
    for (const char c : printable(text)) {
        if (std::string_view{"|\\`*_<>[]"}.find(c) != std::string_view::npos) result += '\\';
        result += c;
    }
    return result;
}

std::string section(const Result& result) {
    const Trace& trace = *result.report->trace;
    std::string text = fmt::format("\n### {}\n\n**{}**: {}\n", cell(title_of(*result.report)),
                                   cell(trace.violation.property), cell(trace.violation.sentence));
    if (!trace.violation.detail.empty())
        text += fmt::format("\n{}\n", cell(trace.violation.detail));
    text += fmt::format("\n```mermaid\n{}```\n", mermaid(trace));
    const Place place = place_of(trace);
    text += fmt::format("\nAt `{}:{}`.", printable(place.file), place.line);
    if (!result.replay.empty()) text += fmt::format(" Again: `{}`", printable(result.replay));
    return text + "\n";
}

}  // namespace

std::string github_annotations(std::span<const Result> results) {
    std::string text;
    for (const Result& result : results) {
        const Report& report = *result.report;
        const std::string title = title_of(report);
        if (report.verdict == Verdict::violated && report.trace) {
            const Violation& violation = report.trace->violation;
            std::string message = violation.sentence;
            if (!violation.detail.empty()) message += "\n" + violation.detail;
            if (!result.replay.empty()) message += "\nreplay: " + result.replay;
            text += annotation("error", place_of(*report.trace), title + ": " + violation.property,
                               message);
        } else if (exit_code(report.verdict) != 0) {
            text +=
                annotation("warning", {fmt::format("specs/{}.md", report.protocol), 1, ""},
                           fmt::format("{}: {}", title, name_of(report.verdict)), report.reason);
        }
    }
    return text;
}

std::string markdown(std::span<const Result> results) {
    std::string text = "## Parley\n\n| check | verdict | counts | time |\n|---|---|---|---|\n";
    for (const Result& result : results) {
        const Report& report = *result.report;
        text += fmt::format("| {} {} | {} | {} | {} |\n", cell(title_of(report)),
                            cell(bounds_text(report.bounds)), name_of(report.verdict),
                            cell(counts_text(report.counts)), duration(report.seconds));
    }
    for (const Result& result : with_trace(results)) text += section(result);
    return text;
}

}  // namespace parley::checker::render
