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
    /// Goes on from here with another graph, in which all that has been taken is as it was.
    void resume(const Graph& graph);

    /// None: no thread can go on.
    std::optional<ThreadId> next_thread() const;

    bool is_replaying() const { return kept_ > 0; }
    /// The next event of `thread` in the kept graph.
    std::optional<EventId> kept_event(ThreadId thread) const;
    /// What the event needs has happened.
    bool is_ready(EventId event) const;
    /// The thread has taken the event, new or kept.
    void take(ThreadId thread, EventId event);

    void block(ThreadId thread) { at(thread).is_blocked = true; }
    void wait_for(ThreadId thread, ThreadId child) { at(thread).awaited = child; }
    /// The event that created a thread; `initial` for one that is there from the start.
    EventId creation(ThreadId thread) const { return state_[thread].creation; }
    std::optional<EventId> end(ThreadId thread) const;
    bool is_created(ThreadId thread) const {
        return thread < state_.size() && state_[thread].is_created;
    }
    /// How many events `thread` has taken.
    std::uint32_t taken(ThreadId thread) const { return state_[thread].taken; }
    /// Each thread that has been created has ended.
    bool is_complete() const;

 private:
    struct State {
        bool is_created = false;
        bool is_blocked = false;
        std::optional<ThreadId> awaited;  ///< a thread that has to end first
        std::optional<EventId> end;
        EventId creation = initial;
        std::uint32_t taken = 0;  ///< events
    };
    State& at(ThreadId thread) {
        if (thread >= state_.size()) state_.resize(thread + 1);
        return state_[thread];
    }
    bool can_go_on(ThreadId thread) const;
    void keep_all_of(const Graph& graph);

    const Graph* graph_ = nullptr;
    std::vector<State> state_;
    std::vector<std::uint32_t> kept_of_;  ///< by thread: events of the kept graph
    std::size_t kept_ = 0;                ///< that have not been replayed
};

}  // namespace parley::rc11
