#include "parley/checker/subject.hpp"

#include "parley/checker/transport.hpp"

#include <fmt/format.h>

namespace parley::checker {

std::vector<std::pair<std::string, int>> with_transport(
    std::vector<std::pair<std::string, int>> bounds, const CheckOptions& check) {
    for (const std::string_view name : transport_names) {
        const auto found = check.bounds.find(std::string{name});
        if (found != check.bounds.end()) bounds.emplace_back(found->first, found->second);
    }
    return bounds;
}

Report begin_report(const Subject& subject, std::string_view engine, const CheckOptions& check) {
    Report report;
    report.protocol = subject.protocol;
    report.mutant = subject.mutant;
    report.engine = engine;
    report.scheduler = check.scheduler;
    report.bounds = subject.bounds;
    report.seed = check.seed;
    if (check.scheduler == "pct" || check.scheduler == "context_bound") report.depth = check.depth;
    return report;
}

Trace begin_trace(const Subject& subject, const Report& report) {
    Trace trace;
    trace.protocol = subject.protocol;
    trace.mutant = subject.mutant;
    trace.engine = report.engine;
    trace.scheduler = report.scheduler;
    trace.left = subject.roles[0];
    trace.right = subject.roles[1];
    trace.bounds = report.bounds;
    trace.seed = report.seed;
    return trace;
}

std::optional<Coverage> coverage_of(const Subject& subject, bool has_slots) {
    if (subject.page == nullptr) return std::nullopt;
    return begin_coverage(*subject.page, subject.capacity, has_slots);
}

std::string message_never_sent(const Subject& subject, std::uint64_t sent_kinds) {
    if (subject.page != nullptr) return {};
    for (std::size_t party = 0; party < 2; ++party) {
        for (std::size_t kind = 0; kind < subject.messages[party].size(); ++kind) {
            if ((sent_kinds >> (32 * party + kind) & 1) == 0) {
                return fmt::format("{} never sends {}", subject.roles[party],
                                   subject.messages[party][kind]);
            }
        }
    }
    return {};
}

}  // namespace parley::checker
