#pragma once

#include <cstdint>

namespace parley::checker {

/// How a party of a run has ended.
enum class PartyEnd : std::uint8_t {
    done,   ///< its script is
    stuck,  ///< it has seen all that there is, and has nothing to do
    cut,    ///< it was not looked at any further
};

}  // namespace parley::checker
