#pragma once

#include <atomic>

namespace parley::cli {

/// The flag that the first Ctrl-C (or SIGTERM) sets from now on, so that a check can end with what
/// it has found. The second one ends the process as usual.
const std::atomic<bool>& stop_on_interrupt();

}  // namespace parley::cli
