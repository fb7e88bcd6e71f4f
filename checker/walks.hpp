#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/trace.hpp"
#include "parley/checker/transition_system.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace parley::checker {

/// Steps by their numbers: in each state the open steps count from 0, in the order of explore.
using StepNumbers = std::vector<std::uint32_t>;

/// A step that is open where a walk has come to.
struct OpenStep {
    model::Party party;         ///< who takes it; of the transport's, whose message it is about
    bool is_fault = false;      ///< it is the transport's
    bool is_breaking = false;   ///< it breaks a property
    bool is_idle = false;       ///< it changes nothing
    Choices answers;            ///< to what the script asks in it
    std::vector<Event> events;  ///< what happens in it
};

/// Where a walk through a protocol has come to.
struct Walkthrough {
    StepNumbers steps;            ///< that were taken; fewer than were asked for after a violation
    Trace trace;                  ///< of these, with the violation if they have broken something
    std::size_t step_events = 0;  ///< how many events of the trace are of the steps, not of the end
    std::vector<OpenStep> open;   ///< none: the run is over, or has broken something
    std::vector<std::string> owed;  ///< what is owed and may not be for ever, in words
};

/// Gets a state with the number of the state that each of its open steps leads to; SIZE_MAX: that
/// one is beyond the limit.
using Visit = std::function<void(const Walkthrough&, const std::vector<std::size_t>& targets)>;

/// Ways to walk through one variant of a protocol (see walkthrough.hpp); empty: its engine cannot.
struct Walks {
    std::function<Walkthrough(const CheckOptions&, const StepNumbers&)> through;
    std::function<StepNumbers(const CheckOptions&, const Choices&)> steps_of;
    std::function<void(const CheckOptions&, std::size_t states_max, const Visit&)> everywhere;
};

}  // namespace parley::checker
