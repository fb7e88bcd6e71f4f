#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parley::tests {

/// What a check of a counted model comes to.
enum class Finding : std::uint8_t {
    none,       ///< nothing is wrong
    reception,  ///< a party takes a message that it does not expect
    end,        ///< the parties get stuck, or leave a message behind
};

/// The exact result of exploring one of the counted models, found by Spin and in nearly all rows by
/// a second tool that was written independently.
///
/// Spin counts the initial state as a transition, and a step that leads back to the state that it
/// came from: `self_loops` of them, which explore has no name for. They come from a transport that
/// reorders two equal messages.
struct ExpectedCounts {
    std::string model;
    std::string bounds;  ///< "K=2 N=3"
    std::uint64_t states = 0;
    std::uint64_t transitions = 0;  ///< as Spin counts
    std::uint64_t self_loops = 0;
    Finding finding = Finding::none;
    std::uint64_t steps = 0;  ///< of the shortest counterexample; counts are for models without
};

/// Every row.
const std::vector<ExpectedCounts>& expected_counts();

}  // namespace parley::tests
