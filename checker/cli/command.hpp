#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/checker/cli/terminal.hpp"

#include <CLI/CLI.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

/// The command. Each subcommand adds itself with its options to the parser and, when it is the one
/// that was called, sets what is to be done; that returns the exit code.
namespace parley::cli {

/// What all subcommands know of the process.
struct Session {
    std::string program;  ///< as the user called it, for lines that can be pasted
    std::vector<checker::ProtocolEntry> catalog;
    Terminal terminal;
    const std::atomic<bool>* stop = nullptr;
};

using Action = std::function<int()>;

void add_check(CLI::App& app, const Session& session, Action& action);
void add_list(CLI::App& app, const Session& session, Action& action);
void add_stress(CLI::App& app, const Session& session, Action& action);
void add_mutants(CLI::App& app, const Session& session, Action& action);
void add_replay(CLI::App& app, const Session& session, Action& action);

}  // namespace parley::cli
