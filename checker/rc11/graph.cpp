#include "parley/checker/rc11/graph.hpp"

#include "parley/checker/require.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace parley::rc11 {

using checker::require;

void Graph::clear(std::size_t threads) {
    events_.clear();
    seq_cst_.clear();
    detached_ = initial;
    clocks_.restart(threads);
    threads_.resize(threads);
    for (auto& thread : threads_) thread.clear();
    for (Location& location : locations_) {
        location.order.assign(1, initial);
        location.has_plain = false;
        for (auto& accesses : location.accesses) accesses.clear();
    }
}

void Graph::set_initial_value(LocationId location, Value value) {
    if (location >= locations_.size()) locations_.resize(location + 1);
    const Value old = std::exchange(locations_[location].initial_value, value);
    if (restrictions_ == 0 || old == value) return;
    const auto since = old_values_.begin() + static_cast<std::ptrdiff_t>(old_values_begin_);
    const bool is_kept = std::any_of(since, old_values_.end(),
                                     [&](const auto& kept) { return kept.first == location; });
    if (!is_kept) old_values_.emplace_back(location, old);
}

ConstClock Graph::seen_before(EventId event, Seen seen) const {
    const Event& e = events_[event];
    return e.index == 0 ? ConstClock{} : clocks_.at(threads_[e.thread][e.index - 1], seen);
}

std::uint32_t Graph::eco_key(EventId event) const {
    return 2 * position(event) + (events_[event].is_read() ? 1 : 0);
}

Value Graph::value_of(LocationId location, EventId source) const {
    return source == initial ? locations_[location].initial_value : events_[source].value;
}

Value Graph::final_value(LocationId location) const {
    return value_of(location, locations_[location].order.back());
}

std::optional<EventId> Graph::half_update(ThreadId thread) const {
    if (threads_[thread].empty()) return std::nullopt;
    const Event& last = events_[threads_[thread].back()];
    if (!last.is_read() || !does_write(last.operation, last.value)) return std::nullopt;
    return threads_[thread].back();
}

std::vector<EventId>& Graph::accesses(LocationId location, ThreadId thread) {
    auto& all = locations_[location].accesses;
    if (thread >= all.size()) all.resize(thread + 1);
    return all[thread];
}

// ---- parts of what follows, inlined -------------------------------------------------------------

[[gnu::always_inline]] inline Event& Graph::append(ThreadId thread, const Operation& operation) {
    if (thread >= clocks_.width()) {
        threads_.resize(thread + 1);
        clocks_.widen(threads_.size());
    }
    Event& event = events_.emplace_back();
    event.thread = thread;
    event.index = static_cast<std::uint32_t>(threads_[thread].size());
    event.operation = operation;
    threads_[thread].push_back(newest());
    clocks_.reserve(events_.size());
    return event;
}

[[gnu::always_inline]] inline void Graph::set_read(Event& event, EventId source) {
    event.source = source;
    event.value = value_of(event.operation.location, source);
    event.order = read_order(event.operation, event.value);
}

[[gnu::always_inline]] inline void Graph::link(EventId event) {
    const Event& e = events_[event];
    if (e.is_access()) link_access(event);
    compute_clocks(event);
    if (e.is_seq_cst()) seq_cst_.push_back(event);
}

[[gnu::always_inline]] inline void Graph::link_access(EventId event) {
    const Event& e = events_[event];
    Location& location = locations_[e.operation.location];
    location.has_plain = location.has_plain || e.is_plain();
    accesses(e.operation.location, e.thread).push_back(event);
    if (!e.is_write()) return;
    if (e.position == location.order.size()) return location.order.push_back(event);
    location.order.insert(location.order.begin() + e.position, event);
    renumber(location, e.position + 1);
}

[[gnu::always_inline]] inline void Graph::unlink(EventId event) {
    const Event& e = events_[event];
    if (e.is_access()) {
        Location& location = locations_[e.operation.location];
        std::vector<EventId>& accesses = location.accesses[e.thread];
        require(accesses.back() == event,
                "an access that is taken away is its thread's last to the location");
        accesses.pop_back();
        if (e.is_write() && location.order.back() == event) {
            location.order.pop_back();
        } else if (e.is_write()) {
            location.order.erase(location.order.begin() + e.position);
            renumber(location, e.position);
        }
    }
    if (!e.is_seq_cst()) return;
    // It is nearly always the last.
    const auto found = std::find(seq_cst_.rbegin(), seq_cst_.rend(), event);
    seq_cst_.erase(std::prev(found.base()));
}

void Graph::renumber(Location& location, std::size_t from) {
    for (std::size_t i = from; i < location.order.size(); ++i) {
        events_[location.order[i]].position = static_cast<std::uint32_t>(i);
    }
}

[[gnu::always_inline]] inline void Graph::compute_clocks(EventId event) {
    const Event& e = events_[event];
    if (e.index > 0) {
        clocks_.continue_from(event, threads_[e.thread][e.index - 1]);
    } else {
        clocks_.begin(event);
    }
    clocks_.set(event, Seen::happens_before, e.thread, e.index + 1);
    clocks_.set(event, Seen::porf, e.thread, e.index + 1);
    switch (e.kind) {
        case Event::Kind::read:
            return compute_read(event);
        case Event::Kind::write:
            return compute_write(event);
        case Event::Kind::other:
            return compute_other(event);
    }
}

[[gnu::always_inline]] inline void Graph::compute_read(EventId event) {
    const Event& e = events_[event];
    if (e.source == initial) return;
    clocks_.join(event, Seen::porf, e.source, Seen::porf);
    if (e.is_plain()) return;
    const Seen gets = is_acquire(e.order) ? Seen::happens_before : Seen::pending;
    clocks_.join(event, gets, e.source, Seen::released);
}

[[gnu::always_inline]] inline void Graph::compute_write(EventId event) {
    const Event& e = events_[event];
    if (e.is_plain()) return clocks_.clear(event, Seen::released);
    clocks_.assign(event, Seen::released,
                   is_release(e.order) ? Seen::happens_before : Seen::fenced);
    if (!e.is_update()) return;
    // A release sequence goes on through read-modify-writes, and through nothing else.
    const EventId source = events_[threads_[e.thread][e.index - 1]].source;
    if (source != initial) clocks_.join(event, Seen::released, source, Seen::released);
}

[[gnu::always_inline]] inline void Graph::compute_other(EventId event) {
    const Event& e = events_[event];
    if (e.source != initial) {
        clocks_.join(event, Seen::happens_before, e.source, Seen::happens_before);
        clocks_.join(event, Seen::porf, e.source, Seen::porf);
    }
    if (!e.is_fence()) return;
    if (is_acquire(e.order)) clocks_.join(event, Seen::happens_before, event, Seen::pending);
    if (is_release(e.order)) clocks_.assign(event, Seen::fenced, Seen::happens_before);
}

// ---- events come and go -------------------------------------------------------------------------

EventId Graph::add_read(ThreadId thread, const Operation& operation, EventId source) {
    Event& event = append(thread, operation);
    event.kind = Event::Kind::read;
    set_read(event, source);
    link(newest());
    return newest();
}

EventId Graph::add_write(ThreadId thread, const Operation& operation, Value value,
                         std::uint32_t position) {
    Event& event = append(thread, operation);
    event.kind = Event::Kind::write;
    event.order = operation.order;
    event.position = position;
    event.value = value;
    link(newest());
    return newest();
}

EventId Graph::add_other(ThreadId thread, const Operation& operation, EventId source, Value value) {
    Event& event = append(thread, operation);
    event.order = operation.order;
    event.source = source;
    event.value = value;
    link(newest());
    return newest();
}

void Graph::cut(std::size_t size) {
    while (events_.size() > size) {
        const EventId last = newest();
        if (last == detached_) {
            detached_ = initial;
        } else {
            unlink(last);
        }
        threads_[events_[last].thread].pop_back();
        events_.pop_back();
    }
}

void Graph::detach(EventId read) {
    unlink(read);
    detached_ = read;
}

void Graph::attach(EventId source) {
    const EventId read = std::exchange(detached_, initial);
    set_read(events_[read], source);
    link(read);
}

}  // namespace parley::rc11
