#include "parley/checker/liveness.hpp"

#include "parley/checker/require.hpp"
#include "parley/checker/state_store.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <queue>

namespace parley::checker {

namespace {

/// Calls `visit(step, to, action)` for each step of the current state, number `id` in `store`, that
/// leads to another one, `to`.
template <class Visit>
void for_each_move(TransitionSystem& system, StateStore& store, StateStore::Id id,
                   ActionTable& actions, const Visit& visit) {
    OdometerChooser odometer;
    for (std::uint32_t step = 0;; ++step) {
        specs::model::Judge judge;
        StepContext context{odometer, judge};
        if (!system.step(context)) return;
        const StateStore::Id to = store.number_of(system.next());
        if (!judge.is_violated() && to != id) {
            visit(step, to, actions.number_of(context, odometer.digits()));
        }
        if (!odometer.advance()) return;
    }
}

bool has(std::uint32_t owed, std::uint32_t obligation) {
    return ((owed >> obligation) & 1U) != 0;
}

/// What fairness asks of a set of states and the steps between them.
class Demands {
 public:
    explicit Demands(std::size_t action_count)
        : enabled_in_(action_count), last_seen_in_(action_count), is_taken_(action_count) {}

    /// The next state of the set; enable() follows for each of its steps.
    void visit() { ++states_; }
    void enable(ActionTable::Action action) {
        if (std::exchange(last_seen_in_[action], states_) != states_) ++enabled_in_[action];
    }
    void take(ActionTable::Action action) { is_taken_[action] = true; }

    /// Actions that can be done in every state of the set and are done by no step of it.
    std::vector<ActionTable::Action> starved() const {
        std::vector<ActionTable::Action> list;
        for (std::size_t action = 1; action < enabled_in_.size(); ++action) {
            if (enabled_in_[action] == states_ && !is_taken_[action]) {
                list.push_back(static_cast<ActionTable::Action>(action));
            }
        }
        return list;
    }

 private:
    std::size_t states_ = 0;
    std::vector<std::size_t> enabled_in_;
    std::vector<std::size_t> last_seen_in_;  ///< which state, counted from 1
    std::vector<bool> is_taken_;
};

}  // namespace

std::optional<Lasso> Liveness::find() {
    const auto found = find_loop();
    return found ? std::optional{lasso_in(found->part, found->obligation)} : std::nullopt;
}

std::optional<Liveness::Loop> Liveness::find_loop() {
    if (!space_.may_have_cycles()) return std::nullopt;
    Set states(space_.size(), true);
    is_in_part_.resize(space_.size());
    drop_dead_ends(states);
    check_memory(static_cast<std::uint64_t>(std::ranges::count(states, true)));
    const std::vector<std::uint32_t> owed = owed_in(states);
    const std::size_t obligations = system_.obligations().size();
    for (std::uint32_t obligation = 0; obligation < obligations; ++obligation) {
        Set owing(space_.size());
        for (Id id = 0; id < owing.size(); ++id)
            owing[id] = states[id] && has(owed[id], obligation);
        drop_dead_ends(owing);
        for (Part& part : parts_of(std::move(owing))) {
            if (starved(part).empty()) return Loop{std::move(part), obligation};
        }
    }
    return std::nullopt;
}

void Liveness::go_on() const {
    if (check_.is_stopped()) throw LimitReached{check_.stop_reason()};
}

/// Throws LimitReached when there is no memory to go through so many states.
void Liveness::check_memory(std::uint64_t count) const {
    // See parts_of() and owed_in(): lists over all states, and paths through those that count.
    constexpr std::uint64_t bytes_per_state = 13;
    constexpr std::uint64_t bytes_per_counted_state = 36;
    const std::uint64_t bytes = space_.memory_bytes() + space_.edge_bytes() +
                                numbers_.memory_bytes() + bytes_per_state * space_.size() +
                                bytes_per_counted_state * count;
    if (bytes > check_.memory_max) throw LimitReached{"memory"};
}

/// Leaves out, again and again, what leads nowhere in the set: from the last state to the first,
/// since most steps lead to later ones. It need not find all of that, and stops when it finds
/// little.
void Liveness::drop_dead_ends(Set& states) const {
    constexpr std::size_t share_worth_a_round = 32;
    for (std::size_t dropped = states.size(); dropped > states.size() / share_worth_a_round;) {
        go_on();
        dropped = 0;
        for (auto id = static_cast<Id>(states.size()); id-- > 0;) {
            if (!states[id] || leads_into(states, id)) continue;
            states[id] = false;
            ++dropped;
        }
    }
}

bool Liveness::has_edge(Id from, Id to) const {
    const std::size_t end = space_.first_edge(from + 1);
    for (std::size_t edge = space_.first_edge(from); edge < end; ++edge) {
        if (space_.edge(edge) == to) return true;
    }
    return false;
}

bool Liveness::leads_into(const Set& states, Id id) const {
    const std::size_t end = space_.first_edge(id + 1);
    for (std::size_t edge = space_.first_edge(id); edge < end; ++edge) {
        if (states[space_.edge(edge)]) return true;
    }
    return false;
}

/// What is owed in each of these states.
std::vector<std::uint32_t> Liveness::owed_in(const Set& states) {
    std::vector<std::uint32_t> owed(states.size());
    for (Id id = 0; id < states.size(); ++id) {
        if (states[id]) owed[id] = numbers_.owed(space_[id]);
    }
    return owed;
}

/// The strongly connected parts with a loop, of a set of states, each sorted; without recursion,
/// since paths can be long.
std::vector<Liveness::Part> Liveness::parts_of(Set states) const {
    struct Visit {
        Id id;
        std::size_t next_edge;
        std::size_t last_edge;
    };
    constexpr Id unseen = StateSpace::none;
    std::vector<Part> parts;
    std::vector<Id> order(states.size(), unseen);
    std::vector<Id> low(states.size(), 0);
    std::vector<Visit> path;
    Part open;
    Id count = 0;
    const auto enter = [&](Id id) {
        low[id] = order[id] = count++;
        path.push_back({id, space_.first_edge(id), space_.first_edge(id + 1)});
        open.push_back(id);
    };
    const auto settle = [&](Id id) {
        const auto begin = std::ranges::find(open.rbegin(), open.rend(), id).base() - 1;
        Part part(begin, open.end());
        open.erase(begin, open.end());
        for (const Id each : part) states[each] = false;
        std::ranges::sort(part);
        // A step to a state with other names only, in the eyes of who keeps one of them.
        if (part.size() > 1 || has_edge(id, id)) parts.push_back(std::move(part));
    };
    for (Id root = 0; root < states.size(); ++root) {
        if (!states[root]) continue;
        go_on();
        enter(root);
        while (!path.empty()) {
            const Id id = path.back().id;
            if (path.back().next_edge < path.back().last_edge) {
                const Id to = space_.edge(path.back().next_edge++);
                if (!states[to]) continue;
                if (order[to] == unseen) {
                    enter(to);
                } else {
                    low[id] = std::min(low[id], order[to]);
                }
                continue;
            }
            path.pop_back();
            if (!path.empty()) low[path.back().id] = std::min(low[path.back().id], low[id]);
            if (low[id] == order[id]) settle(id);
        }
    }
    return parts;
}

/// What fairness asks for and the part does not have.
std::vector<Liveness::Action> Liveness::starved(const Part& part) {
    for (const Id id : part) is_in_part_[id] = true;
    Demands demands(numbers_.action_count());
    for (const Id id : part) {
        demands.visit();
        std::size_t edge = space_.first_edge(id);
        numbers_.for_each_move(space_[id], [&](std::uint32_t, const NumberedState&, Action action) {
            demands.enable(action);
            if (is_in_part_[space_.edge(edge++)]) demands.take(action);
        });
    }
    for (const Id id : part) is_in_part_[id] = false;
    return demands.starved();
}

std::vector<Liveness::Edge> Liveness::edges_of(Id id) {
    std::vector<Edge> edges;
    std::size_t edge = space_.first_edge(id);
    numbers_.for_each_move(space_[id],
                           [&](std::uint32_t step, const NumberedState&, Action action) {
                               edges.push_back({space_.edge(edge++), step, action});
                           });
    return edges;
}

/// A loop in a part that has a fair one: from its first state back, by way of whatever it still
/// lacks, as often as it lacks something.
Lasso Liveness::lasso_in(const Part& part, std::uint32_t obligation) {
    for (const Id id : part) is_in_part_[id] = true;
    const Id first = part[0];
    std::vector<std::pair<Id, Edge>> loop;
    const auto go = [&](Id from, const auto& is_goal) {
        const auto steps = walk(from, is_goal);
        loop.insert(loop.end(), steps.begin(), steps.end());
        return steps.empty() ? from : steps.back().second.to;
    };
    const auto go_home = [&](Id from) {
        go(from, [&](Id, const Edge& edge) { return edge.to == first; });
    };
    go_home(first);
    for (;;) {
        Demands demands(numbers_.action_count());
        for (const auto& [id, taken] : loop) {
            demands.visit();
            for (const Edge& edge : edges_of(id)) demands.enable(edge.action);
            demands.take(taken.action);
        }
        const std::vector<Action> lacking = demands.starved();
        if (lacking.empty()) break;
        const auto cannot = [&](Id id) {
            return std::ranges::none_of(
                edges_of(id), [&](const Edge& edge) { return edge.action == lacking[0]; });
        };
        go_home(go(first, [&](Id, const Edge& edge) {
            return edge.action == lacking[0] || cannot(edge.to);
        }));
    }
    Lasso lasso{{}, 0, loop.size(), obligation};
    lasso.choices = choices_to(first, loop, lasso.stem_steps);
    return lasso;
}

/// The fewest steps within the part whose last one is a goal: each with the state that it starts
/// in.
template <class IsGoal>
std::vector<std::pair<Liveness::Id, Liveness::Edge>> Liveness::walk(Id from,
                                                                    const IsGoal& is_goal) {
    std::map<Id, std::pair<Id, Edge>> came_by;
    std::queue<Id> next;
    next.push(from);
    while (!next.empty()) {
        const Id id = next.front();
        next.pop();
        for (const Edge& edge : edges_of(id)) {
            if (!is_in_part_[edge.to]) continue;
            if (is_goal(id, edge)) {
                std::vector<std::pair<Id, Edge>> steps{{id, edge}};
                for (Id at = id; at != from; at = steps.back().first) {
                    steps.push_back(came_by.at(at));
                }
                std::ranges::reverse(steps);
                return steps;
            }
            if (edge.to != from && came_by.emplace(edge.to, std::pair{id, edge}).second) {
                next.push(edge.to);
            }
        }
    }
    require(false, "a part with a fair loop has all that the loop needs");
    return {};
}

/// The choices of the first way to a state that was found, and of a loop from there.
Choices Liveness::choices_to(Id id, const std::vector<std::pair<Id, Edge>>& loop,
                             std::size_t& stem_steps) {
    std::vector<Choices> steps = run_to(system_, numbers_, space_, id).steps;
    stem_steps = steps.size();
    for (const auto& [from, edge] : loop) {
        system_.load(numbers_.state_of(space_[from]));
        steps.push_back(choices_of_step(system_, edge.step));
    }
    return joined(steps);
}

namespace {

/// A run, step by step, as far as fairness wants to know it.
class WatchedRun {
 public:
    WatchedRun(TransitionSystem& system, const Choices& choices, Fairness fairness)
        : system_(system), chooser_{choices}, actions_(fairness) {
        system_.begin();
        id_ = states_.number_of(system_.current());
    }

    bool is_beyond_choices() const { return chooser_.is_at_end(); }
    /// How many questions there have been.
    std::size_t asked() const { return chooser_.taken().size(); }

    /// Takes the next step. False: there is none, or a property fails.
    bool step() {
        const std::size_t asked = chooser_.taken().size();
        Visited now{id_, system_.owed(), {}, ActionTable::unfair};
        for_each_move(system_, states_, id_, actions_,
                      [&](std::uint32_t, StateStore::Id, ActionTable::Action action) {
                          now.enabled.push_back(action);
                      });
        specs::model::Judge judge;
        StepContext context{chooser_, judge};
        if (now.enabled.empty() || !system_.step(context) || judge.is_violated()) return false;
        const auto answers = chooser_.taken().begin() + static_cast<std::ptrdiff_t>(asked);
        now.taken = actions_.number_of(context, {answers, chooser_.taken().end()});
        run_.push_back(std::move(now));
        system_.advance();
        id_ = states_.number_of(system_.current());
        return true;
    }

    /// The lasso that it is now, if it is one.
    std::optional<Lasso> lasso() const {
        const auto first = std::ranges::find(run_, id_, &Visited::id);
        if (first == run_.end()) return std::nullopt;
        Demands demands(actions_.size());
        std::uint32_t owed = ~0U;
        for (auto each = first; each != run_.end(); ++each) {
            demands.visit();
            for (const ActionTable::Action action : each->enabled) demands.enable(action);
            demands.take(each->taken);
            owed &= each->owed;
        }
        if (owed == 0 || !demands.starved().empty()) return std::nullopt;
        return Lasso{chooser_.taken(), static_cast<std::size_t>(first - run_.begin()),
                     static_cast<std::size_t>(run_.end() - first),
                     static_cast<std::uint32_t>(std::countr_zero(owed))};
    }

 private:
    struct Visited {
        StateStore::Id id;
        std::uint32_t owed;
        std::vector<ActionTable::Action> enabled;
        ActionTable::Action taken;
    };

    TransitionSystem& system_;
    ReplayChooser chooser_;
    ActionTable actions_;
    StateStore states_;
    StateStore::Id id_ = 0;
    std::vector<Visited> run_;
};

}  // namespace

std::optional<Lasso> lasso_of(TransitionSystem& system, const Choices& choices, Fairness fairness) {
    constexpr int further_steps_max = 1000;
    WatchedRun run{system, choices, fairness};
    // Steps that ask nothing could go on for ever: after so many they may be the round.
    int forced = 0;
    for (int further = 0; further < further_steps_max;) {
        if (run.is_beyond_choices() || forced >= further_steps_max) {
            if (auto lasso = run.lasso()) return lasso;
            ++further;
        }
        const std::size_t asked = run.asked();
        if (!run.step()) return std::nullopt;
        forced = run.asked() == asked ? forced + 1 : 0;
    }
    return std::nullopt;
}

}  // namespace parley::checker
