#include "parley/checker/report.hpp"

#include "parley/checker/meaning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace parley::checker {

int exit_code(Verdict verdict) {
    switch (verdict) {
        case Verdict::verified:
        case Verdict::passed:
            return 0;
        case Verdict::violated:
            return 1;
        case Verdict::incomplete:
        case Verdict::vacuous:
            return 3;
    }
    return 4;
}

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::verified:
            return "verified";
        case Verdict::passed:
            return "passed";
        case Verdict::violated:
            return "violated";
        case Verdict::incomplete:
            return "incomplete";
        case Verdict::vacuous:
            return "vacuous";
    }
    return "";
}

int exit_code(const std::vector<Report>& reports, bool is_stopped) {
    int worst = is_stopped ? exit_code(Verdict::incomplete) : 0;
    for (const Report& report : reports) {
        if (report.verdict == Verdict::violated) return exit_code(report.verdict);
        worst = std::max(worst, exit_code(report.verdict));
    }
    return worst;
}

void require_promises(Report& report, const std::optional<Coverage>& coverage) {
    const std::string reason = promises_not_reached(coverage);
    if (reason.empty()) return;
    if (report.reason == search_did_not_end) {
        report.verdict = Verdict::incomplete;
    } else {
        report.verdict = Verdict::vacuous;
        report.reason = reason;
    }
    report.unreached = promises_of(*coverage).unreached;
}

void settle_coverage(std::span<Report> reports) {
    std::optional<Coverage> together;
    for (const Report& report : reports) {
        if (!report.coverage) continue;
        if (together) {
            add_coverage(*together, *report.coverage);
        } else {
            together = report.coverage;
        }
    }
    for (Report& report : reports) {
        if (report.verdict != Verdict::passed || !report.coverage) continue;
        require_promises(report, together);
        const std::size_t own = promises_of(*report.coverage).unreached.size();
        if (report.verdict == Verdict::passed && own > 0) {
            report.reason +=
                fmt::format("{}{} promise{} unreached", report.reason.empty() ? "" : "; ", own,
                            own == 1 ? "" : "s");
        }
        explain(report);
    }
}

std::uint64_t Report::count(const std::string& name) const {
    for (const auto& [key, value] : counts) {
        if (key == name) return value;
    }
    return 0;
}

}  // namespace parley::checker
