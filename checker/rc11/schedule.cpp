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
    kept_of_.clear();
    for (ThreadId thread = 0; thread < graph.threads(); ++thread) {
        kept_of_.push_back(static_cast<std::uint32_t>(graph.thread(thread).size()));
    }
}

std::optional<EventId> Schedule::kept_event(ThreadId thread) const {
    if (thread >= kept_of_.size() || state_[thread].taken >= kept_of_[thread]) return std::nullopt;
    return graph_->thread(thread)[state_[thread].taken];
}

bool Schedule::is_ready(EventId event) const {
    const EventId source = graph_->at(event).source;
    if (source == initial) return true;
    const Event& needed = graph_->at(source);
    return needed.index < state_[needed.thread].taken;
}

bool Schedule::can_go_on(ThreadId thread) const {
    const State& state = state_[thread];
    if (!state.is_created || state.is_blocked || state.end) return false;
    if (is_replaying()) {
        const auto event = kept_event(thread);
        return event && is_ready(*event);
    }
    return !state.awaited || end(*state.awaited);
}

std::optional<ThreadId> Schedule::next_thread() const {
    for (ThreadId thread = 0; thread < state_.size(); ++thread) {
        if (can_go_on(thread)) return thread;
    }
    return std::nullopt;
}

void Schedule::take(ThreadId thread, EventId event) {
    const Operation& operation = graph_->at(event).operation;
    if (kept_event(thread)) --kept_;
    if (operation.kind == Operation::Kind::create) {
        at(operation.child).is_created = true;
        at(operation.child).creation = event;
    }
    State& state = at(thread);
    if (operation.kind == Operation::Kind::end) state.end = event;
    state.awaited.reset();
    ++state.taken;
}

std::optional<EventId> Schedule::end(ThreadId thread) const {
    return thread < state_.size() ? state_[thread].end : std::nullopt;
}

bool Schedule::is_complete() const {
    return std::ranges::all_of(
        state_, [](const State& state) { return !state.is_created || state.end.has_value(); });
}

}  // namespace parley::rc11
