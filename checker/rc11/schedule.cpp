#include "parley/checker/rc11/schedule.hpp"

#include <algorithm>

namespace parley::rc11 {

void Schedule::restart(const Graph& graph, std::size_t initial_threads) {
    state_.assign(std::max(initial_threads, graph.threads()), {});
    for (std::size_t i = 0; i < initial_threads; ++i) state_[i].is_created = true;
    keep_all_of(graph);
}

void Schedule::resume(const Graph& graph) {
    if (state_.size() < graph.threads()) state_.resize(graph.threads());
    keep_all_of(graph);
    for (const State& state : state_) kept_ -= state.taken;
}

void Schedule::keep_all_of(const Graph& graph) {
    graph_ = &graph;
    kept_ = graph.size();
    for (ThreadId thread = 0; thread < state_.size(); ++thread) {
        state_[thread].kept = static_cast<std::uint32_t>(graph.thread(thread).size());
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
        const auto event = kept_event(thread);
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
