#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/subject.hpp"
#include "parley/stress/cases.hpp"

#include <cstdint>

namespace parley::stress {

/// Executions of a check that names neither a number nor a time.
inline constexpr std::uint64_t fiber_executions_default = 2000;

/// The engine on fibers on one variant: execution after execution by its seed, each judged as those
/// of real threads are. Which ones are run, and what is found, follows from the seed alone, unless
/// the check has a time budget (`check.seconds`, 0: none). Requires room for one execution.
///
/// Executions take turns between even chances before each operation, bursts, and probabilistic
/// concurrency testing. Values are those of interleavings: stores become visible in order, and
/// what is found beyond that are races by happens-before.
checker::Report check_on_fibers(Cases& cases, const checker::Subject& subject,
                                const checker::CheckOptions& check);

/// One execution by its choices, with its trace whatever the verdict.
checker::Report replay_on_fibers(Cases& cases, const checker::Subject& subject,
                                 const checker::CheckOptions& check,
                                 const checker::Choices& choices);

}  // namespace parley::stress
