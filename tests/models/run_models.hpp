#pragma once

#include "parley/tests/checker/cli/command.hpp"

#include <string>

namespace parley::tests {

/// Runs the command `models` with arguments as a shell reads them; `prefix` goes before its name.
inline Ended run_models(const std::string& arguments, const std::string& prefix = "") {
    return run_program(PARLEY_MODELS_COMMAND, arguments, prefix);
}

}  // namespace parley::tests
