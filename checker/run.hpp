#pragma once

#include "parley/checker/guard.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/subject.hpp"
#include "parley/checker/transition_system.hpp"

#include <cstdint>
#include <functional>

/// One run of a transition system, from its initial state to its end.
namespace parley::checker {

enum class RunEnd : std::uint8_t { proper, violated, cut };

/// Steps on from the current state until a property fails, nothing can move, `steps_max` steps are
/// done, or `may_go_on` says no after a step that changed nothing.
RunEnd run_to_end(TransitionSystem& system, StepContext& context, std::uint32_t steps_max,
                  const std::function<bool()>& may_go_on);

/// Runs `choices` once with a recorder. The trace is in the report whatever the verdict. `guard`:
/// the one that has seen them crash or hang, if they do.
Report replay_run(TransitionSystem& system, const Subject& subject, const CheckOptions& check,
                  const Choices& choices, Guard guard = {});

}  // namespace parley::checker
