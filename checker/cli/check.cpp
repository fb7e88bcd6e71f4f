#include "parley/checker/cli/check_request.hpp"
#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/scale_options.hpp"

#include <memory>

namespace parley::cli {

void add_check(Parser app, const Session& session, Action& action) {
    const Parser command = app.add_subcommand("check", "check protocols with every engine");
    const auto request = std::make_shared<CheckRequest>();
    add_common_options(command, *request);
    add_engine_options(command, *request);
    add_scale_options(command, *request);
    command.footer(
        "Examples:\n"
        "  parley check                                  everything\n"
        "  parley check subscription --engine explore    one protocol, one engine\n"
        "  parley check send --set capacity=4 --set items=5\n"
        "  parley check cancelable_one_shot --transport reordering\n"
        "  parley check request_reply --engine relacy --scheduler full --seconds 10\n"
        "  parley check specs/subscription.md            a page: its two automata, no code\n"
        "  parley check cancelable_one_shot --mutant both_outcomes --json trace.json\n"
        "\n"
        "Exit code: 0 clean, 1 a property is violated, 2 bad input, 3 undecided or\n"
        "interrupted, 4 a bug of parley.");
    command.callback([&action, &session, request] {
        action = [&session, request] { return run_check(*request, session); };
    });
}

}  // namespace parley::cli
