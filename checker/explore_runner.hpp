#pragma once

#include "parley/checker/report.hpp"
#include "parley/checker/subject.hpp"
#include "parley/checker/transition_system.hpp"
#include "parley/checker/walks.hpp"

#include <functional>
#include <memory>

namespace parley::checker {

using DescribeSubject = std::function<Subject(const CheckOptions&)>;
using MakeSystem = std::function<std::unique_ptr<TransitionSystem>(const CheckOptions&)>;

/// The explore engine on one variant: exhaustive, or with scheduler "random",
/// "pct" or "bursty".
Runner explore_runner(const DescribeSubject& describe, const MakeSystem& make_system);

/// Walks through it, step by step.
Walks explore_walks(const DescribeSubject& describe, const MakeSystem& make_system);

}  // namespace parley::checker
