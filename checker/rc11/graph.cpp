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
    clocks_.restart();
    widen(threads);
    for (auto& thread : threads_) thread.clear();
    for (Location& location : locations_) {
        location.order.assign(1, initial);
        location.has_plain = false;
        for (auto& accesses : location.accesses) accesses.clear();
    }
}

void Graph::set_initial_value(LocationId location, Value value) {
    if (location >= locations_.size()) {
        locations_.resize(location + 1);
        widen(threads());
    }
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

/// To that many threads, or as many as there were once: here, so that no event looks whether there
/// is room for it.
[[gnu::noinline]] void Graph::widen(std::size_t threads) {
    threads_.resize(threads);
    clocks_.widen(threads);
    for (Location& location : locations_) {
        if (location.accesses.size() < threads) location.accesses.resize(threads);
    }
}

// ---- parts of what follows, inlined -------------------------------------------------------------

[[gnu::always_inline]] inline EventId Graph::append(ThreadId thread, const Operation& operation) {
    if (thread >= threads()) widen(thread + std::size_t{1});
    const auto id = static_cast<EventId>(events_.size());
    Event& event = events_.emplace_back();
    event.thread = thread;
    std::vector<EventId>& own = threads_[thread];
    event.index = static_cast<std::uint32_t>(own.size());
    event.operation = operation;
    clocks_.reserve(id + std::size_t{1});
    begin_clocks(id, event, own.empty() ? initial : own.back());
    own.push_back(id);
    return id;
}

/// What its thread has seen with its event before, if there is one, and the event itself.
[[gnu::always_inline]] inline void Graph::begin_clocks(EventId id, const Event& event,
                                                       EventId before) {
    if (before == initial) {
        clocks_.begin(id);
    } else {
        clocks_.continue_from(id, before);
    }
    clocks_.count(id, event.thread, event.index + 1);
}

[[gnu::always_inline]] inline void Graph::set_read(Event& read, EventId source) {
    read.source = source;
    read.value = value_of(read.operation.location, source);
    read.order = read_order(read.operation, read.value);
}

/// The last write, from this one back through read-modify-writes, that is not a reader's.
[[gnu::noinline]] EventId Graph::last_of_writer(EventId write) const {
    while (write != initial && events_[write].operation.is_of_reader) {
        write = read_of(events_[write]).source;
    }
    return write;
}

[[gnu::always_inline]] inline void Graph::link_read(EventId id, const Event& read) {
    Location& location = locations_[read.operation.location];
    link_access(location, id, read);
    note_order(id, read);
    if (read.source == initial) return;
    clocks_.join(id, Seen::porf, read.source, Seen::porf);
    if (read.is_plain()) return;
    const EventId released =
        read.operation.is_of_reader ? last_of_writer(read.source) : read.source;
    if (released == initial) return;
    const Seen gets = is_acquire(read.order) ? Seen::happens_before : Seen::pending;
    clocks_.join(id, gets, released, Seen::released);
}

[[gnu::always_inline]] inline void Graph::link_write(EventId id, const Event& write) {
    Location& location = locations_[write.operation.location];
    link_access(location, id, write);
    put_into_order(location, id, write.position);
    note_order(id, write);
    if (write.is_plain()) return clocks_.clear(id, Seen::released);
    clocks_.assign(id, Seen::released,
                   is_release(write.order) ? Seen::happens_before : Seen::fenced);
    if (!write.is_update()) return;
    // A release sequence goes on through read-modify-writes, and through nothing else.
    const EventId source = read_of(write).source;
    if (source != initial) clocks_.join(id, Seen::released, source, Seen::released);
}

[[gnu::always_inline]] inline void Graph::link_other(EventId id, const Event& other) {
    if (other.source != initial) {
        clocks_.join(id, Seen::happens_before, other.source, Seen::happens_before);
        clocks_.join(id, Seen::porf, other.source, Seen::porf);
    }
    if (!other.is_fence()) return;
    note_order(id, other);
    if (is_acquire(other.order)) clocks_.join(id, Seen::happens_before, id, Seen::pending);
    if (is_release(other.order)) clocks_.assign(id, Seen::fenced, Seen::happens_before);
}

[[gnu::always_inline]] inline void Graph::link_access(Location& location, EventId id,
                                                      const Event& access) {
    if (access.order == Order::plain) location.has_plain = true;
    location.accesses[access.thread].push_back(id);
}

[[gnu::always_inline]] inline void Graph::put_into_order(Location& location, EventId write,
                                                         std::uint32_t position) {
    if (position == location.order.size()) return location.order.push_back(write);
    location.order.insert(location.order.begin() + position, write);
    renumber(location, position + 1);
}

[[gnu::always_inline]] inline void Graph::note_order(EventId id, const Event& event) {
    if (event.order == Order::seq_cst) seq_cst_.push_back(id);
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

// ---- events come and go -------------------------------------------------------------------------

EventId Graph::add_read(ThreadId thread, const Operation& operation, EventId source) {
    const EventId id = append(thread, operation);
    Event& event = events_[id];
    event.kind = Event::Kind::read;
    set_read(event, source);
    link_read(id, event);
    return id;
}

EventId Graph::add_write(ThreadId thread, const Operation& operation, Value value,
                         std::uint32_t position) {
    const EventId id = append(thread, operation);
    Event& event = events_[id];
    event.kind = Event::Kind::write;
    event.order = operation.order;
    event.position = position;
    event.value = value;
    link_write(id, event);
    return id;
}

EventId Graph::add_other(ThreadId thread, const Operation& operation, EventId source, Value value) {
    const EventId id = append(thread, operation);
    Event& event = events_[id];
    event.order = operation.order;
    event.source = source;
    event.value = value;
    link_other(id, event);
    return id;
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
    Event& event = events_[read];
    set_read(event, source);
    begin_clocks(read, event, event.index == 0 ? initial : threads_[event.thread][event.index - 1]);
    link_read(read, event);
}

}  // namespace parley::rc11
