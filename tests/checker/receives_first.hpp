#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace parley::tests {

/// Executions of a shipped protocol in which parties receive first, then send what they owe, then
/// act, as over queues that the engine does not know.
struct ReceivesFirst {
    std::string_view protocol;
    std::map<std::string, int> bounds;  ///< beside those of rc11
    std::uint64_t executions;
};

inline const std::array<ReceivesFirst, 9> receives_first{{
    {"cancelable_one_shot", {{"rounds", 2}}, 42},
    {"multi_reply", {{"rounds", 1}, {"phases", 2}}, 13},
    {"nondeterministic_exchange", {{"conclusions", 3}}, 233},
    {"request_reply", {{"requests", 3}}, 95},
    {"request_response_acknowledge", {{"requests", 1}, {"copies", 1}}, 30},
    {"send", {{"items", 3}}, 6'912},
    {"stream", {{"items", 2}}, 1'714},
    {"subscription", {{"sessions", 1}, {"notifications", 3}}, 112},
    {"unreliable_send", {{"messages", 4}}, 392},
}};

}  // namespace parley::tests
