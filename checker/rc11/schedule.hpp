#pragma once

#include "parley/checker/rc11/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace parley::rc11 {

/// Whose turn it is in one execution. First the kept graph is replayed, in an order that extends
/// porf: a read waits for its source, the first event of a thread for its creation, a join for the
/// child's end. Then the lowest thread that can goes on.
class Schedule {
 public:
    void restart(const Graph& graph, std::size_t initial_threads);
    /// Goes on from where `before` was with another graph, in which all that it has taken is as it
    /// was.
    void resume(const Schedule& before, const Graph& graph);

    /// None: no thread can go on.
    std::optional<ThreadId> next_thread() const;
    /// None: no thread that is wanted can go on.
    std::optional<ThreadId> next_thread(auto&& is_wanted) const {
        for (ThreadId thread = 0; thread < state_.size(); ++thread) {
            if (can_go_on(thread) && is_wanted(thread)) return thread;
        }
        return std::nullopt;
    }

    /// The thread is there, and waits for nothing.
    bool can_go_on(ThreadId thread) const;

    bool is_replaying() const { return kept_ > 0; }
    /// The next event of `thread` in the kept graph.
    std::optional<EventId> kept_event(ThreadId thread) const {
        return thread < state_.size() ? kept_event_of_known(thread) : std::nullopt;
    }
    /// The same, of a thread that has been created.
    std::optional<EventId> kept_event_of_known(ThreadId thread) const {
        const State& state = state_[thread];
        if (state.taken >= state.kept) return std::nullopt;
        return graph_->thread(thread)[state.taken];
    }
    /// What the event needs has happened.
    bool is_ready(EventId event) const {
        const EventId source = graph_->at(event).source;
        if (source == initial) return true;
        const Event& needed = graph_->at(source);
        return needed.index < state_[needed.thread].taken;
    }
    /// The thread has taken an event, new or kept, that neither creates nor ends a thread.
    [[gnu::always_inline]] void take_step(ThreadId thread) {
        State& state = state_[thread];
        if (state.taken < state.kept) --kept_;
        ++state.taken;
        state.awaited = nobody;
    }
    /// The same for any event.
    [[gnu::always_inline]] void take(ThreadId thread, EventId event) {
        take_step(thread);
        const Operation& operation = graph_->at(event).operation;
        if (operation.kind == Operation::Kind::end) state_[thread].end = event;
        if (operation.kind == Operation::Kind::create) create(operation.child, event);
    }

    /// The thread has not taken its last event, which was a new one.
    void take_back(ThreadId thread) { --state_[thread].taken; }
    void block(ThreadId thread) { at(thread).is_blocked = true; }
    void wait_for(ThreadId thread, ThreadId child) { at(thread).awaited = child; }
    /// The event that created a thread; `initial` for one that is there from the start.
    EventId creation(ThreadId thread) const { return state_[thread].creation; }
    /// The event that ended it; `initial`: it has not.
    EventId end(ThreadId thread) const {
        return thread < state_.size() ? state_[thread].end : initial;
    }
    bool is_created(ThreadId thread) const {
        return thread < state_.size() && state_[thread].is_created;
    }
    /// The lowest number of a thread that has not been created.
    ThreadId free_number() const {
        ThreadId thread = 0;
        while (is_created(thread)) ++thread;
        return thread;
    }
    /// How many events `thread` has taken.
    std::uint32_t taken(ThreadId thread) const { return state_[thread].taken; }
    /// Each thread that has been created has ended.
    bool is_complete() const;

 private:
    static constexpr ThreadId nobody = UINT32_MAX;

    struct State {
        std::uint32_t taken = 0;  ///< events
        std::uint32_t kept = 0;   ///< events that the thread has in the kept graph
        EventId creation = initial;
        EventId end = initial;
        ThreadId awaited = nobody;  ///< a thread that has to end first
        bool is_created = false;
        bool is_blocked = false;
    };
    State& at(ThreadId thread) {
        if (thread >= state_.size()) state_.resize(thread + 1);
        return state_[thread];
    }
    /// On its own, since most events create nothing.
    void create(ThreadId child, EventId creation);

    const Graph* graph_ = nullptr;
    std::vector<State> state_;
    std::size_t kept_ = 0;  ///< events of the kept graph that have not been replayed
};

}  // namespace parley::rc11
