#include "parley/checker/cli/stress_engine.hpp"

#include "parley/checker/cli/harness_output.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/replay_line.hpp"
#include "parley/checker/require.hpp"
#include "parley/checker/subprocess.hpp"
#include "parley/checker/symbolizer.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/stress/crash.hpp"
#include "parley/stress/engine.hpp"
#include "parley/stress/finding.hpp"
#include "parley/stress/harness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace parley::cli {

namespace {

using checker::CheckOptions;
using checker::Report;
using checker::Runner;

/// What the harness is asked to check, and with what.
struct StressHarness {
    std::string program;
    std::string engine;
    std::string protocol;
    std::string mutant;
    std::string left;
    std::string right;
    std::shared_ptr<TsanSettings> tsan;
};

bool is_on_fibers(const StressHarness& harness) {
    return harness.engine == "fibers";
}

/// `choices`: of one run, or null for a check.
checker::Command command_for(const StressHarness& harness, const CheckOptions& check,
                             const checker::Choices* choices) {
    checker::Command command;
    command.path = harness.program;
    command.arguments = {"--protocol",       harness.protocol,
                         "--seconds",        fmt::format("{}", check.seconds),
                         "--seed",           fmt::format("{}", check.seed),
                         "--executions-max", fmt::format("{}", check.executions_max)};
    if (!harness.mutant.empty()) {
        command.arguments.insert(command.arguments.end(), {"--mutant", harness.mutant});
    }
    for (const auto& [name, value] : check.bounds) {
        command.arguments.insert(command.arguments.end(),
                                 {"--set", fmt::format("{}={}", name, value)});
    }
    if (is_on_fibers(harness)) {
        command.arguments.insert(command.arguments.end(),
                                 {"--scheduler", std::string{stress::fiber_scheduler}});
        if (check.scheduler != as_found) command.arguments.emplace_back("--shrink");
    }
    if (choices != nullptr) {
        command.arguments.insert(command.arguments.end(), {"--replay", checker::to_text(*choices)});
    }
    if (!harness.tsan->suppressions().empty()) {
        command.arguments.insert(command.arguments.end(),
                                 {"--suppressions", harness.tsan->suppressions()});
    }
    command.is_address_randomized = harness.engine == "stress";
    return command;
}

/// A role crashed, or did not come back; and what ThreadSanitizer had reported before.
void describe_crash(const stress::Crash& crash, const StressHarness& harness,
                    checker::Trace& trace) {
    namespace property = specs::model::property;
    const std::string& party = crash.party == model::Party::left ? harness.left : harness.right;
    trace.violation =
        crash.signal == stress::hang_signal
            ? checker::Violation{std::string{property::hang}, "every step of a role ends",
                                 fmt::format("{} did not come back", party)}
            : checker::Violation{
                  std::string{property::crash}, "no role crashes",
                  fmt::format("{} in {}", stress::name_of_signal(crash.signal), party)};
    checker::RaceEnd end;
    end.access = trace.violation.detail;
    for (const auto& stack : checker::symbolize_in(harness.program, crash.instructions)) {
        for (const auto& frame : stack) {
            end.stack.push_back(fmt::format("{} {}:{}", frame.function, frame.file, frame.line));
        }
    }
    trace.race = {end};
    for (const stress::CrashRace& race : crash.races) {
        const stress::TsanReport found = stress::report_of(race, harness.program);
        const checker::Violation violation = stress::violation_of(found);
        trace.violation.detail +=
            fmt::format("; before that, {}: {}", violation.property, violation.detail);
        std::ranges::copy(stress::race_ends(found), std::back_inserter(trace.race));
    }
}

/// The harness crashed in what it does itself, on a heap that code under check has damaged:
/// ThreadSanitizer had reported by what. What it reported after that may be the damage.
void describe_damage(const stress::Crash& crash, const StressHarness& harness,
                     checker::Trace& trace) {
    const stress::TsanReport found = stress::report_of(crash.races.front(), harness.program);
    trace.violation = stress::violation_of(found);
    trace.violation.detail += fmt::format("; after that, {} in the harness, whose heap it shares",
                                          stress::name_of_signal(crash.signal));
    trace.race = stress::race_ends(found);
}

/// A report on a harness that did not live to write one.
Report report_on_end(const StressHarness& harness, const CheckOptions& check,
                     const checker::CommandResult& result) {
    namespace property = specs::model::property;
    Report report;
    report.protocol = harness.protocol;
    report.mutant = harness.mutant;
    report.engine = harness.engine;
    report.seed = check.seed;
    report.seconds = result.seconds;
    report.bounds = {check.bounds.begin(), check.bounds.end()};
    checker::Trace trace;
    trace.protocol = harness.protocol;
    trace.mutant = harness.mutant;
    trace.engine = harness.engine;
    trace.left = harness.left;
    trace.right = harness.right;
    trace.seed = check.seed;
    trace.bounds = report.bounds;
    const std::optional<stress::Crash> crash = stress::parse_crash(result.output);
    if (crash && crash->is_running) {
        describe_crash(*crash, harness, trace);
    } else if (crash && !crash->races.empty()) {
        describe_damage(*crash, harness, trace);
    } else if (result.has_timed_out) {
        trace.violation = {std::string{property::hang}, "every step of a role ends",
                           "the stress harness did not come back"};
    } else if (result.was_stopped) {
        report.verdict = checker::Verdict::incomplete;
        report.reason = "interrupted";
        checker::explain(report);
        return report;
    } else {
        throw checker::InternalError(fmt::format(
            "{} ended with exit code {}, signal {}; code under check may have damaged its heap: "
            "engine native says where",
            harness.program, result.exit_code, result.signal));
    }
    report.verdict = checker::Verdict::violated;
    report.trace = std::move(trace);
    checker::explain(report);
    return report;
}

/// `has_messages`: else the run has ended the process that knew them.
void lift(Report& report, const CheckOptions& check, const Runner& model, bool has_messages) {
    if (!report.trace || !model.lift) return;
    const auto choices = model.lift(check, *report.trace);
    if (!choices) {
        report.lifted =
            has_messages
                ? "not lifted: no interleaving of the abstract model fails with these messages"
                : "not lifted: the run has ended the process, and its messages are not known";
        return;
    }
    Report lifted = model.replay(check, *choices);
    report.lifted =
        "parley replay '" + checker::to_text(checker::replay_line_of(*lifted.trace)) + "'";
}

/// Runs a check, or the run with these `choices`.
Report run_harness(const StressHarness& harness, const CheckOptions& check, const Runner& model,
                   const checker::Choices* choices) {
    constexpr double start_and_judge_s = 30;
    constexpr double unlimited_s = 1e9;  // fibers are watched where they run
    checker::CommandLimits limits;
    limits.seconds = is_on_fibers(harness) ? unlimited_s : check.seconds + start_and_judge_s;
    limits.stop = check.stop;
    const auto result = checker::run_command(command_for(harness, check, choices), limits);
    if (harness.engine != "stress")
        harness.tsan->count(rest_of_line(result.output, stress::suppressed_start));
    const std::optional<Report> written = report_in(harness.program, result);
    Report report = written ? *written : report_on_end(harness, check, result);
    if (!is_on_fibers(harness)) lift(report, check, model, written.has_value());
    return report;
}

checker::EngineEntry harness_entry(const checker::ProtocolEntry& protocol,
                                   const std::string& engine, const std::string& program,
                                   const std::shared_ptr<TsanSettings>& tsan) {
    const auto explore =
        std::ranges::find(protocol.engines, "explore", &checker::EngineEntry::engine);
    checker::require(explore != protocol.engines.end(), "what has a harness can be explored");
    checker::EngineEntry entry;
    for (const checker::VariantEntry& variant : explore->variants) {
        const StressHarness harness{program,
                                    engine,
                                    std::string{protocol.name},
                                    std::string{variant.mutant.name},
                                    std::string{protocol.left},
                                    std::string{protocol.right},
                                    tsan};
        Runner runner;
        runner.check = [harness, model = variant.runner](const CheckOptions& check) {
            return run_harness(harness, check, model, nullptr);
        };
        if (is_on_fibers(harness)) {
            runner.replay = [harness, model = variant.runner](const CheckOptions& check,
                                                              const checker::Choices& choices) {
                return run_harness(harness, check, model, &choices);
            };
        }
        entry.variants.push_back({variant.mutant, std::move(runner)});
    }
    return entry;
}

/// The engines that have a harness, and what its name ends with.
constexpr std::array harnesses{
    std::pair<std::string_view, std::string_view>{"stress", "-stress"},
    std::pair<std::string_view, std::string_view>{"tsan", "-stress-tsan"},
#if PARLEY_HAS_FIBERS
    std::pair<std::string_view, std::string_view>{"fibers", "-stress-tsan"},
#endif
};

}  // namespace

std::vector<checker::ProtocolEntry> catalog_with_stress(const std::shared_ptr<TsanSettings>& tsan) {
    const std::string harness = checker::path_of_program();
    std::vector<checker::ProtocolEntry> protocols = checker::catalog();
    for (checker::ProtocolEntry& protocol : protocols) {
        if (std::ranges::find(protocol.engines, "explore", &checker::EngineEntry::engine) ==
            protocol.engines.end()) {
            continue;
        }
        for (const auto& [engine, suffix] : harnesses) {
            const std::string program = harness + std::string{suffix};
            if (!std::filesystem::exists(program)) continue;
            checker::EngineEntry entry =
                harness_entry(protocol, std::string{engine}, program, tsan);
            entry.engine = engine;
            protocol.engines.push_back(std::move(entry));
        }
    }
    return protocols;
}

void check_tsan_options_for(const std::vector<std::string_view>& engines) {
    const bool is_needed = std::ranges::any_of(
        engines, [](std::string_view engine) { return engine == "tsan" || engine == "fibers"; });
    const std::string harness = checker::path_of_program() + "-stress-tsan";
    if (is_needed && std::filesystem::exists(harness)) check_tsan_options(harness);
}

}  // namespace parley::cli
