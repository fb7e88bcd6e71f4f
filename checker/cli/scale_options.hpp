#pragma once

#include "parley/checker/cli/check_request.hpp"
#include "parley/checker/cli/schedulers.hpp"
#include "parley/checker/cli/selection.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Options for checks that take long, or more than one process.
namespace parley::cli {

/// --memory, --checkpoint, --checkpoint-seconds, --shard and --threads.
void add_scale_options(Parser command, CheckRequest& request);

/// --shard. `description`: of what.
void add_shard(Parser command, std::uint32_t& shard, std::uint32_t& shards,
               const std::string& description);

/// Throws InputError where one of them is asked of jobs that it does not go with.
void require_scale_options(const CheckRequest& request, const std::vector<Job>& jobs,
                           const Schedulers& schedulers);

/// The first of them that was used, or "".
std::string_view used_scale_option(const CheckRequest& request);

}  // namespace parley::cli
