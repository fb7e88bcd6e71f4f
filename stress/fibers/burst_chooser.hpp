#pragma once

#include "parley/checker/choice.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace parley::stress {

/// Lets each party run for a while: bursts of operations whose mean length is drawn for each party
/// and run, from 2 to 512. So queues fill up and are emptied, and one party overtakes the other in
/// the middle of what it does, which switching with even chances before each operation hardly does.
class BurstChooser final : public checker::RandomChooser {
 public:
    explicit BurstChooser(std::uint64_t seed)
        : RandomChooser(seed), means_{2U << draw(9), 2U << draw(9)} {}

    /// `movers`: who runs now, then the other one.
    std::uint32_t choose_step(std::span<const model::Party> movers) override {
        return keep(2, draw(means_[model::index_of(movers[0])]) == 0 ? 1 : 0);
    }

 private:
    std::array<std::uint32_t, 2> means_;
};

}  // namespace parley::stress
