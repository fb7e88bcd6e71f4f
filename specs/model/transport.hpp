#pragma once

#include <cstdint>

namespace parley::specs::model {

/// What the way between the parties may do to messages, in explore: each fault is a step of its
/// own, in either direction, at any time. A check asks for one with `--transport`; options of a
/// spec that have a member function `transport()` say themselves which one it is when the check
/// does not.
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

}  // namespace parley::specs::model
