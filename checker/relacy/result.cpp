#include "parley/checker/relacy/result.hpp"

#include "parley/checker/progress.hpp"
#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

namespace parley::checker::relacy {

namespace {

namespace property = specs::model::property;

struct Meaning {
    std::string_view property;
    std::string_view sentence;
};

Meaning meaning_of(FailureClass kind) {
    switch (kind) {
        case FailureClass::data_race:
            return {property::data_race, "two accesses to plain memory are ordered"};
        case FailureClass::memory_leak:
            return {property::leak, "every object is destroyed by the end"};
        case FailureClass::double_free: return {property::double_free, "an object is destroyed once"};
        case FailureClass::freed_access:
            return {property::use_after_free, "a destroyed object is not touched"};
        case FailureClass::uninitialised_access:
            return {property::data_race, "what is read has been initialised before"};
        case FailureClass::deadlock:
            return {property::deadlock, "some party can move until both have finished"};
        case FailureClass::livelock:
            return {property::livelock, "both parties finish within the step limit"};
        case FailureClass::exception: return {property::exception, "no exception leaves a role"};
        case FailureClass::crash: return {property::crash, "no role crashes"};
        default: return {property::assertion, "no assertion fails"};
    }
}

}  // namespace

SimulationOptions simulation_options(const CheckOptions& check) {
    SimulationOptions options;
    if (check.scheduler == "context_bound") options.scheduler = SchedulerKind::context_bound;
    if (check.scheduler == "full") options.scheduler = SchedulerKind::full;
    options.context_bound = check.depth;
    options.seed = check.seed;
    options.executions_max = check.executions_max;
    options.seconds_max = check.seconds;
    options.stop = check.stop;
    if (check.progress) {
        options.progress = [progress = check.progress, seconds = check.seconds,
                            stopwatch = Stopwatch{}](std::uint64_t executions) {
            const double now = stopwatch.seconds();
            progress(now / seconds, static_cast<double>(executions) / now);
        };
    }
    return options;
}

Violation violation_of(const SimulationResult& result, const Campaign& campaign) {
    if (result.failure.kind == FailureClass::none) return {};
    if (campaign.violation) return *campaign.violation;
    const Meaning meaning = meaning_of(result.failure.kind);
    Violation violation{std::string{meaning.property}, std::string{meaning.sentence},
                        result.failure.message};
    if (!result.failure.file.empty()) {
        violation.detail += fmt::format(" at {}:{}", result.failure.file, result.failure.line);
    }
    return violation;
}

void judge(Report& report, const CheckOptions& check, const SimulationResult& result,
           const Campaign& campaign, const std::string& missing) {
    if (report.scheduler.empty()) report.scheduler = "random";
    report.counts = {{"executions", result.executions}};
    report.seconds = result.seconds;
    const bool is_full = report.scheduler == "full";
    if (result.has_failed()) {
        report.verdict = Verdict::violated;
    } else if (campaign.ends == 0 || !missing.empty()) {
        report.verdict = Verdict::vacuous;
        report.reason = campaign.ends == 0 ? "no execution came to its end" : missing;
    } else if (check.is_stopped()) {
        report.verdict = Verdict::incomplete;
        report.reason = "interrupted";
    } else if (result.is_complete && is_full) {
        report.verdict = Verdict::verified;
    } else {
        report.verdict = Verdict::passed;
        if (result.is_complete) {
            report.reason = fmt::format("the search ended: every execution with at most {} switches "
                                        "away from a running thread",
                                        check.depth);
        } else if (report.scheduler != "random") {
            report.reason = "the search did not end";
        }
    }
}

void complete(Trace& trace, const SimulationResult& result, Campaign& campaign) {
    campaign.take_down();
    trace.choices = result.choices;
    trace.violation = violation_of(result, campaign);
    trace.events = campaign.recorder->events();
    if (trace.violation.property == property::data_race) {
        trace.race = race_ends(*campaign.log, campaign.names);
    }
}

}  // namespace parley::checker::relacy
