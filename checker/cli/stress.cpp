#include "parley/checker/cli/check_request.hpp"
#include "parley/checker/cli/command.hpp"

#include <memory>

namespace parley::cli {

void add_stress(Parser app, const Session& session, Action& action) {
    const Parser command =
        app.add_subcommand("stress", "run protocols with real threads, plain and under TSan");
    const auto request = std::make_shared<CheckRequest>();
    request->engines = {"stress"};
    request->has_outcomes = true;
    add_common_options(command, *request);
    command.add_flag("--tsan-fibers", request->has_fibers,
                     "on fibers of one thread under TSan, by seed: the same run every time");
    command.footer(
        "Examples:\n"
        "  parley stress                          all protocols\n"
        "  parley stress send --seconds 30        longer\n"
        "  parley stress send --set capacity=1 --seed 7\n"
        "  parley stress --tsan-fibers --seed 1   one thread, the same every time\n"
        "\n"
        "Exit code: as of parley check.");
    command.callback([&action, &session, request] {
        action = [&session, request] {
            if (request->has_fibers) request->engines = {"fibers"};
            return run_check(*request, session);
        };
    });
}

}  // namespace parley::cli
