#include "parley/checker/cli/terminal.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

namespace parley::cli {

namespace {

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : std::string_view{value};
}

bool is_ci() {
    constexpr std::array names{"CI",          "GITHUB_ACTIONS",   "GITLAB_CI", "BUILDKITE",
                               "JENKINS_URL", "TEAMCITY_VERSION", "TF_BUILD"};
    for (const char* name : names) {
        const std::string_view value = environment(name);
        if (!value.empty() && value != "false" && value != "0") return true;
    }
    return false;
}

}  // namespace

Terminal detect_terminal() {
    const std::string_view term = environment("TERM");
    const bool is_smart = !term.empty() && term != "dumb";
    const bool has_output = isatty(STDOUT_FILENO) == 1;
    const bool has_errors = isatty(STDERR_FILENO) == 1;
    return {.has_colour = has_output && is_smart && environment("NO_COLOR").empty(),
            .has_progress = has_output && has_errors && is_smart && !is_ci()};
}

}  // namespace parley::cli
