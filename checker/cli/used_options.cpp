#include "parley/checker/cli/used_options.hpp"

#include "parley/checker/engines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace parley::cli {

namespace {

/// How a job looks for failures.
struct Way {
    std::string_view engine;
    std::string scheduler;  ///< empty: the engine's default

    bool is_exhaustive_explore() const {
        return engine == "explore" && (scheduler.empty() || scheduler == "exhaustive");
    }
    bool is_in_parts() const { return is_exhaustive_explore() || checker::is_rc11(engine); }
    bool has_depth() const { return scheduler == "pct" || scheduler == "context_bound"; }
    bool counts_executions() const { return !is_exhaustive_explore(); }
};

struct Use {
    std::string_view option;
    bool is_given;
    bool (Way::*is_used)() const;
    std::string_view by;
};

}  // namespace

void require_used_options(const CheckRequest& request, const std::vector<Job>& jobs,
                          const Schedulers& schedulers) {
    const checker::CheckOptions& options = request.options;
    const checker::CheckOptions none;
    constexpr std::string_view search = "explore's search of all states";
    const Use uses[] = {
        {"--depth", options.depth != none.depth, &Way::has_depth,
         "schedulers pct of explore and context_bound of relacy"},
        {"--states-max", options.states_max != none.states_max, &Way::is_exhaustive_explore,
         search},
        {"--memory", options.memory_max != none.memory_max, &Way::is_exhaustive_explore, search},
        {"--reduce", options.is_reduced, &Way::is_exhaustive_explore, search},
        {"--fairness", options.fairness != none.fairness, &Way::is_exhaustive_explore, search},
        {"--safety-only", options.is_safety_only, &Way::is_exhaustive_explore, search},
        {"--threads", options.threads != none.threads, &Way::is_in_parts,
         "explore's search of all states, rc11 and native"},
        {"--executions-max", options.executions_max != none.executions_max, &Way::counts_executions,
         "rc11, native and engines that sample"},
    };
    for (const Use& use : uses) {
        const auto is_used_by = [&](const Job& job) {
            const Way way{job.engine, schedulers.of(job.engine)};
            return (way.*use.is_used)();
        };
        if (use.is_given && std::ranges::none_of(jobs, is_used_by)) {
            throw checker::InputError(fmt::format("{} is for {}", use.option, use.by));
        }
    }
}

}  // namespace parley::cli
