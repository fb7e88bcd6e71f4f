#pragma once

#include "parley/checker/subject.hpp"
#include "parley/checker/transition_system.hpp"
#include "parley/checker/walks.hpp"

#include <cstddef>

namespace parley::checker {

/// Walks from the initial state by `steps`. Throws InputError for a number that no open step has.
Walkthrough walk_through(TransitionSystem& system, const Subject& subject,
                         const CheckOptions& check, const StepNumbers& steps);

/// The steps that a run with these choices takes, up to the end or the first idle one.
StepNumbers steps_of(TransitionSystem& system, const CheckOptions& check, const Choices& choices);

/// Walks through every state that can be reached, nearest first, up to `states_max` of them.
void walk_everywhere(TransitionSystem& system, const Subject& subject, const CheckOptions& check,
                     std::size_t states_max, const Visit& visit);

}  // namespace parley::checker
