#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace parley::checker {

/// What the way between the parties may do to messages, in explore: each fault is a step of its
/// own, in either direction, at any time.
struct Transport {
    enum class Kind : std::uint8_t {
        fifo,         ///< nothing: every message arrives once, in order
        lossy,        ///< loses the oldest message of a queue, `faults` times at most
        duplicating,  ///< puts a copy of the oldest message behind the newest, so often at most
        reordering,   ///< puts the oldest message behind the newest, without limit
    };

    Kind kind = Kind::fifo;
    std::uint8_t faults = 0;
};

/// The kinds but fifo by name. A check has the transport among its bounds, under its name.
inline constexpr std::array<std::string_view, 3> transport_names{"lossy", "duplicating",
                                                                 "reordering"};
inline constexpr int transport_faults_max = 100;

/// The transport that these bounds of a check ask for.
inline Transport transport_of(const std::map<std::string, int>& bounds) {
    for (std::size_t i = 0; i < transport_names.size(); ++i) {
        const auto found = bounds.find(std::string{transport_names[i]});
        if (found == bounds.end() || found->second == 0) continue;
        return {static_cast<Transport::Kind>(i + 1), static_cast<std::uint8_t>(found->second)};
    }
    return {};
}

}  // namespace parley::checker
