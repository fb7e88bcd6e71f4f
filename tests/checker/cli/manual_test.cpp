#include "parley/tests/checker/cli/command.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace parley::tests {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

/// The script for a shell in a file.
std::string script_for(const std::string& shell, const TemporaryFolder& folder) {
    const Ended ended = run_parley("completion " + shell);
    CHECK(ended.code == 0);
    const std::string file = folder.file(shell);
    write_file(file, ended.output);
    return file;
}

/// What bash offers for words, the last of which is being typed.
std::string offered(const std::string& script, const std::string& words) {
    const std::string program = "source '" + script + "'; COMP_WORDS=(" + words +
                                "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _parley; "
                                "echo \"${COMPREPLY[*]}\"";
    return run_program(
               "bash", "-c '" +
                           [&] {
                               std::string quoted;
                               for (const char c : program)
                                   quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
                               return quoted;
                           }() +
                           "'")
        .output;
}

}  // namespace

TEST_CASE("completion: bash offers commands, options and the names of the catalog") {
    const TemporaryFolder folder;
    const std::string script = script_for("bash", folder);
    CHECK(offered(script, "parley ch") == "check\n");
    CHECK(offered(script, "parley check subs") == "subscription\n");
    CHECK(offered(script, "parley check --tra") == "--transport\n");
    CHECK(offered(script, "parley check --transport l") == "lossy\n");
    CHECK(offered(script, "parley check -m late_c") == "late_cancel_hits_next_arm\n");
    CHECK(offered(script, "parley check --engine ex") == "explore\n");
    write_file(folder.file("trace.json"), "");
    CHECK(offered(script, "parley replay " + folder.file("tr")) ==
          folder.file("trace.json") + "\n");
    CHECK(offered(script, "parley check --json " + folder.file("tr")) ==
          folder.file("trace.json") + "\n");
}

TEST_CASE("completion: fish and zsh read their scripts") {
    const TemporaryFolder folder;
    const std::string fish = script_for("fish", folder);
    const Ended in_fish = run_program(
        "fish", "--no-config -c 'source " + fish + "; complete -C \"parley check --transp\"'");
    CHECK(in_fish.errors.empty());
    CHECK_THAT(in_fish.output, StartsWith("--transport\t"));
    const std::string zsh = script_for("zsh", folder);
    const Ended in_zsh =
        run_program("zsh", "-f -c 'autoload -U compinit && compinit -D -u && source " + zsh +
                               " && print $_comps[parley]'");
    CHECK(in_zsh.errors.empty());
    CHECK(in_zsh.output == "_parley\n");
    CHECK(run_program("zsh", "-n '" + zsh + "'").code == 0);
}

TEST_CASE("completion: another shell is refused") {
    check_bad_input("completion fsh", "did you mean 'fish'?");
}

TEST_CASE("man: a page that man reads without a warning, with every command and option") {
    const Ended page = run_parley("man");
    CHECK(page.code == 0);
    CHECK_THAT(page.output, StartsWith(".TH PARLEY 1") && Contains("parley replay RUN") &&
                                Contains("\\-\\-transport KIND") && Contains("EXIT STATUS"));
    const TemporaryFolder folder;
    write_file(folder.file("parley.1"), page.output);
    const Ended drawn =
        run_program("groff", "-man -ww -Tascii -P-cbou '" + folder.file("parley.1") + "'");
    CHECK(drawn.code == 0);
    CHECK(drawn.errors.empty());
    CHECK_THAT(drawn.output, Contains("--checkpoint"));
}

}  // namespace parley::tests
