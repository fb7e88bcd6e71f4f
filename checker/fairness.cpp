#include "parley/checker/fairness.hpp"

#include "parley/checker/nearest.hpp"
#include "parley/checker/require.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace parley::checker {

namespace {

constexpr std::array<std::string_view, 3> fairness_names{"action", "process", "none"};

}  // namespace

std::string_view name_of(Fairness fairness) {
    return fairness_names[static_cast<std::size_t>(fairness)];
}

Fairness fairness_named(std::string_view name) {
    const auto* const found = std::ranges::find(fairness_names, name);
    if (found == fairness_names.end()) {
        throw InputError(
            unknown_name("fairness", name, {fairness_names.begin(), fairness_names.end()}));
    }
    return static_cast<Fairness>(found - fairness_names.begin());
}

Fairness fairness_of(const CheckOptions& check) {
    std::string_view scheduler = check.scheduler;
    if (!scheduler.starts_with(fairness_prefix)) return fairness_named(check.fairness);
    scheduler.remove_prefix(fairness_prefix.size());
    return fairness_named(scheduler);
}

ActionTable::Action ActionTable::number_of(const StepContext& context, const Choices& answers) {
    if (fairness_ == Fairness::none || context.is_fault) return unfair;
    key_.assign(1, static_cast<std::uint32_t>(index_of(context.mover)));
    if (fairness_ == Fairness::action) {
        key_.push_back(context.kind);
        // The first answer says which of several open steps it was.
        for (std::size_t i = context.open_steps > 1 ? 1 : 0; i < answers.size(); ++i) {
            key_.push_back(answers[i].count);
            key_.push_back(answers[i].index);
        }
    }
    require(size() < std::numeric_limits<Action>::max(), "there are fewer than 65,535 actions");
    return numbers_.try_emplace(key_, static_cast<Action>(size())).first->second;
}

}  // namespace parley::checker
