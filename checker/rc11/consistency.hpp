#pragma once

#include "parley/checker/rc11/graph.hpp"

#include <optional>

/// The axioms of RC11 (Lahav, Vafeiadis, Kang, Hur, Dreyer, Repairing sequential consistency in
/// C/C++11, PLDI 2017), with the release sequences of C++20, for one event at a time: the graph was
/// consistent before, and the new event is maximal in porf. Then
/// - coherence says how far back in the modification order the event may go,
/// - atomicity says that nothing comes between a read-modify-write and what it reads,
/// - no thin air holds, since a read's source is in the graph already,
/// - a new cycle in psc goes through an edge of coherence that leaves the new event.
namespace parley::rc11 {

/// The first position in the modification order of `location` that an event may still read from:
/// the latest that it has observed. `seen` is what happens before it.
std::uint32_t observed_position(const Graph& graph, ConstClock seen, LocationId location);

/// Whether psc is still acyclic, `event`, which is an access, having been added to a graph with two
/// seq_cst events or more in which it was.
bool is_psc_acyclic_among(const Graph& graph, EventId event);

/// The same for any event and graph.
[[gnu::always_inline]] inline bool is_psc_acyclic_at(const Graph& graph, EventId event) {
    return graph.seq_cst().size() < 2 || !graph.at(event).is_access() ||
           is_psc_acyclic_among(graph, event);
}

/// An access to the same location, of another thread, that happens neither before `event` nor
/// after it, when one of the two is a write and one is not atomic: a data race.
std::optional<EventId> find_race(const Graph& graph, EventId event);

}  // namespace parley::rc11
