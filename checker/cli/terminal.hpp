#pragma once

namespace parley::cli {

/// What the outputs of this process may show.
struct Terminal {
    bool has_colour = false;    ///< standard output is a terminal and NO_COLOR is not set
    bool has_progress = false;  ///< both outputs are terminals, and this is not a CI run
};

/// Looks at the outputs and at TERM, NO_COLOR (https://no-color.org) and CI.
Terminal detect_terminal();

}  // namespace parley::cli
