#include "parley/checker/rc11/consistency.hpp"

#include <algorithm>
#include <vector>

namespace parley::rc11 {

namespace {

/// The edges of psc between the seq_cst events of a graph, found from clocks and from the eco keys
/// of accesses. In the paper's words, for accesses a and b and fences f and g:
/// - scb = po + po|≠loc; hb; po|≠loc + hb|loc + co + rb,
/// - a→b: a scb b. a→g: a scb y hb? g. f→b: f hb? x scb b. f→g: f hb g, or f hb x eco y hb g.
/// What an access observes grows along its thread, so that of all accesses of one thread the last
/// (or first) that could be x or y decides.
class Psc {
 public:
    explicit Psc(const Graph& graph) : graph_(graph) {}

    bool has_edge(EventId a, EventId b) const {
        const bool from_fence = event(a).is_fence();
        if (event(b).is_fence()) return from_fence ? fence_to_fence(a, b) : access_to_fence(a, b);
        return from_fence ? fence_to_access(a, b) : access_to_access(a, b);
    }

    /// Whether `start` reaches itself.
    bool is_on_cycle(EventId start) const {
        // Used again, since this is asked for each event.
        static thread_local std::vector<EventId> unvisited;
        static thread_local std::vector<EventId> reached;
        unvisited.assign(graph_.seq_cst().begin(), graph_.seq_cst().end());
        reached.assign(1, start);
        while (!reached.empty()) {
            const EventId from = reached.back();
            reached.pop_back();
            const auto next = std::partition(unvisited.begin(), unvisited.end(),
                                             [&](EventId to) { return !has_edge(from, to); });
            if (std::find(next, unvisited.end(), start) != unvisited.end()) return true;
            reached.insert(reached.end(), next, unvisited.end());
            unvisited.erase(next, unvisited.end());
        }
        return false;
    }

 private:
    const Event& event(EventId id) const { return graph_.at(id); }
    LocationId location(EventId id) const { return event(id).operation.location; }

    bool is_elsewhere(EventId id, LocationId location) const {
        return !event(id).is_access() || this->location(id) != location;
    }
    /// How many events of its thread must have been seen for one after `a` that is not at its
    /// location to be among them.
    std::uint32_t next_elsewhere(EventId a) const {
        const auto thread = graph_.thread(event(a).thread);
        std::uint32_t index = event(a).index + 1;
        while (index < thread.size() && !is_elsewhere(thread[index], location(a))) ++index;
        return index + 1;
    }
    /// What the last event before `b` in its thread that is not at its location has seen.
    ConstClock seen_elsewhere(EventId b) const {
        const auto thread = graph_.thread(event(b).thread);
        for (std::uint32_t index = event(b).index; index-- > 0;) {
            if (!is_elsewhere(thread[index], location(b))) continue;
            return graph_.seen(thread[index], Seen::happens_before);
        }
        return {};
    }
    bool is_same_thread(EventId a, EventId b) const { return event(a).thread == event(b).thread; }
    bool is_eco_before(EventId a, EventId b) const {
        return a != b && graph_.eco_key(a) < graph_.eco_key(b);
    }
    std::span<const std::vector<EventId>> accesses(LocationId location) const {
        return graph_.location(location).accesses;
    }

    bool access_to_access(EventId a, EventId b) const {
        if (a == b) return false;
        if (is_same_thread(a, b)) return event(a).index < event(b).index;
        const bool is_before = graph_.happens_before(a, b);
        if (location(a) == location(b)) {
            if (is_before || (event(b).is_write() && is_eco_before(a, b))) return true;
        }
        // Most pairs end here: what comes elsewhere between the two is in happens-before as well.
        if (!is_before) return false;
        const ThreadId from = event(a).thread;
        const ConstClock seen = seen_elsewhere(b);
        return from < seen.size() && seen[from] >= next_elsewhere(a);
    }

    bool fence_to_access(EventId f, EventId b) const {
        if (graph_.is_covered(f, graph_.seen_before(b, Seen::happens_before))) return true;
        const auto is_between = [&](EventId x) {
            return graph_.happens_before(x, b) || (event(b).is_write() && is_eco_before(x, b));
        };
        for (const auto& of_thread : accesses(location(b))) {
            const auto last = std::find_if(of_thread.rbegin(), of_thread.rend(),
                                           [&](EventId x) { return x != b && is_between(x); });
            if (last != of_thread.rend() && graph_.happens_before(f, *last)) return true;
        }
        return false;
    }

    bool access_to_fence(EventId a, EventId g) const {
        if (is_same_thread(a, g)) {
            if (event(a).index < event(g).index) return true;
        } else if (graph_.seen(g, Seen::happens_before)[event(a).thread] > event(a).index + 1) {
            return true;
        }
        const auto is_between = [&](EventId y) {
            return graph_.happens_before(a, y) || (event(y).is_write() && is_eco_before(a, y));
        };
        for (const auto& of_thread : accesses(location(a))) {
            const auto first = std::find_if(of_thread.begin(), of_thread.end(),
                                            [&](EventId y) { return y != a && is_between(y); });
            if (first != of_thread.end() && graph_.happens_before(*first, g)) return true;
        }
        return false;
    }

    bool fence_to_fence(EventId f, EventId g) const {
        if (graph_.happens_before(f, g)) return true;
        for (LocationId location = 0; location < graph_.locations(); ++location) {
            if (is_eco_between(f, g, accesses(location))) return true;
        }
        return false;
    }
    bool is_eco_between(EventId f, EventId g,
                        std::span<const std::vector<EventId>> accesses) const {
        std::uint32_t earliest = UINT32_MAX;
        std::uint32_t latest = 0;
        for (const auto& of_thread : accesses) {
            const auto x = std::find_if(of_thread.begin(), of_thread.end(), [&](EventId access) {
                return graph_.happens_before(f, access);
            });
            if (x != of_thread.end()) earliest = std::min(earliest, graph_.eco_key(*x));
            const auto y = std::find_if(of_thread.rbegin(), of_thread.rend(), [&](EventId access) {
                return graph_.happens_before(access, g);
            });
            if (y != of_thread.rend()) latest = std::max(latest, graph_.eco_key(*y));
        }
        return earliest < latest;
    }

    const Graph& graph_;
};

/// The last seq_cst fence of each thread that happens before `event`.
std::vector<EventId> last_fences_before(const Graph& graph, EventId event) {
    std::vector<EventId> fences;
    for (const EventId id : graph.seq_cst()) {
        if (!graph.at(id).is_fence() || !graph.happens_before(id, event)) continue;
        const auto same = std::ranges::find_if(
            fences, [&](EventId other) { return graph.at(other).thread == graph.at(id).thread; });
        if (same == fences.end()) {
            fences.push_back(id);
        } else if (graph.at(*same).index < graph.at(id).index) {
            *same = id;
        }
    }
    return fences;
}

}  // namespace

std::uint32_t observed_position(const Graph& graph, ConstClock seen, LocationId location) {
    const std::vector<EventId>& order = graph.location(location).order;
    const auto last = static_cast<std::uint32_t>(order.size() - 1);
    // Nothing is later than the last write, which is nearly always known to its own thread.
    if (last == 0 || graph.is_covered(order.back(), seen)) return last;
    std::uint32_t position = 0;
    for (ThreadId other = 0; other < seen.size(); ++other) {
        if (seen[other] == 0) continue;
        const auto access = graph.last_access(location, other, seen[other]);
        if (access) position = std::max(position, graph.position(*access));
    }
    return position;
}

bool is_psc_acyclic_among(const Graph& graph, EventId event) {
    const Event& e = graph.at(event);
    // Only what is later in the modification order can come after a new access.
    const Location& location = graph.location(e.operation.location);
    if (graph.position(event) + 1 == location.order.size()) return true;
    const Psc psc(graph);
    if (e.is_seq_cst() && psc.is_on_cycle(event)) return false;
    return std::ranges::none_of(last_fences_before(graph, event),
                                [&](EventId fence) { return psc.is_on_cycle(fence); });
}

std::optional<EventId> find_race(const Graph& graph, EventId event) {
    const Event& e = graph.at(event);
    if (!e.is_access()) return std::nullopt;
    const Location& location = graph.location(e.operation.location);
    if (!location.has_plain) return std::nullopt;
    for (const auto& accesses : location.accesses) {
        for (auto other = accesses.rbegin(); other != accesses.rend(); ++other) {
            const Event& o = graph.at(*other);
            if (o.thread == e.thread || graph.happens_before(*other, event)) break;
            if ((o.is_write() || e.is_write()) && (o.is_plain() || e.is_plain())) return *other;
        }
    }
    return std::nullopt;
}

}  // namespace parley::rc11
