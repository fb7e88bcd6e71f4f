#pragma once

#include "parley/checker/rc11/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace parley::rc11 {

/// A read that is put off.
struct Delay {
    ThreadId thread = 0;
    std::uint32_t index = 0;  ///< of the read in its thread
    LocationId location = 0;
    EventId source = initial;  ///< with which the thread waits
    std::size_t writes = 0;    ///< to the location by then
    std::size_t size = 0;      ///< of the graph by then
    bool is_over = false;      ///< nobody else can go on, so that nothing newer comes
};

/// The reads on the way to a graph that are put off, in the order in which that came about: each
/// would only have made its thread wait (after the reads that are revisited in place in
/// Kokologiannakis, Marmanis, Vafeiadis, Unblocking dynamic partial order reduction, CAV 2023).
///
/// In TruSt any thread may be the next. One that would read and then wait comes after all others,
/// until there is another write to read: its read leaves the graph, with what was still to be tried
/// in its place, and comes anew. That loses no execution and finds none twice. We differ from the
/// paper in that what is maximal (revisits.hpp) stays the same, so that seq_cst is no exception.
///
/// Left out are executions in which a thread waits with a read that was stale when it came. No
/// revisit takes such a read away, so that the thread waits in all that follows; and it is no hang,
/// since there is something newer. All other events are those of another execution as well: the
/// graph without the read, on which nothing depends, is consistent, and so is what it becomes when
/// from then on each read is from the newest write, until all have ended or wait with the newest.
/// What this is not true for is not left out: a read of an object with plain accesses, which may
/// race with them, and a thread that touches plain memory after the read (Wait::for_good).
///
/// All that is asked depends on the events of the graph and on those of the delays: a delay counts
/// as long as its thread has not taken the read, from the same events before it.
class Delays {
 public:
    void clear() {
        delays_.clear();
        newest_.clear();
    }
    bool is_empty() const { return delays_.empty(); }
    void add(const Delay& delay) {
        if (delay.thread >= newest_.size()) newest_.resize(delay.thread + 1, none);
        const auto number = static_cast<std::uint32_t>(delays_.size());
        delays_.push_back({delay, std::exchange(newest_[delay.thread], number)});
    }

    /// Only the first `size` events of the graph are as they were.
    void forget(std::size_t size) {
        for (; !delays_.empty() && delays_.back().size > size; delays_.pop_back()) {
            newest_[delays_.back().thread] = delays_.back().older;
        }
    }

    /// Nothing newer has come for the thread to read than what it waits with.
    bool is_delayed(const Graph& graph, ThreadId thread) const {
        const std::uint32_t last = newest_of(thread);
        if (last == none) return false;
        const Delay& delay = delays_[last];
        return is_next(graph, delay) && !delay.is_over &&
               delay.writes == graph.location(delay.location).order.size();
    }
    /// The thread is about to read, and waits when that is from `source`.
    bool is_known_to_wait(const Graph& graph, ThreadId thread, EventId source) const {
        for (std::uint32_t i = newest_of(thread); i != none && is_next(graph, delays_[i]);
             i = delays_[i].older) {
            if (!delays_[i].is_over && delays_[i].source == source) return true;
        }
        return false;
    }
    /// The thread takes its event number `index` although it will wait.
    bool is_over(ThreadId thread, std::uint32_t index) const {
        for (std::uint32_t i = newest_of(thread); i != none; i = delays_[i].older) {
            if (delays_[i].index == index && delays_[i].is_over) return true;
        }
        return false;
    }

 private:
    static constexpr std::uint32_t none = UINT32_MAX;

    struct Kept : Delay {
        std::uint32_t older = none;  ///< the one before it of the same thread
    };

    std::uint32_t newest_of(ThreadId thread) const {
        return thread < newest_.size() ? newest_[thread] : none;
    }
    /// Of a thread, those of its next event are the newest: it has had all that came before.
    static bool is_next(const Graph& graph, const Delay& delay) {
        return delay.index == graph.thread(delay.thread).size();
    }

    std::vector<Kept> delays_;           ///< by size
    std::vector<std::uint32_t> newest_;  ///< of each thread, in `delays_`
};

}  // namespace parley::rc11
