#pragma once

#include "parley/checker/memory_log.hpp"
#include "parley/checker/record.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker {

/// Which variables of a run belong to its two queues: a queue makes its slots, its tail and its
/// head, in this order.
struct QueueNames {
    std::array<std::string_view, 2> roles;  ///< left, right
    std::array<std::uint32_t, 2> first{};   ///< number of the first variable: left to right, back
    std::size_t capacity = 0;
    bool are_channels = false;
    std::map<std::uint32_t, std::string> others = {};  ///< variables of the code under check
};

/// "to_notifier.slot[1]", "to_notifier.tail"; of a channel "to_notifier.sent[1]".
std::string variable_text(std::uint32_t variable, const QueueNames& names);

/// Both ends of the race that ended a run, the later one first (see race_at_end()); or nothing.
std::vector<RaceEnd> race_ends(const MemoryLog& log, const QueueNames& names);

/// Takes down a memory-level event; those of objects are the witness's to tell.
void record_memory(Recorder& recorder, const MemoryEvent& event, const QueueNames& names);

}  // namespace parley::checker
