#include "parley/checker/cli/schedulers.hpp"

#include "parley/checker/nearest.hpp"

#include <algorithm>

namespace parley::cli {

namespace {

using Names = std::vector<std::string_view>;

/// The schedulers that an engine has.
Names schedulers_of(std::string_view engine) {
    if (engine == "explore") return {"exhaustive", "random", "pct", "bursty"};
    if (engine == "relacy") return {"random", "context_bound", "full"};
    return {};
}

bool has(std::string_view engine, std::string_view scheduler) {
    const Names names = schedulers_of(engine);
    return std::ranges::find(names, scheduler) != names.end();
}

}  // namespace

Schedulers::Schedulers(const std::string& scheduler, bool is_random, bool is_pct,
                       const std::vector<Job>& jobs)
    : name_(is_random ? "random"
            : is_pct  ? "pct"
                      : scheduler),
      is_explore_only_(is_random || is_pct) {
    if (int{!scheduler.empty()} + int{is_random} + int{is_pct} > 1) {
        throw checker::InputError("--scheduler, --random and --pct exclude each other");
    }
    if (name_.empty()) return;
    Names known;
    for (const Job& job : jobs) {
        if (has(job.engine, name_) && (!is_explore_only_ || job.engine == "explore")) return;
        for (const std::string_view each : schedulers_of(job.engine)) {
            if (std::ranges::find(known, each) == known.end()) known.push_back(each);
        }
    }
    if (is_explore_only_) throw checker::InputError("--" + name_ + " needs --engine explore");
    throw checker::InputError(checker::unknown_name("scheduler", name_, known));
}

std::string Schedulers::of(std::string_view engine) const {
    if (is_explore_only_ && engine != "explore") return "";
    return has(engine, name_) ? name_ : "";
}

}  // namespace parley::cli
