#include "parley/checker/render/junit.hpp"

#include "parley/checker/render/report_text.hpp"
#include "parley/checker/render/table.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace parley::checker::render {

namespace {

/// How many cases a suite has, and how they ended.
struct Tally {
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t errors = 0;
    double seconds = 0;

    void add(const Report& report) {
        ++tests;
        if (report.verdict == Verdict::violated) ++failures;
        if (exit_code(report.verdict) > exit_code(Verdict::violated)) ++errors;
        seconds += report.seconds;
    }
    std::string attributes() const {
        return fmt::format(R"(tests="{}" failures="{}" errors="{}" time="{:.3f}")", tests, failures,
                           errors, seconds);
    }
};

/// What a case says when it is not good news.
std::string complaint(const Result& result) {
    const Report& report = *result.report;
    const std::string text = escaped_for_xml(report_text(report, result.replay, {}));
    if (report.verdict == Verdict::violated && report.trace) {
        const Violation& violation = report.trace->violation;
        return fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                           escaped_for_xml(violation.property), escaped_for_xml(violation.sentence),
                           text);
    }
    if (exit_code(report.verdict) == 0) return "";
    return fmt::format("      <error type=\"{0}\" message=\"{1}\">{2}</error>\n",
                       name_of(report.verdict), escaped_for_xml(report.reason), text);
}

std::string test_case(const Result& result) {
    const Report& report = *result.report;
    std::string text = fmt::format(
        "    <testcase classname=\"parley.{}\" name=\"{}\" time=\"{:.3f}\">\n",
        escaped_for_xml(report.protocol),
        escaped_for_xml(fmt::format("{} {}", title_of(report), bounds_text(report.bounds))),
        report.seconds);
    text += complaint(result);
    return text + fmt::format("      <system-out>{}: {}; seed {}</system-out>\n    </testcase>\n",
                              name_of(report.verdict), escaped_for_xml(counts_text(report.counts)),
                              report.seed);
}

}  // namespace

std::string junit(std::span<const Result> results) {
    Tally all;
    std::string suites;
    for (std::size_t i = 0; i < results.size();) {
        const std::string& protocol = results[i].report->protocol;
        Tally tally;
        std::string cases;
        for (; i < results.size() && results[i].report->protocol == protocol; ++i) {
            tally.add(*results[i].report);
            all.add(*results[i].report);
            cases += test_case(results[i]);
        }
        suites += fmt::format("  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n",
                              escaped_for_xml(protocol), tally.attributes(), cases);
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"parley\" {}>\n{}</testsuites>\n",
        all.attributes(), suites);
}

}  // namespace parley::checker::render
