#pragma once

#include "parley/checker/record.hpp"
#include "parley/checker/relacy/memory_log.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker::relacy {

/// Which variables of a run belong to its two queues: a queue makes its slots, its tail and its
/// head, in this order.
struct QueueNames {
    std::array<std::string_view, 2> roles;  ///< left, right
    std::array<std::uint32_t, 2> first{};   ///< number of the first variable: left to right, back
    std::size_t capacity = 0;
};

/// "to_notifier.slot[1]", "to_notifier.tail".
std::string variable_text(std::uint32_t variable, const QueueNames& names);

/// Both ends of the race that ended a run, the later one first (see race_at_end()); or nothing.
std::vector<RaceEnd> race_ends(const MemoryLog& log, const QueueNames& names);

/// Takes down a memory-level event; those of objects are the witness's to tell.
void record_memory(Recorder& recorder, const MemoryEvent& event, const QueueNames& names);

}  // namespace parley::checker::relacy
