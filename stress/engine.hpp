#pragma once

#include "parley/checker/report.hpp"
#include "parley/checker/subject.hpp"
#include "parley/stress/cases.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace parley::stress {

using DescribeSubject = std::function<checker::Subject(const checker::CheckOptions&)>;
/// Makes so many executions of a variant.
using MakeCases =
    std::function<std::unique_ptr<Cases>(const checker::CheckOptions&, std::size_t count)>;

/// What CheckOptions::scheduler says when a check is to run on fibers.
inline constexpr std::string_view fiber_scheduler = "fibers";

/// The stress engine on one variant: batches of executions on two real threads, judged after each
/// batch by the monitors of the spec, and by ThreadSanitizer when this program is built with it.
/// Under `fiber_scheduler` it is the engine on fibers (see check_on_fibers), which only a build
/// with ThreadSanitizer has, and which can replay a run.
checker::Runner stress_runner(const DescribeSubject& describe, const MakeCases& make_cases);

}  // namespace parley::stress
