#pragma once

#include "parley/checker/campaign.hpp"
#include "parley/checker/relacy/simulate.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/subject.hpp"

#include <functional>
#include <memory>

namespace parley::checker::relacy {

using DescribeSubject = std::function<Subject(const CheckOptions&)>;
/// Makes the two-threaded program of a variant, whose runs report to the campaign.
using MakeProgram = std::function<std::unique_ptr<Program>(const CheckOptions&, Campaign&)>;

/// The relacy engine on one variant, with scheduler "random" (also when none is named),
/// "context_bound" (at most `depth` switches; "context_bound:2" says it in one word) or "full".
Runner relacy_runner(const DescribeSubject& describe, const MakeProgram& make_program);

}  // namespace parley::checker::relacy
