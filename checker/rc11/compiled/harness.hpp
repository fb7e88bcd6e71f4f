#pragma once

#include <string_view>

namespace parley::rc11 {

/// What the line begins with that says why the input is no good.
inline constexpr std::string_view refused_start = "parley-refused ";

/// The program that checks one protocol of its catalog (`checker::catalog`) as compiled code under
/// engine rc11, from its arguments as `main` gets them: writes the report as JSON, in one line, and
/// returns its exit code.
int run_compiled_harness(int argc, char** argv);

}  // namespace parley::rc11
