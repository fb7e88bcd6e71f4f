#pragma once

namespace parley::cli {

/// The command over the protocols of this program (`checker::catalog`), from its arguments as
/// `main` gets them to its exit code: 0 to 3 as the verdict says, 2 for bad input as well, 4 for a
/// fault of its own. Throws nothing.
int run_command(int argc, const char* const* argv);

}  // namespace parley::cli
