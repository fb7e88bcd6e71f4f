#pragma once

#include "parley/checker/cli/parser.hpp"
#include "parley/checker/cli/session.hpp"

#include <functional>

/// The command. Each subcommand adds itself with its options to the parser and, when it is the one
/// that was called, sets what is to be done; that returns the exit code.
namespace parley::cli {

using Action = std::function<int()>;

void add_check(Parser app, const Session& session, Action& action);
void add_list(Parser app, const Session& session, Action& action);
void add_stress(Parser app, const Session& session, Action& action);
void add_mutants(Parser app, const Session& session, Action& action);
void add_litmus(Parser app, const Session& session, Action& action);
void add_new(Parser app, Action& action);
void add_completion(Parser app, const Session& session, Action& action);
void add_explore(Parser app, const Session& session, Action& action);
void add_regress(Parser app, Action& action);
void add_merge(Parser app, const Session& session, Action& action);
void add_orders(Parser app, const Session& session, Action& action);
void add_replay(Parser app, const Session& session, Action& action);

}  // namespace parley::cli
