#pragma once

namespace parley::stress {

/// The program that runs one protocol of its catalog (`checker::catalog`) on real threads, from its
/// arguments as `main` gets them: writes the report as JSON and ends with its exit code.
[[noreturn]] void run_harness(int argc, char** argv);

}  // namespace parley::stress
