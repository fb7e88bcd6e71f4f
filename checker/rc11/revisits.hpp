#pragma once

#include "parley/checker/rc11/graph.hpp"

#include <vector>

namespace parley::rc11 {

/// Where a new write of `thread` may go in the modification order, in ascending order: after all
/// that the thread has observed, not between a read-modify-write and its source, and the write of a
/// read-modify-write directly after its source. None: another read-modify-write is there already.
/// `positions` is overwritten, so that its memory is used again.
void find_write_positions(const Graph& graph, ThreadId thread, const Operation& operation,
                          std::vector<std::uint32_t>& positions);

/// The reads that a new write of `thread` revisits: they are to read from it although it came
/// later. `graph` is without the write. Such a read is outside the write's porf prefix, and it and
/// all later events outside the prefix have been added maximally, so that of all graphs that lead
/// to the same revisit exactly one does it (IsMaximallyAdded of TruSt; see explorer.hpp). `reads`
/// is overwritten, latest first.
void find_revisited_reads(const Graph& graph, ThreadId thread, const Operation& operation,
                          std::vector<EventId>& reads);

}  // namespace parley::rc11
