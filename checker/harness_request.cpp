#include "parley/checker/harness_request.hpp"

#include "parley/checker/replay_line.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <exception>
#include <map>

namespace parley::checker {

namespace {

/// Bounds that are set as "NAME=VALUE".
std::map<std::string, int> bounds_of(const std::vector<std::string>& settings) {
    std::map<std::string, int> bounds;
    for (const std::string& setting : settings) {
        const auto equals = setting.find('=');
        bounds[setting.substr(0, equals)] = std::stoi(setting.substr(equals + 1));
    }
    return bounds;
}

}  // namespace

HarnessRequest parse_harness_request(int argc, char** argv, HarnessKind kind) {
    HarnessRequest request;
    CheckOptions& check = request.check;
    std::vector<std::string> bounds;
    std::optional<std::string> choices;
    CLI::App app{"Checks one protocol and writes the report as JSON."};
    app.add_option("--protocol", request.protocol);
    app.add_option("--mutant", request.mutant);
    app.add_option("--set", bounds);
    app.add_option("--seconds", request.seconds);
    app.add_option("--executions-max", check.executions_max);
    app.add_option("--replay", choices);
    if (kind == HarnessKind::samples) {
        app.add_flag("--options", request.is_idle);
        app.add_option("--seed", check.seed);
        app.add_option("--scheduler", check.scheduler);
        app.add_option("--suppressions", request.suppressions);
        app.add_flag("--shrink", request.is_shrinking);
    } else {
        app.add_option("--threads", check.threads);
        app.add_option("--shard", check.shard);
        app.add_option("--shards", check.shards);
        app.add_option("--checkpoint", check.checkpoint);
        app.add_option("--checkpoint-seconds", check.checkpoint_seconds);
    }
    try {
        app.parse(argc, argv);
        check.bounds = bounds_of(bounds);
    } catch (const std::exception& error) {
        throw InputError(error.what());
    }
    if (choices) request.run = parse_choices(*choices);
    return request;
}

const Runner& find_runner(const std::vector<ProtocolEntry>& protocols, std::string_view protocol,
                          std::string_view mutant) {
    for (const ProtocolEntry& each : protocols) {
        if (each.name != protocol) continue;
        for (const VariantEntry& variant : each.engines.front().variants) {
            if (variant.mutant.name == mutant) return variant.runner;
        }
    }
    throw InputError(fmt::format("there is no {} {}", protocol, mutant));
}

}  // namespace parley::checker
