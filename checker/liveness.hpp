#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/state_store.hpp"
#include "parley/checker/transition_system.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::checker {

/// Which runs without end count: those in which nothing that could be done all the time from some
/// point on is left undone for ever (weak fairness; Lamport, "The temporal logic of actions",
/// TOPLAS 1994). A step that changes nothing is not one that can be done, and nobody is owed a
/// fault of the transport. A run that fails it is a false alarm: in it, somebody could always go on
/// and never does.
enum class Fairness : std::uint8_t {
    action,   ///< for each kind of step of a party and each way to answer what it leaves open
    process,  ///< for each party as a whole
    none,     ///< every run counts
};

/// "action", "process", "none".
std::string_view name_of(Fairness fairness);
/// By its name; throws InputError.
Fairness fairness_named(std::string_view name);

/// What a check assumes: the scheduler of a recorded loop says it as "fairness_none", else
/// CheckOptions::fairness.
Fairness fairness_of(const CheckOptions& check);
inline constexpr std::string_view fairness_prefix = "fairness_";

/// A run without end: some steps, then a loop that is repeated for ever.
struct Lasso {
    Choices choices;  ///< of the steps and of one turn of the loop
    std::size_t stem_steps = 0;
    std::size_t loop_steps = 0;
    std::uint32_t obligation = 0;  ///< what is owed in the loop: a bit of TransitionSystem::owed()
};

/// Numbers what fairness tells apart.
class ActionTable {
 public:
    using Action = std::uint16_t;
    static constexpr Action unfair = 0;  ///< of the transport: fairness asks nothing

    explicit ActionTable(Fairness fairness) : fairness_(fairness) {}

    /// The action of the step that `context` has just taken with these answers.
    Action number_of(const StepContext& context, const Choices& answers);
    std::size_t size() const { return 1 + numbers_.size(); }

 private:
    Fairness fairness_;
    std::map<std::vector<std::uint32_t>, Action> numbers_;
    std::vector<std::uint32_t> key_;  ///< of the action that is looked for
};

/// Finds runs without end in which something is owed all the time, in a system whose states are all
/// in a store.
///
/// The parts of the graph whose states can all reach each other (Tarjan, "Depth-first search and
/// linear graph algorithms", SIAM J. Comput. 1972) are taken for each obligation, among the states
/// that have it. Such a part has a fair run if and only if each action is taken inside it or cannot
/// be done in one of its states: going round the whole part for ever is that run.
class Liveness {
 public:
    Liveness(TransitionSystem& system, StateStore& store, const CheckOptions& check)
        : system_(system), store_(store), check_(check), actions_(fairness_of(check)) {}

    /// A lasso with a shortest stem to the part that it is in, or nothing. Throws LimitReached when
    /// the check is stopped.
    std::optional<Lasso> find();

 private:
    using Id = StateStore::Id;
    using Action = ActionTable::Action;
    struct Edge {
        Id to = 0;
        std::uint32_t step = 0;
        Action action = 0;
    };
    using Part = std::vector<Id>;

    void build();
    std::span<const Edge> edges_of(Id id) const;
    std::vector<Part> parts_with(std::uint32_t obligation) const;
    std::vector<Action> starved(const Part& part) const;
    Lasso lasso_in(const Part& part, std::uint32_t obligation);
    template <class IsGoal>
    std::vector<std::pair<Id, Edge>> walk(Id from, const IsGoal& is_goal) const;
    Choices choices_to(Id id, const std::vector<std::pair<Id, Edge>>& loop,
                       std::size_t& stem_steps);

    TransitionSystem& system_;
    StateStore& store_;
    const CheckOptions& check_;
    ActionTable actions_;
    std::vector<std::size_t> first_edge_;  ///< by state, and one more
    std::vector<Edge> edges_;
    std::vector<std::uint32_t> owed_;  ///< by state
    std::vector<bool> is_in_part_;     ///< of the part that lasso_in() works on
};

/// The lasso that a run with these choices is, if at their end, or on from there with index 0 for
/// whatever is asked, it comes where it has been before: fairly, and with something owed all the
/// time in between.
std::optional<Lasso> lasso_of(TransitionSystem& system, const Choices& choices, Fairness fairness);

}  // namespace parley::checker
