#pragma once

#include "parley/checker/cli/check_request.hpp"
#include "parley/checker/cli/schedulers.hpp"
#include "parley/checker/cli/selection.hpp"

#include <vector>

namespace parley::cli {

/// Throws InputError when an option was given that none of the jobs has a use for: what was asked
/// for would not be what is done.
void require_used_options(const CheckRequest& request, const std::vector<Job>& jobs,
                          const Schedulers& schedulers);

}  // namespace parley::cli
