#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/compiled_engine.hpp"
#include "parley/checker/cli/interrupt.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/run_command.hpp"
#include "parley/checker/cli/stress_engine.hpp"
#include "parley/checker/nearest.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/symbolizer.hpp"
#include "parley/checker/version.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parley::cli {

namespace {

/// With the engines that have a program of their own.
std::vector<checker::ProtocolEntry> catalog_with_harnesses(
    const std::shared_ptr<TsanSettings>& tsan) {
    std::vector<checker::ProtocolEntry> catalog = catalog_with_stress(tsan);
    add_compiled_engine(catalog, checker::path_of_program() + "-rc11");
    return catalog;
}

constexpr int bad_input = 2;
constexpr int internal_error = 4;

/// What the user may have meant by a word that is no command, or no option.
[[noreturn]] void refuse_word(const CLI::App& app, const std::string& word) {
    const bool is_option = word.starts_with('-');
    std::vector<std::string> texts;
    if (is_option) {
        for (const CLI::Option* option : app.get_options()) {
            for (const std::string& name : option->get_lnames()) texts.push_back("--" + name);
        }
    } else {
        for (const CLI::App* each : app.get_subcommands({})) texts.push_back(each->get_name());
    }
    const std::vector<std::string_view> names(texts.begin(), texts.end());
    throw checker::InputError(checker::unknown_name(is_option ? "option" : "command", word, names));
}

/// The subcommand that was called, or the command itself.
const CLI::App& called(const CLI::App& app) {
    const std::vector<CLI::App*> commands = app.get_subcommands();
    return commands.empty() ? app : *commands.front();
}

void parse(CLI::App& app, int argc, const char* const* argv) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ExtrasError&) {
        for (const std::string& word : app.remaining(true)) refuse_word(called(app), word);
        throw;
    }
}

int run(int argc, const char* const* argv) {
    const auto tsan = std::make_shared<TsanSettings>();
    Session session{.program = argc > 0 ? argv[0] : "parley",
                    .catalog = catalog_with_harnesses(tsan),
                    .terminal = detect_terminal(),
                    .tsan = tsan,
                    .arguments = {},
                    .stop = nullptr};
    Action action;
    CLI::App app("Checks two-party message protocols over lock-free queues.", "parley");
    app.set_version_flag("--version", fmt::format("parley {}", checker::version()));
    const Parser parser(app);
    add_check(parser, session, action);
    add_list(parser, session, action);
    add_stress(parser, session, action);
    add_mutants(parser, session, action);
    add_orders(parser, session, action);
    add_replay(parser, session, action);
    add_litmus(parser, session, action);
    add_new(parser, action);
    add_merge(parser, session, action);
    add_regress(parser, action);
    add_explore(parser, session, action);
    add_completion(parser, session, action);
    app.footer(
        "Each command has --help with examples. Start with: parley check\n"
        "The script ./parley of a clone also knows build, test, lint and bench.");
    const char* const* const end = std::find(argv, argv + argc, std::string_view("--"));
    if (end != argv + argc) session.arguments.assign(end + 1, argv + argc);
    try {
        parse(app, static_cast<int>(end - argv), argv);
    } catch (const CLI::CallForHelp&) {
        say(called(app).help());
        return 0;
    } catch (const CLI::CallForVersion&) {
        say(app.version() + "\n");
        return 0;
    } catch (const CLI::ParseError& error) {
        throw checker::InputError(error.what());
    }
    if (!session.arguments.empty() && called(app).get_name() != "orders") {
        throw checker::InputError("what follows -- is for a program, which only `orders` runs");
    }
    if (!action) {
        say(app.help());
        return bad_input;
    }
    session.stop = &stop_on_interrupt();
    return action();
}

/// One line, whatever the text contains.
int fail(std::string_view text, int code) {
    std::string line(text);
    std::ranges::replace(line, '\n', ' ');
    // There may be nobody to tell.
    static_cast<void>(
        std::fputs(fmt::format("parley: {}\n", checker::render::printable(line)).c_str(), stderr));
    return code;
}

}  // namespace

int run_command(int argc, const char* const* argv) {
    try {
        return run(argc, argv);
    } catch (const checker::InputError& error) {
        return fail(error.what(), bad_input);
    } catch (const std::exception& error) {
        return fail(fmt::format("internal error: {}", error.what()), internal_error);
    } catch (...) {
        return fail("internal error", internal_error);
    }
}

}  // namespace parley::cli
