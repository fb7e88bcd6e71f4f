#include "parley/checker/cli/manual.hpp"

#include "parley/checker/nearest.hpp"
#include "parley/checker/transport.hpp"
#include "parley/checker/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace parley::cli {

namespace {

using Words = std::vector<std::string>;

void add_once(Words& words, std::string_view word) {
    if (!word.empty() && std::ranges::find(words, word) == words.end()) words.emplace_back(word);
}

std::string joined(const Words& words, std::string_view between) {
    return fmt::format("{}", fmt::join(words, between));
}

Words protocol_names(const Catalog& catalog) {
    Words names;
    for (const auto& protocol : catalog) add_once(names, protocol.name);
    return names;
}

/// The words that an option takes, or none: those are up to the user.
Words values_of(const CLI::Option& option, const Catalog& catalog) {
    const std::string name = option.get_lnames().empty() ? "" : option.get_lnames().front();
    Words values;
    if (name == "transport") {
        values = {"fifo"};
        for (const std::string_view each : checker::transport_names) add_once(values, each);
    }
    if (name == "queue") values = {"real", "channel"};
    if (name == "symmetry") values = {"on", "off"};
    if (name == "fairness") values = {"action", "process", "none"};
    if (name == "scheduler") {
        values = {"exhaustive", "random", "pct", "bursty", "context_bound", "full"};
    }
    if (name != "engine" && name != "mutant") return values;
    for (const auto& protocol : catalog) {
        for (const auto& entry : protocol.engines) {
            if (name == "engine") add_once(values, entry.engine);
            if (name == "engine") continue;
            for (const auto& variant : entry.variants) add_once(values, variant.mutant.name);
        }
    }
    return values;
}

bool takes_file(const CLI::Option& option) {
    return option.get_type_name() == "FILE" || option.get_type_name() == "DIR";
}

bool takes_value(const CLI::Option& option) {
    return option.get_items_expected_max() > 0;
}

/// Options with a name, in the order in which they were added.
std::vector<const CLI::Option*> options_of(const CLI::App& app) {
    std::vector<const CLI::Option*> options;
    for (const CLI::Option* option : app.get_options()) {
        if (!option->get_lnames().empty()) options.push_back(option);
    }
    return options;
}

Words option_words(const CLI::Option& option) {
    Words words;
    for (const std::string& name : option.get_snames()) words.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) words.push_back("--" + name);
    return words;
}

/// What a command takes that is no option: names of protocols, or files.
const CLI::Option* positional_of(const CLI::App& app) {
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_positional()) return option;
    }
    return nullptr;
}

bool takes_protocols(const CLI::App& app) {
    const CLI::Option* positional = positional_of(app);
    return positional != nullptr && positional->get_name(true).find("PROTOCOL") == 0;
}

/// Text in which roff finds nothing to obey.
std::string roff(std::string_view text) {
    std::string result;
    bool is_at_start = true;
    for (const char c : text) {
        if (is_at_start && (c == '.' || c == '\'')) result += "\\&";
        if (c == '\\') {
            result += "\\e";
        } else if (c == '-') {
            result += "\\-";
        } else {
            result += c;
        }
        is_at_start = c == '\n';
    }
    return result;
}

std::string roff_options(const CLI::App& app) {
    std::string text;
    for (const CLI::Option* option : options_of(app)) {
        std::string head = joined(option_words(*option), ", ");
        if (takes_value(*option)) head += " " + option->get_type_name();
        text += fmt::format(".TP\n.B {}\n{}\n", roff(head), roff(option->get_description()));
    }
    return text;
}

/// Text in single quotes for a shell.
std::string shell_text(std::string_view text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

std::string bash_script(const CLI::App& app, const Catalog& catalog) {
    std::string options;
    std::string commands;
    Words names;
    for (const CLI::App* command : app.get_subcommands({})) {
        names.push_back(command->get_name());
        Words words;
        for (const CLI::Option* option : options_of(*command)) {
            for (const std::string& word : option_words(*option)) words.push_back(word);
            if (!takes_value(*option)) continue;
            const std::string pattern = joined(option_words(*option), "|");
            const Words values = values_of(*option, catalog);
            if (values.empty() && !takes_file(*option)) continue;
            // The same option means the same in each command.
            const std::string line = fmt::format(
                "        {}) {} ;;\n", pattern,
                values.empty()
                    ? "COMPREPLY=($(compgen -f -- \"$word\")); return"
                    : fmt::format("words={}; is_value=1", shell_text(joined(values, " "))));
            if (options.find(line) == std::string::npos) options += line;
        }
        if (takes_protocols(*command)) {
            for (const std::string& name : protocol_names(catalog)) words.push_back(name);
        }
        commands += fmt::format("            {}) words={} ;;\n", command->get_name(),
                                shell_text(joined(words, " ")));
    }
    return fmt::format(R"(# bash completion for parley
_parley() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} words='' is_value=''
    case $before in
{}    esac
    if [[ -z $is_value ]]; then
        words={}
        [[ $COMP_CWORD == 1 ]] || case ${{COMP_WORDS[1]}} in
{}            *) words='' ;;
        esac
    fi
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    [[ -n $is_value || ${{#COMPREPLY[@]}} != 0 || $COMP_CWORD == 1 ]] || COMPREPLY=($(compgen -f -- "$word"))
}}
complete -o filenames -F _parley parley
)",
                       options, shell_text(joined(names, " ")), commands);
}

/// A description in one of zsh's specifications, in which ':' and brackets mean something.
std::string zsh_text(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (std::string_view{":[]\\"}.find(c) != std::string_view::npos) result += '\\';
        result += c;
    }
    return result;
}

std::string zsh_option(const CLI::Option& option, const Catalog& catalog) {
    std::string value;
    if (takes_value(option)) {
        const Words values = values_of(option, catalog);
        value = fmt::format(":{}:", zsh_text(option.get_type_name()));
        if (!values.empty()) value += fmt::format("({})", fmt::join(values, " "));
        if (takes_file(option)) value += "_files";
    }
    std::string text;
    for (const std::string& word : option_words(option)) {
        text +=
            " \\\n                " +
            shell_text(fmt::format("*{}[{}]{}", word, zsh_text(option.get_description()), value));
    }
    return text;
}

std::string zsh_script(const CLI::App& app, const Catalog& catalog) {
    std::string names;
    std::string commands;
    for (const CLI::App* command : app.get_subcommands({})) {
        names += fmt::format("        {}\n", shell_text(command->get_name() + ":" +
                                                        zsh_text(command->get_description())));
        std::string arguments;
        for (const CLI::Option* option : options_of(*command)) {
            arguments += zsh_option(*option, catalog);
        }
        if (takes_protocols(*command)) {
            arguments += fmt::format(" \\\n                '*:protocol:({})'",
                                     fmt::join(protocol_names(catalog), " "));
        } else if (positional_of(*command) != nullptr) {
            arguments += " \\\n                '*:file:_files'";
        }
        commands += fmt::format("        {})\n            _arguments{} ;;\n", command->get_name(),
                                arguments);
    }
    return fmt::format(R"(#compdef parley
# zsh completion for parley
_parley() {{
    local -a commands
    commands=(
{}    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
{}    esac
}}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _parley "$@"
else
    compdef _parley parley
fi
)",
                       names, commands);
}

std::string fish_script(const CLI::App& app, const Catalog& catalog) {
    std::string text = "# fish completion for parley\ncomplete -c parley -f\n";
    for (const CLI::App* command : app.get_subcommands({})) {
        text += fmt::format("complete -c parley -n __fish_use_subcommand -a {} -d {}\n",
                            command->get_name(), shell_text(command->get_description()));
        const std::string condition = fmt::format(
            "complete -c parley -n '__fish_seen_subcommand_from {}'", command->get_name());
        for (const CLI::Option* option : options_of(*command)) {
            text += condition;
            for (const std::string& name : option->get_snames()) text += " -s " + name;
            for (const std::string& name : option->get_lnames()) text += " -l " + name;
            if (takes_value(*option)) {
                const Words values = values_of(*option, catalog);
                text += takes_file(*option) ? " -r -F" : " -x";
                if (!values.empty()) {
                    text += " -a " + shell_text(joined(values, " "));
                }
            }
            text += " -d " + shell_text(option->get_description()) + "\n";
        }
        if (takes_protocols(*command)) {
            text += fmt::format("{} -a '{}'\n", condition, fmt::join(protocol_names(catalog), " "));
        } else if (positional_of(*command) != nullptr) {
            text += condition + " -F\n";
        }
    }
    return text;
}

}  // namespace

std::string man_page(const CLI::App& app) {
    std::string text = fmt::format(
        ".TH PARLEY 1 \"\" \"parley {}\" \"Parley\"\n.SH NAME\nparley \\- {}\n"
        ".SH SYNOPSIS\n.B parley\n.I COMMAND\n[\\fIARGUMENT\\fR...]\n"
        ".SH DESCRIPTION\n{}\n",
        checker::version(), "check two\\-party message protocols", roff(app.get_description()));
    for (const CLI::App* command : app.get_subcommands({})) {
        const CLI::Option* positional = positional_of(*command);
        text += fmt::format(".SH \"parley {}{}\"\n{}.\n", roff(command->get_name()),
                            positional == nullptr ? "" : " " + roff(positional->get_name(true)),
                            roff(command->get_description()));
        text += roff_options(*command);
        if (!command->get_footer().empty()) {
            text += fmt::format(".PP\n.nf\n{}\n.fi\n", roff(command->get_footer()));
        }
    }
    return text +
           ".SH \"EXIT STATUS\"\n0 clean, 1 a property is violated, 2 bad input, 3 undecided "
           "or interrupted, 4 a bug of parley.\n";
}

std::string completion_script(const CLI::App& app, const Catalog& catalog, std::string_view shell) {
    if (shell == "bash") return bash_script(app, catalog);
    if (shell == "zsh") return zsh_script(app, catalog);
    if (shell == "fish") return fish_script(app, catalog);
    constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};
    throw checker::InputError(checker::unknown_name("shell", shell, shells));
}

}  // namespace parley::cli
