#pragma once

#include "parley/checker/cli/selection.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace parley::cli {

/// Which scheduler each engine of a check uses.
class Schedulers {
 public:
    /// `scheduler`: what the user named, or "". Throws InputError when no engine of `jobs` has it,
    /// or when more than one was asked for.
    Schedulers(const std::string& scheduler, bool is_random, bool is_pct,
               const std::vector<Job>& jobs);

    /// Empty: the engine's default.
    std::string of(std::string_view engine) const;

 private:
    std::string name_;
    bool is_explore_only_ = false;
};

}  // namespace parley::cli
