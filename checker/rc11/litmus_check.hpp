#pragma once

#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/litmus_test.hpp"

#include <map>
#include <string>
#include <vector>

namespace parley::rc11 {

/// What the engine makes of a litmus test.
struct LitmusResult {
    ExploreResult explored;
    bool is_reachable = false;                  ///< the final condition holds in some execution
    std::map<Outcome, std::uint64_t> outcomes;  ///< of complete executions
};

LitmusResult run_litmus(const LitmusTest& test, const ExploreOptions& options = {});

/// Where result and expectation differ, a line each.
std::vector<std::string> disagreements(const LitmusTest& test, const LitmusResult& result);

}  // namespace parley::rc11
