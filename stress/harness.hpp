#pragma once

#include <string_view>

namespace parley::stress {

/// What the line begins with that says how many reports each suppression has matched.
inline constexpr std::string_view suppressed_start = "parley-suppressed";

/// What is written by a program that is only asked whether its runtime takes its options: if not,
/// it ends before that, with an exit code that says nothing.
inline constexpr std::string_view options_taken = "parley-options-taken";

/// The program that runs one protocol of its catalog (`checker::catalog`) on real threads, from its
/// arguments as `main` gets them: writes the report as JSON, in one line, and ends with its exit
/// code. A report before the last one counts if there is none after it: looking for a smaller run
/// may crash.
[[noreturn]] void run_harness(int argc, char** argv);

}  // namespace parley::stress
