#pragma once

#include "parley/checker/choice.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace parley::checker {

/// Random runs in which queues fill and drain: who takes a step goes on for a burst, as long as it
/// can. The length of a burst is drawn on a logarithmic scale, from 1 to 63 steps, so that bursts
/// longer than any queue are as frequent as single steps.
class BurstyChooser final : public RandomChooser {
 public:
    explicit BurstyChooser(std::uint64_t seed) : RandomChooser(seed) {}

    std::uint32_t choose_step(std::span<const model::Party> movers) override {
        const bool is_over = left_ == 0 || std::ranges::find(movers, mover_) == movers.end();
        if (is_over) {
            constexpr std::uint32_t scales = 6;
            const std::uint32_t shortest = std::uint32_t{1} << draw(scales);
            left_ = shortest + draw(shortest);
            mover_ = model::other(mover_);
        }
        --left_;
        const std::uint32_t index = choose_of(mover_, movers);
        mover_ = movers[index];
        return index;
    }

 private:
    model::Party mover_ = model::Party::left;
    std::uint32_t left_ = 0;  ///< steps of the burst
};

}  // namespace parley::checker
