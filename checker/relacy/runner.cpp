#include "parley/checker/relacy/runner.hpp"

#include "parley/checker/meaning.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/require.hpp"
#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

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
        case FailureClass::double_free:
            return {property::double_free, "an object is destroyed once"};
        case FailureClass::freed_access:
            return {property::use_after_free, "a destroyed object is not touched"};
        case FailureClass::uninitialised_access:
            return {property::data_race, "what is read has been initialised before"};
        case FailureClass::deadlock:
            return {property::deadlock, "some party can move until both have finished"};
        case FailureClass::livelock:
            return {property::livelock, "while a run goes on, something happens in it"};
        case FailureClass::exception:
            return {property::exception, "no exception leaves a role"};
        case FailureClass::hang:
            return {property::hang, "no role stays in a step for ever"};
        case FailureClass::crash:
            return {property::crash, "no role crashes"};
        default:
            return {property::assertion, "no assertion fails"};
    }
}

constexpr std::string_view context_bound = "context_bound";

/// The scheduler in one word that says all: "context_bound:2".
std::string scheduler_of(const CheckOptions& check) {
    if (check.scheduler.empty()) return "random";
    if (check.scheduler == context_bound) return fmt::format("{}:{}", context_bound, check.depth);
    return check.scheduler;
}

/// The bound in "context_bound:2".
std::uint32_t bound_of(std::string_view scheduler) {
    std::string_view text = scheduler.substr(context_bound.size());
    std::uint32_t bound = 0;
    if (text.starts_with(':')) {
        text.remove_prefix(1);
        const char* const end = text.data() + text.size();
        if (std::from_chars(text.data(), end, bound).ptr != end) bound = 0;
    }
    if (bound == 0) throw InputError(fmt::format("relacy has no scheduler {}", scheduler));
    return bound;
}

SimulationOptions simulation_options(const CheckOptions& check) {
    const std::string scheduler = scheduler_of(check);
    SimulationOptions options;
    if (scheduler == "full") {
        options.scheduler = SchedulerKind::full;
    } else if (scheduler.starts_with(context_bound)) {
        options.scheduler = SchedulerKind::context_bound;
        options.context_bound = bound_of(scheduler);
    } else if (scheduler != "random") {
        throw InputError(fmt::format("relacy has no scheduler {}", scheduler));
    }
    options.seed = check.seed;
    options.executions_before = check.executions_before;
    options.executions_max =
        check.executions_max - std::min(check.executions_before, check.executions_max);
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

/// The property that a failure of a run violates.
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
    report.counts = {{"executions", result.executions}};
    report.seconds = result.seconds;
    if (result.has_failed()) {
        report.verdict = Verdict::violated;
    } else if (check.is_stopped()) {
        report.verdict = Verdict::incomplete;
        report.reason = check.stop_reason();
    } else if (campaign.ends == 0 || !missing.empty()) {
        const bool is_cut = report.scheduler != "random" && !result.is_complete;
        report.verdict = is_cut ? Verdict::incomplete : Verdict::vacuous;
        report.reason = is_cut               ? search_did_not_end
                        : campaign.ends == 0 ? "no execution came to its end"
                                             : missing;
    } else if (result.is_complete && report.scheduler == "full") {
        report.verdict = Verdict::verified;
        require_promises(report, campaign.coverage);
    } else {
        report.verdict = Verdict::passed;
        if (result.is_complete) {
            report.reason = "the search ended within its bound on context switches";
        } else if (report.scheduler != "random") {
            report.reason = search_did_not_end;
        }
    }
}

/// Runs `choices` once and takes everything down.
Trace trace_of(const Subject& subject, const Report& report, const CheckOptions& check,
               const MakeProgram& make_program, const Choices& choices) {
    Recorder recorder;
    MemoryLog log;
    Campaign campaign;
    campaign.recorder = &recorder;
    campaign.log = &log;
    SimulationOptions options = simulation_options(check);
    options.log = &log;
    const auto program = make_program(check, campaign);
    const SimulationResult result = replay(options, *program, choices);
    campaign.take_down();
    Trace trace = begin_trace(subject, report);
    trace.choices = result.choices;
    trace.violation = violation_of(result, campaign);
    trace.events = recorder.events();
    if (trace.violation.property == property::data_race) {
        trace.race = race_ends(log, campaign.names);
    }
    return trace;
}

}  // namespace

Runner relacy_runner(const DescribeSubject& describe, const MakeProgram& make_program) {
    Runner runner;
    runner.check = [=](const CheckOptions& check) {
        const Subject subject = describe(check);
        Report report = begin_report(subject, "relacy", check);
        report.scheduler = scheduler_of(check);
        Campaign campaign;
        campaign.coverage = coverage_of(subject, true);
        const auto program = make_program(check, campaign);
        try {
            const SimulationResult result = simulate(simulation_options(check), *program);
            judge(report, check, result, campaign,
                  message_never_sent(subject, campaign.sent_kinds));
            if (result.has_failed()) {
                report.trace = trace_of(subject, report, check, make_program, result.choices);
            }
        } catch (const LimitReached& reached) {
            report.verdict = Verdict::incomplete;
            report.reason = reached.limit;
            report.counts = {{"executions", campaign.ends}};
        }
        report.coverage = std::move(campaign.coverage);
        explain(report);
        return report;
    };
    runner.replay = [=](const CheckOptions& check, const Choices& choices) {
        const Subject subject = describe(check);
        Report report = begin_report(subject, "relacy", check);
        report.scheduler = scheduler_of(check);
        report.counts = {{"executions", 1}};
        report.trace = trace_of(subject, report, check, make_program, choices);
        const bool is_violated = !report.trace->violation.property.empty();
        report.verdict = is_violated ? Verdict::violated : Verdict::passed;
        explain(report);
        return report;
    };
    return runner;
}

}  // namespace parley::checker::relacy
