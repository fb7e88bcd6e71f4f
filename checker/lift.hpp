#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/trace.hpp"
#include "parley/checker/transition_system.hpp"

#include <optional>

namespace parley::checker {

/// Looks for choices of the abstract model whose messages are those that real threads exchanged,
/// and that fail as well: the interleaving behind a failure under stress.
///
/// Each party must send and receive what it did in the trace, in the same order; how the parties
/// interleave is open. Breadth-first over states and positions in both transcripts, each pair once,
/// at most 200,000 of them. The code under check must not crash.
std::optional<Choices> lift(TransitionSystem& system, const Trace& trace);

}  // namespace parley::checker
