#include "parley/checker/rc11/revisits.hpp"

#include "parley/checker/rc11/consistency.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace parley::rc11 {

namespace {

using Kind = Operation::Kind;

/// The position of the source of the read-modify-write whose read is the thread's last event.
std::uint32_t source_position(const Graph& graph, ThreadId thread) {
    return graph.position(graph.thread(thread).back());
}

/// Decides whether events of a graph have been added maximally, for a write with a given porf
/// prefix.
class Maximality {
 public:
    Maximality(const Graph& graph, ConstClock prefix) : graph_(graph), prefix_(prefix) {}

    bool is_maximal(EventId event) const {
        const Event& e = graph_.at(event);
        if (e.operation.kind == Kind::choose) return e.value == 0;
        if (!e.is_access()) return true;
        if (e.is_write() && has_reader(event)) return false;
        const std::vector<EventId>& order = graph_.location(e.operation.location).order;
        return std::none_of(order.begin() + graph_.position(event) + 1, order.end(),
                            [&](EventId later) { return is_previous(later, event); });
    }

 private:
    /// In the prefix, or added no later than `event`.
    bool is_previous(EventId id, EventId event) const {
        return id <= event || graph_.is_covered(id, prefix_);
    }
    bool has_reader(EventId write) const {
        const Location& location = graph_.location(graph_.at(write).operation.location);
        return std::ranges::any_of(location.accesses, [&](const std::vector<EventId>& accesses) {
            return std::ranges::any_of(accesses, [&](EventId id) {
                const Event& e = graph_.at(id);
                return e.is_read() && e.source == write && is_previous(id, write);
            });
        });
    }

    const Graph& graph_;
    ConstClock prefix_;
};

/// The first read of the location, in the order of addition, that is not in the prefix; none: the
/// size of the graph.
EventId first_outside(const Graph& graph, LocationId location, ConstClock prefix) {
    auto first = static_cast<EventId>(graph.size());
    const auto& accesses = graph.location(location).accesses;
    for (ThreadId thread = 0; thread < accesses.size(); ++thread) {
        const std::uint32_t covered = thread < prefix.size() ? prefix[thread] : 0;
        for (auto id = accesses[thread].rbegin(); id != accesses[thread].rend(); ++id) {
            if (graph.at(*id).index < covered) break;
            if (graph.at(*id).is_read()) first = std::min(first, *id);
        }
    }
    return first;
}

}  // namespace

void find_write_positions(const Graph& graph, ThreadId thread, const Operation& operation,
                          std::vector<std::uint32_t>& positions) {
    positions.clear();
    if (operation.kind == Kind::modify) {
        const std::uint32_t source = source_position(graph, thread);
        if (!graph.update_after(operation.location, source)) positions.push_back(source + 1);
        return;
    }
    const ConstClock seen = graph.seen_by(thread, Seen::happens_before);
    const std::size_t size = graph.location(operation.location).order.size();
    for (std::uint32_t after = observed_position(graph, seen, operation.location); after < size;
         ++after) {
        if (!graph.update_after(operation.location, after)) positions.push_back(after + 1);
    }
}

void find_revisited_reads(const Graph& graph, ThreadId thread, const Operation& operation,
                          std::vector<EventId>& reads) {
    reads.clear();
    const ConstClock prefix = graph.seen_by(thread, Seen::porf);
    const Maximality maximality(graph, prefix);
    // When two read-modify-writes share a source, the other one has to go.
    std::optional<EventId> conflict;
    if (operation.kind == Kind::modify) {
        conflict = graph.update_after(operation.location, source_position(graph, thread));
    }
    if (conflict && graph.is_covered(*conflict, prefix)) return;
    const EventId first = first_outside(graph, operation.location, prefix);
    for (auto id = static_cast<EventId>(graph.size()); id-- > first;) {
        if (graph.is_covered(id, prefix)) continue;
        if (!maximality.is_maximal(id)) break;
        const Event& e = graph.at(id);
        if (!e.is_read() || e.operation.location != operation.location) continue;
        if (!conflict || id < *conflict) reads.push_back(id);
    }
}

}  // namespace parley::rc11
