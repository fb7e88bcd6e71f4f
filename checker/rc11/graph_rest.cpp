// What a revisit takes out of a graph, and how that is put back.

#include "parley/checker/rc11/graph.hpp"

#include <algorithm>
#include <utility>

namespace parley::rc11 {

/// Everything but its place in a modification order.
[[gnu::always_inline]] inline EventId Graph::append_copy(const Rest& rest, std::size_t index) {
    const Event& event = events_.emplace_back(rest.events[index]);
    const EventId id = newest();
    threads_[event.thread].push_back(id);
    clocks_.copy_from(rest.clocks, index, id);
    if (event.is_access()) {
        locations_[event.operation.location].accesses[event.thread].push_back(id);
    }
    if (event.is_seq_cst()) seq_cst_.push_back(id);
    return id;
}

void Graph::restrict(EventId read, ConstClock prefix, Rest& rest) {
    const EventId first = read + 1;
    copy_rest(read, rest);
    prefix_.assign(prefix.begin(), prefix.end());
    cut(first);
    detach(read);
    // What is left of a thread are its first events, and those up to `read` keep their numbers.
    renamed_.assign(rest.events.size(), initial);
    for (std::size_t i = 1; i < rest.events.size(); ++i) {
        const Event& event = rest.events[i];
        if (event.thread >= prefix_.size() || event.index >= prefix_[event.thread]) continue;
        renamed_[i] = append_copy(rest, i);
    }
    const auto rename = [&](EventId id) {
        return id < first || id == initial ? id : renamed_[id - read];
    };
    for (EventId id = first; id < events_.size(); ++id) {
        events_[id].source = rename(events_[id].source);
    }
    // No event before `read` reads from one that has another number now, or is gone: what is
    // between a read and a later write that it reads is in the porf prefix of that write, `read`
    // then is in the new prefix or the write is not maximal, which excludes the revisit.
    put_orders(rest, rename);
    rest.old_values_begin = std::exchange(old_values_begin_, old_values_.size());
    ++restrictions_;
}

void Graph::restore(EventId read, const Rest& rest, std::size_t size) {
    restore_values();
    old_values_begin_ = rest.old_values_begin;
    --restrictions_;
    cut(read);
    for (std::size_t i = 0; events_.size() < size; ++i) {
        append_copy(rest, i);
    }
    const std::size_t end = events_.size();
    put_orders(rest, [&](EventId id) { return id < end ? id : initial; });
}

void Graph::copy_rest(EventId first, Rest& rest) const {
    rest.events.assign(events_.begin() + first, events_.end());
    clocks_.copy_to(rest.clocks, first, events_.size());
    rest.locations.clear();
    rest.order.clear();
    rest.order_ends.clear();
    for (const Event& event : rest.events) {
        const LocationId location = event.operation.location;
        if (!event.is_write() || std::ranges::count(rest.locations, location) != 0) continue;
        const std::vector<EventId>& order = locations_[location].order;
        rest.locations.push_back(location);
        rest.order.insert(rest.order.end(), order.begin(), order.end());
        rest.order_ends.push_back(rest.order.size());
    }
}

void Graph::put_orders(const Rest& rest, auto&& rename) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < rest.locations.size(); ++i) {
        Location& location = locations_[rest.locations[i]];
        const std::size_t begin = std::exchange(next, rest.order_ends[i]);
        // What has been there all the time is nearly always the first part.
        std::size_t same = 1;
        while (same < location.order.size() && location.order[same] == rest.order[begin + same]) {
            ++same;
        }
        location.order.resize(same);
        for (std::size_t k = begin + same; k < next; ++k) {
            const EventId id = rename(rest.order[k]);
            if (id == initial) continue;
            events_[id].position = static_cast<std::uint32_t>(location.order.size());
            location.order.push_back(id);
        }
    }
}

void Graph::restore_values() {
    for (; old_values_.size() > old_values_begin_; old_values_.pop_back()) {
        const auto [location, value] = old_values_.back();
        locations_[location].initial_value = value;
    }
}

}  // namespace parley::rc11
