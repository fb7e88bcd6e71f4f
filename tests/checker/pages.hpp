#pragma once

#include "parley/checker/page.hpp"
#include "parley/checker/page_check.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace parley::tests {

/// A page of two parties, `left` and `right`, with these lines in their diagrams. Lines are
/// separated by ';'. The first line of the left diagram is line 9.
inline std::string page_of(std::string left, std::string right, const std::string& tables = "") {
    std::ranges::replace(left, ';', '\n');
    std::ranges::replace(right, ';', '\n');
    const std::string diagram = "```mermaid\nstateDiagram-v2\n";
    return "| queue | capacity |\n|---|---|\n| left to right | 2 |\n| right to left | 2 |\n\n" +
           ("## left\n" + diagram) + left + "\n```\n\n## right\n" + diagram + right + "\n```\n" +
           (tables.empty() ? "" : "\n" + tables);
}

/// A state diagram that starts and may stop in `a`, with these lines.
inline std::string around(const std::string& lines) {
    return "[*] --> a;a --> [*];" + lines;
}

inline checker::PageReport checked(const std::string& text) {
    return checker::check_page(checker::read_page("my.md", text), {});
}

/// The first finding of this property, or a trace without one.
inline checker::Trace finding(const checker::PageReport& report, std::string_view property) {
    const auto found = std::ranges::find_if(report.findings, [&](const checker::Trace& trace) {
        return trace.violation.property == property;
    });
    return found == report.findings.end() ? checker::Trace{} : *found;
}

}  // namespace parley::tests
