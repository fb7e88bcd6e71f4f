#include "parley/checker/memory_log.hpp"

#include <algorithm>
#include <iterator>

namespace parley::checker {
namespace {

bool is_plain(const MemoryEvent& event) {
    return event.operation == MemoryOperation::plain;
}

bool is_of_object(const MemoryEvent& event) {
    return event.operation == MemoryOperation::make_object ||
           event.operation == MemoryOperation::access_object ||
           event.operation == MemoryOperation::destroy_object;
}

}  // namespace

std::optional<RacePair> race_at_end(const MemoryLog& log) {
    if (log.empty()) return std::nullopt;
    const MemoryEvent& second = log.back();
    if (!is_plain(second) && !is_of_object(second)) return std::nullopt;
    const auto first = std::find_if(std::next(log.rbegin()), log.rend(), [&](const auto& event) {
        return event.variable == second.variable && event.thread != second.thread &&
               is_plain(event) == is_plain(second) && is_of_object(event) == is_of_object(second);
    });
    if (first == log.rend()) return std::nullopt;
    return RacePair{*first, second};
}

}  // namespace parley::checker
