#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/fairness.hpp"
#include "parley/checker/numbered_system.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/state_space.hpp"
#include "parley/checker/transition_system.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace parley::checker {

/// A run without end: some steps, then a loop that is repeated for ever.
struct Lasso {
    Choices choices;  ///< of the steps and of one turn of the loop
    std::size_t stem_steps = 0;
    std::size_t loop_steps = 0;
    std::uint32_t obligation = 0;  ///< what is owed in the loop: a bit of TransitionSystem::owed()
};

/// Finds runs without end in which something is owed all the time, in a system whose states are all
/// known.
///
/// A state all of whose ways end is on no loop; without these, and theirs in turn, little is left.
/// The parts of the graph whose states can all reach each other (Tarjan, "Depth-first search and
/// linear graph algorithms", SIAM J. Comput. 1972) are taken for each obligation, among the states
/// that have it. Such a part has a fair run if and only if each action is taken inside it or cannot
/// be done in one of its states: going round the whole part for ever is that run.
class Liveness {
 public:
    /// `space` is complete and has its edges; its states are those of `numbers`.
    Liveness(TransitionSystem& system, NumberedSystem& numbers, StateSpace& space,
             const CheckOptions& check)
        : system_(system), numbers_(numbers), space_(space), check_(check) {}

    /// A lasso with a shortest stem to the part that it is in, or nothing. Throws LimitReached when
    /// the check is stopped.
    std::optional<Lasso> find();
    /// Whether there is one. `space` may have one state of each orbit: renaming changes neither
    /// what is owed nor who moves, and a loop there, taken often enough, is one of states (but see
    /// Explorer for what fairness may ask).
    bool has_lasso() { return find_loop().has_value(); }

 private:
    using Id = StateSpace::Id;
    using Action = ActionTable::Action;
    using Part = std::vector<Id>;
    struct Loop {
        Part part;
        std::uint32_t obligation = 0;
    };
    struct Edge {
        Id to = 0;
        std::uint32_t step = 0;
        Action action = 0;
    };
    using Set = std::vector<bool>;  ///< of states

    std::optional<Loop> find_loop();

    void check_memory(std::uint64_t count) const;
    void drop_dead_ends(Set& states) const;
    bool has_edge(Id from, Id to) const;
    bool leads_into(const Set& states, Id id) const;
    std::vector<std::uint32_t> owed_in(const Set& states);
    std::vector<Part> parts_of(Set states) const;
    std::vector<Action> starved(const Part& part);
    std::vector<Edge> edges_of(Id id);
    Lasso lasso_in(const Part& part, std::uint32_t obligation);
    template <class IsGoal>
    std::vector<std::pair<Id, Edge>> walk(Id from, const IsGoal& is_goal);
    Choices choices_to(Id id, const std::vector<std::pair<Id, Edge>>& loop,
                       std::size_t& stem_steps);
    void go_on() const;

    TransitionSystem& system_;
    NumberedSystem& numbers_;
    StateSpace& space_;
    const CheckOptions& check_;
    Set is_in_part_;  ///< of the part that is looked at
};

/// The lasso that a run with these choices is, if at their end, or on from there with index 0 for
/// whatever is asked, it comes where it has been before: fairly, and with something owed all the
/// time in between.
std::optional<Lasso> lasso_of(TransitionSystem& system, const Choices& choices, Fairness fairness);

}  // namespace parley::checker
