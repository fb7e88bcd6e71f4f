#pragma once

#include "parley/specs/model/transport.hpp"

#include <cstdint>

namespace parley::tests {

/// The transport that the bounds TR and F of a counted model ask for: 0 fifo, 1 lossy,
/// 2 duplicating, 3 reordering; F faults at most.
inline specs::model::Transport numbered_transport(int TR, int F) {
    return {static_cast<specs::model::Transport::Kind>(TR), static_cast<std::uint8_t>(F)};
}

}  // namespace parley::tests
