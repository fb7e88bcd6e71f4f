#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/traces.hpp"
#include "parley/checker/render/regression.hpp"

#include <memory>
#include <string>
#include <vector>

namespace parley::cli {

namespace {

struct RegressRequest {
    std::string trace;
    std::string into;
};

int run_regress(const RegressRequest& request) {
    const std::vector<checker::Report> failures = read_failures(request.trace);
    if (failures.size() > 1) {
        throw checker::InputError(request.trace + ": holds several runs, and a test pins one");
    }
    const std::string text = checker::render::regression_test(*failures.front().trace);
    if (request.into.empty()) {
        say(text);
    } else {
        create_file(request.into, text);
    }
    return 0;
}

}  // namespace

void add_regress(Parser app, Action& action) {
    const Parser command = app.add_subcommand("regress", "write a Catch2 test from a failing run");
    const auto request = std::make_shared<RegressRequest>();
    command.add_option("FILE", request->trace, "what check wrote with --json, or a corpus keeps")
        .required();
    command.add_option("--into", request->into, "the new file; standard output if there is none")
        .type_name("FILE");
    command.footer(
        "The test runs the trace again, by its choices or, when these do not fit any more, by\n"
        "its messages, and fails as long as the property does. Link it with the catalog of\n"
        "your command: target_link_libraries(tests PRIVATE checks_catalog).\n"
        "\n"
        "Examples:\n"
        "  parley check send --json trace.json\n"
        "  parley regress trace.json --into send_regression_test.cpp\n"
        "\n"
        "Exit code: 0, or 2 for bad input; a file that is there already is one.");
    command.callback([&action, request] { action = [request] { return run_regress(*request); }; });
}

}  // namespace parley::cli
