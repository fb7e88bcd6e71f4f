#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/trace.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::checker {

/// A run in one line that a shell leaves alone:
///
///     cancelable_one_shot+late_cancel_hits_next_arm/explore/capacity=2,rounds=2/2:0110^3.3:2
///
/// the protocol (and its mutant), the engine (and its scheduler, as in relacy:full), the bounds,
/// the choices. Choices are groups with the same number of options: "2:0110" are four choices
/// between two, each digit (0-9, a-z) the index that was taken; ":" and what is before it are left
/// out when the number stays the same; "^3" says that a group of one digit stands for three
/// choices; from 37 options on, a group is one index in decimal. "-" stands for no bounds, or no
/// choices. The numbers of options are there so that a program that has changed is noticed.
struct ReplayLine {
    std::string protocol;
    std::string mutant;  ///< empty: the original
    std::string engine;
    std::string scheduler;  ///< under whose rules the choices were made; empty: the engine's own
    std::vector<std::pair<std::string, int>> bounds;
    Choices choices;

    bool operator==(const ReplayLine&) const = default;
};

/// More choices than this are refused.
inline constexpr std::size_t choices_max = 1'000'000;

/// The line for the run of a trace.
ReplayLine replay_line_of(const Trace& trace);

std::string to_text(const ReplayLine& line);
std::string to_text(const Choices& choices);

/// Throws InputError when `text` is not what to_text() writes.
ReplayLine parse_replay_line(std::string_view text);
Choices parse_choices(std::string_view text);

}  // namespace parley::checker
