#include "parley/checker/render/html.hpp"

#include "parley/checker/render/svg.hpp"
#include "parley/checker/render/table.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace parley::checker::render {

namespace {

constexpr std::string_view head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parley</title>
<style>
:root { color-scheme: light dark; --line: #d0d7de; --bad: #b3261e; --good: #1a7f37; --open: #8a5300; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3d444d; --bad: #ff8a80; --good: #56d364; --open: #e3b341; }
}
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: 0.3em 1em 0.3em 0; text-align: left;
  vertical-align: top; }
td.number { text-align: right; white-space: nowrap; }
.violated { color: var(--bad); font-weight: bold; }
.verified, .passed { color: var(--good); }
.incomplete, .vacuous { color: var(--open); }
figure { margin: 1em 0; overflow-x: auto; }
code, pre { font: 13px/1.4 ui-monospace, monospace; }
pre { border: 1px solid var(--line); border-radius: 4px; overflow-x: auto; padding: 0.6em; }
</style>
</head>
<body>
<h1>Parley</h1>
)";

/// A check that has something to show has a section of its own.
std::string section_id(std::size_t index) {
    return fmt::format("check-{}", index + 1);
}

bool has_section(const Report& report) {
    return report.verdict == Verdict::violated && report.trace;
}

std::string row(const Report& report, std::size_t index) {
    std::string title = escaped_for_xml(title_of(report));
    if (has_section(report))
        title = fmt::format("<a href=\"#{}\">{}</a>", section_id(index), title);
    std::string verdict{name_of(report.verdict)};
    if (!report.reason.empty()) verdict += ": " + report.reason;
    return fmt::format(
        "<tr><td>{}</td><td class=\"{}\">{}</td><td>{}</td><td>{}</td>"
        "<td class=\"number\">{}</td></tr>\n",
        title, name_of(report.verdict), escaped_for_xml(verdict),
        escaped_for_xml(bounds_text(report.bounds)), escaped_for_xml(counts_text(report.counts)),
        duration(report.seconds));
}

std::string section(const Result& result, std::size_t index) {
    const Report& report = *result.report;
    const Violation& violation = report.trace->violation;
    std::string text = fmt::format(
        "<section id=\"{}\">\n<h2>{}</h2>\n<p><strong class=\"violated\">{}</strong>: {}</p>\n",
        section_id(index), escaped_for_xml(title_of(report)), escaped_for_xml(violation.property),
        escaped_for_xml(violation.sentence));
    text += fmt::format("<figure>\n{}</figure>\n", svg(*report.trace));
    if (!result.replay.empty()) {
        text += fmt::format("<p>Again:</p>\n<pre>{}</pre>\n", escaped_for_xml(result.replay));
    }
    return text + "</section>\n";
}

}  // namespace

std::string html(std::span<const Result> results) {
    std::string text{head};
    text +=
        "<table>\n<tr><th>check</th><th>verdict</th><th>bounds</th><th>counts</th>"
        "<th>time</th></tr>\n";
    for (std::size_t i = 0; i < results.size(); ++i) text += row(*results[i].report, i);
    text += "</table>\n";
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (has_section(*results[i].report)) text += section(results[i], i);
    }
    return text + "</body>\n</html>\n";
}

}  // namespace parley::checker::render
