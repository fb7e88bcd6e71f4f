#include "parley/checker/cli/compiled_engine.hpp"

#include "parley/checker/cli/harness_output.hpp"
#include "parley/checker/rc11/compiled/harness.hpp"
#include "parley/checker/replay_line.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/subprocess.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::cli {

namespace {

using checker::CheckOptions;
using checker::Report;

/// What the harness is asked to check.
struct CompiledHarness {
    std::string program;
    std::string protocol;
    std::string mutant;
};

std::string number(auto value) {
    return fmt::format("{}", value);
}

/// `choices`: of one run, or null for a check.
std::vector<std::string> arguments_for(const CompiledHarness& harness, const CheckOptions& check,
                                       const checker::Choices* choices) {
    std::vector<std::string> arguments{"--protocol",
                                       harness.protocol,
                                       "--executions-max",
                                       number(check.executions_max),
                                       "--threads",
                                       number(check.threads),
                                       "--shard",
                                       number(check.shard),
                                       "--shards",
                                       number(check.shards),
                                       "--checkpoint-seconds",
                                       number(check.checkpoint_seconds)};
    const auto add = [&](std::string name, std::string value) {
        arguments.push_back(std::move(name));
        arguments.push_back(std::move(value));
    };
    if (!harness.mutant.empty()) add("--mutant", harness.mutant);
    if (!check.checkpoint.empty()) add("--checkpoint", check.checkpoint);
    for (const auto& [name, value] : check.bounds) add("--set", fmt::format("{}={}", name, value));
    if (check.deadline) {
        const std::chrono::duration<double> left =
            *check.deadline - std::chrono::steady_clock::now();
        constexpr double least_s = 0.001;
        add("--seconds", number(std::max(least_s, left.count())));
    }
    if (choices != nullptr) add("--replay", checker::to_text(*choices));
    return arguments;
}

Report report_of(const CompiledHarness& harness, const checker::CommandResult& result) {
    const std::string_view refusal = rest_of_line(result.output, rc11::refused_start);
    if (!refusal.empty()) throw checker::InputError(std::string{refusal});
    if (const std::optional<Report> report = report_in(harness.program, result)) return *report;
    throw checker::InternalError(fmt::format("{} ended with exit code {}, signal {}",
                                             harness.program, result.exit_code, result.signal));
}

/// Runs a check, or the run with these `choices`.
Report run_harness(const CompiledHarness& harness, const CheckOptions& check,
                   const checker::Choices* choices) {
    constexpr double unlimited_s = 1e9;  // a search takes as long as it takes
    checker::Command command;
    command.path = harness.program;
    command.arguments = arguments_for(harness, check, choices);
    checker::CommandLimits limits;
    limits.seconds = unlimited_s;
    limits.stop = check.stop;
    return report_of(harness, checker::run_command(command, limits));
}

checker::VariantEntry variant_of(const CompiledHarness& harness,
                                 const specs::model::Mutant& mutant) {
    checker::Runner runner;
    runner.check = [harness](const CheckOptions& check) {
        return run_harness(harness, check, nullptr);
    };
    runner.replay = [harness](const CheckOptions& check, const checker::Choices& choices) {
        return run_harness(harness, check, &choices);
    };
    return {mutant, std::move(runner)};
}

}  // namespace

void add_compiled_engine(std::vector<checker::ProtocolEntry>& protocols,
                         const std::string& program) {
    if (!std::filesystem::exists(program)) return;
    for (checker::ProtocolEntry& protocol : protocols) {
        const auto explore =
            std::ranges::find(protocol.engines, "explore", &checker::EngineEntry::engine);
        if (explore == protocol.engines.end()) continue;
        checker::EngineEntry entry{"native", {}};
        for (const checker::VariantEntry& variant : explore->variants) {
            entry.variants.push_back(
                variant_of({program, std::string{protocol.name}, std::string{variant.mutant.name}},
                           variant.mutant));
        }
        protocol.engines.push_back(std::move(entry));
    }
}

}  // namespace parley::cli
