#include "parley/checker/rc11/graph.hpp"

#include "parley/checker/require.hpp"

#include <algorithm>

namespace parley::rc11 {

using checker::require;

void Graph::clear(std::size_t threads) {
    events_.clear();
    seq_cst_.clear();
    clocks_.clear(threads);
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
    locations_[location].initial_value = value;
}

ConstClock Graph::seen_by(ThreadId thread, Seen seen) const {
    const auto events = this->thread(thread);
    return events.empty() ? ConstClock{} : clocks_.at(events.back(), seen);
}

ConstClock Graph::seen_before(EventId event, Seen seen) const {
    const Event& e = events_[event];
    return e.index == 0 ? ConstClock{} : clocks_.at(threads_[e.thread][e.index - 1], seen);
}

std::uint32_t Graph::position(EventId event) const {
    if (event == initial) return 0;
    const Event& e = events_[event];
    return e.is_write() ? e.position : position(e.source);
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

std::optional<EventId> Graph::update_after(LocationId location, std::uint32_t position) const {
    const std::vector<EventId>& order = locations_[location].order;
    if (position + 1 >= order.size() || !events_[order[position + 1]].is_update()) {
        return std::nullopt;
    }
    return order[position + 1];
}

std::optional<EventId> Graph::half_update(ThreadId thread) const {
    if (threads_[thread].empty()) return std::nullopt;
    const Event& last = events_[threads_[thread].back()];
    if (!last.is_read() || !does_write(last.operation, last.value)) return std::nullopt;
    return threads_[thread].back();
}

std::optional<EventId> Graph::last_access(LocationId location, ThreadId thread,
                                          std::uint32_t before) const {
    const auto& all = locations_[location].accesses;
    if (thread >= all.size()) return std::nullopt;
    const std::vector<EventId>& accesses = all[thread];
    for (auto access = accesses.rbegin(); access != accesses.rend(); ++access) {
        if (events_[*access].index < before) return *access;
    }
    return std::nullopt;
}

std::vector<EventId>& Graph::accesses(LocationId location, ThreadId thread) {
    auto& all = locations_[location].accesses;
    if (thread >= all.size()) all.resize(thread + 1);
    return all[thread];
}

EventId Graph::add_read(ThreadId thread, const Operation& operation, EventId source) {
    Event event{.kind = Event::Kind::read, .thread = thread, .operation = operation};
    set_read(event, source);
    return append(event);
}

EventId Graph::add_write(ThreadId thread, const Operation& operation, Value value,
                         std::uint32_t position) {
    return append({.kind = Event::Kind::write,
                   .order = operation.order,
                   .thread = thread,
                   .position = position,
                   .value = value,
                   .operation = operation});
}

EventId Graph::add_other(ThreadId thread, const Operation& operation, EventId source, Value value) {
    return append({.order = operation.order,
                   .thread = thread,
                   .source = source,
                   .value = value,
                   .operation = operation});
}

EventId Graph::append(Event event) {
    const auto id = static_cast<EventId>(events_.size());
    if (event.thread >= threads_.size()) threads_.resize(event.thread + 1);
    event.index = static_cast<std::uint32_t>(threads_[event.thread].size());
    events_.push_back(event);
    threads_[event.thread].push_back(id);
    clocks_.widen(threads_.size());
    clocks_.resize(events_.size());
    link(id);
    return id;
}

void Graph::set_read(Event& event, EventId source) {
    event.source = source;
    event.value = value_of(event.operation.location, source);
    event.order = read_order(event.operation, event.value);
}

void Graph::link(EventId event) {
    const Event& e = events_[event];
    if (e.is_access()) {
        Location& location = locations_[e.operation.location];
        location.has_plain = location.has_plain || e.is_plain();
        accesses(e.operation.location, e.thread).push_back(event);
        if (e.is_write()) {
            location.order.insert(location.order.begin() + e.position, event);
            renumber(location, e.position + 1);
        }
    }
    compute_clocks(event);
    if (e.is_seq_cst()) seq_cst_.push_back(event);
}

void Graph::unlink(EventId event) {
    const Event& e = events_[event];
    if (e.is_access()) {
        Location& location = locations_[e.operation.location];
        require(accesses(e.operation.location, e.thread).back() == event,
                "an access that is taken away is its thread's last to the location");
        accesses(e.operation.location, e.thread).pop_back();
        if (e.is_write()) {
            location.order.erase(location.order.begin() + e.position);
            renumber(location, e.position);
        }
    }
    if (e.is_seq_cst()) seq_cst_.erase(std::ranges::find(seq_cst_, event));
}

void Graph::renumber(Location& location, std::size_t from) {
    for (std::size_t i = from; i < location.order.size(); ++i) {
        events_[location.order[i]].position = static_cast<std::uint32_t>(i);
    }
}

void Graph::compute_clocks(EventId event) {
    const Event& e = events_[event];
    if (e.index > 0) {
        const EventId before = threads_[e.thread][e.index - 1];
        for (const Seen seen : {Seen::happens_before, Seen::porf, Seen::pending, Seen::fenced}) {
            assign(clocks_.at(event, seen), clocks_.at(before, seen));
        }
    } else {
        for (const Seen seen : {Seen::happens_before, Seen::porf, Seen::pending, Seen::fenced}) {
            std::ranges::fill(clocks_.at(event, seen), 0U);
        }
    }
    clocks_.at(event, Seen::happens_before)[e.thread] = e.index + 1;
    clocks_.at(event, Seen::porf)[e.thread] = e.index + 1;
    switch (e.kind) {
        case Event::Kind::read:
            return compute_read(event);
        case Event::Kind::write:
            return compute_write(event);
        case Event::Kind::other:
            return compute_other(event);
    }
}

void Graph::compute_read(EventId event) {
    const Event& e = events_[event];
    if (e.source == initial) return;
    join(clocks_.at(event, Seen::porf), clocks_.at(e.source, Seen::porf));
    if (e.is_plain()) return;
    const Seen gets = is_acquire(e.order) ? Seen::happens_before : Seen::pending;
    join(clocks_.at(event, gets), clocks_.at(e.source, Seen::released));
}

void Graph::compute_write(EventId event) {
    const Event& e = events_[event];
    const Clock released = clocks_.at(event, Seen::released);
    if (e.is_plain()) {
        std::ranges::fill(released, 0U);
        return;
    }
    assign(released, clocks_.at(event, is_release(e.order) ? Seen::happens_before : Seen::fenced));
    if (!e.is_update()) return;
    // A release sequence goes on through read-modify-writes, and through nothing else.
    const EventId source = events_[threads_[e.thread][e.index - 1]].source;
    if (source != initial) join(released, clocks_.at(source, Seen::released));
}

void Graph::compute_other(EventId event) {
    const Event& e = events_[event];
    const Clock before = clocks_.at(event, Seen::happens_before);
    if (e.source != initial) {
        join(before, clocks_.at(e.source, Seen::happens_before));
        join(clocks_.at(event, Seen::porf), clocks_.at(e.source, Seen::porf));
    }
    if (!e.is_fence()) return;
    if (is_acquire(e.order)) join(before, clocks_.at(event, Seen::pending));
    if (is_release(e.order)) assign(clocks_.at(event, Seen::fenced), before);
}

void Graph::cut(std::size_t size) {
    while (events_.size() > size) {
        const auto last = static_cast<EventId>(events_.size() - 1);
        unlink(last);
        threads_[events_[last].thread].pop_back();
        events_.pop_back();
    }
    clocks_.resize(size);
}

void Graph::detach(EventId read) {
    unlink(read);
}

void Graph::attach(EventId read, EventId source) {
    set_read(events_[read], source);
    link(read);
}

void Graph::restrict(const Graph& from, EventId read, ConstClock prefix) {
    clear(from.threads_.size());
    clocks_.clear(from.clocks_.width());
    // What is left of a thread are its first events, and those up to `read` keep their numbers.
    const std::size_t same = read + std::size_t{1};
    events_.assign(from.events_.begin(), from.events_.begin() + static_cast<std::ptrdiff_t>(same));
    clocks_.append(from.clocks_, 0, same);
    renamed_.assign(from.size() - same, initial);
    for (auto id = static_cast<EventId>(same); id < from.size(); ++id) {
        if (!from.is_covered(id, prefix)) continue;
        renamed_[id - same] = static_cast<EventId>(events_.size());
        events_.push_back(from.at(id));
        clocks_.append(from.clocks_, id, 1);
    }
    const auto rename = [&](EventId id) {
        return id == initial || id <= read ? id : renamed_[id - same];
    };
    const auto copy_kept = [&](std::vector<EventId>& to, const std::vector<EventId>& all,
                               EventId but) {
        for (const EventId id : all) {
            if (id == but) continue;
            const EventId renamed = rename(id);
            if (renamed != initial || id == initial) to.push_back(renamed);
        }
    };
    for (Event& event : events_) event.source = rename(event.source);
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        copy_kept(threads_[i], from.threads_[i], initial);
    }
    copy_kept(seq_cst_, from.seq_cst_, read);
    locations_.resize(from.locations_.size());
    for (std::size_t i = 0; i < locations_.size(); ++i) {
        const Location& old = from.locations_[i];
        Location& location = locations_[i];
        location.initial_value = old.initial_value;
        location.has_plain = old.has_plain;
        location.order.clear();
        for (const EventId id : old.order) {
            const EventId renamed = rename(id);
            if (renamed == initial && id != initial) continue;
            if (renamed != initial) {
                events_[renamed].position = static_cast<std::uint32_t>(location.order.size());
            }
            location.order.push_back(renamed);
        }
        if (location.accesses.size() < old.accesses.size()) {
            location.accesses.resize(old.accesses.size());
        }
        for (std::size_t k = 0; k < old.accesses.size(); ++k) {
            copy_kept(location.accesses[k], old.accesses[k], read);
        }
    }
}

}  // namespace parley::rc11
