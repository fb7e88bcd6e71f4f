#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/manual.hpp"
#include "parley/checker/cli/output.hpp"

#include <memory>
#include <string>

namespace parley::cli {

void add_completion(Parser app, const Session& session, Action& action) {
    const Parser command =
        app.add_subcommand("completion", "print a script that completes its words");
    const auto shell = std::make_shared<std::string>();
    command.add_option("SHELL", *shell, "bash, zsh or fish").required();
    command.footer(
        "Examples:\n"
        "  source <(parley completion bash)\n"
        "  parley completion zsh >~/.zfunc/_parley\n"
        "  parley completion fish >~/.config/fish/completions/parley.fish");
    command.callback([app, &action, &session, shell] {
        action = [app, &session, shell] {
            say(completion_script(app.app(), session.catalog, *shell));
            return 0;
        };
    });
    const Parser manual = app.add_subcommand("man", "print the manual page: parley man | man -l -");
    manual.callback([app, &action] {
        action = [app] {
            say(man_page(app.app()));
            return 0;
        };
    });
}

}  // namespace parley::cli
