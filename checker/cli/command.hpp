#pragma once

#include "parley/checker/cli/session.hpp"

#include <CLI/CLI.hpp>

#include <functional>

/// The command. Each subcommand adds itself with its options to the parser and, when it is the one
/// that was called, sets what is to be done; that returns the exit code.
namespace parley::cli {

using Action = std::function<int()>;

void add_check(CLI::App& app, const Session& session, Action& action);
void add_list(CLI::App& app, const Session& session, Action& action);
void add_stress(CLI::App& app, const Session& session, Action& action);
void add_mutants(CLI::App& app, const Session& session, Action& action);
void add_litmus(CLI::App& app, const Session& session, Action& action);
void add_new(CLI::App& app, Action& action);
void add_completion(CLI::App& app, const Session& session, Action& action);
void add_explore(CLI::App& app, const Session& session, Action& action);
void add_regress(CLI::App& app, Action& action);
void add_merge(CLI::App& app, const Session& session, Action& action);
void add_orders(CLI::App& app, const Session& session, Action& action);
void add_replay(CLI::App& app, const Session& session, Action& action);

}  // namespace parley::cli
