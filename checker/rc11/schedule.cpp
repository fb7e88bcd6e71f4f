#include "parley/checker/rc11/schedule.hpp"

#include <algorithm>

namespace parley::rc11 {

void Schedule::restart(const Graph& graph, std::size_t initial_threads) {
    Schedule before;
    before.state_.resize(initial_threads);
    for (State& state : before.state_) state.is_created = true;
    resume(before, graph);
}

void Schedule::resume(const Schedule& before, const Graph& graph) {
    graph_ = &graph;
    kept_ = graph.size();
    const std::size_t known = before.state_.size();
    state_.resize(std::max(known, graph.threads()));
    for (ThreadId thread = 0; thread < state_.size(); ++thread) {
        State& state = state_[thread];
        state = thread < known ? before.state_[thread] : State{};
        state.kept = static_cast<std::uint32_t>(graph.thread(thread).size());
        kept_ -= state.taken;
    }
}

[[gnu::noinline]] void Schedule::create(ThreadId child, EventId creation) {
    at(child).is_created = true;
    at(child).creation = creation;
}

bool Schedule::can_go_on(ThreadId thread) const {
    const State& state = state_[thread];
    if (!state.is_created || state.is_blocked || state.end != initial) return false;
    if (is_replaying()) {
        const auto event = kept_event_of_known(thread);
        return event && is_ready(*event);
    }
    return state.awaited == nobody || end(state.awaited) != initial;
}

std::optional<ThreadId> Schedule::next_thread() const {
    return next_thread([](ThreadId) { return true; });
}

bool Schedule::is_complete() const {
    return std::ranges::all_of(
        state_, [](const State& state) { return !state.is_created || state.end != initial; });
}

}  // namespace parley::rc11
