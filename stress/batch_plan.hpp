#pragma once

#include "parley/stress/delays.hpp"
#include "parley/stress/placement.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace parley::stress {

/// The order in which the two threads go through the instances of a batch.
enum class BatchOrder : std::uint8_t {
    forward,   ///< both from the first to the last
    shuffled,  ///< both in the same random order
    apart,     ///< each in a random order of its own; only for sides that never wait for each other
};

constexpr std::string_view name_of(BatchOrder order) {
    constexpr std::array<std::string_view, 3> names{"forward", "shuffled", "apart"};
    return names[static_cast<std::size_t>(order)];
}

/// How one batch is run. Everything but the machine follows from it.
struct BatchPlan {
    std::uint64_t number = 0;  ///< of the batch, from 0
    std::uint64_t seed = 1;    ///< of this batch
    Placement placement = Placement::unpinned;
    DelayKind delays = DelayKind::none;
    BatchOrder order = BatchOrder::forward;
    bool is_aligned = false;  ///< the sides start each instance together

    bool operator==(const BatchPlan&) const = default;
};

/// The plans that a check rotates through. Their union finds more than any of them: which one
/// shows a bug depends on the bug and on the machine (Alglave, Maranget, Sarkar, Sewell: Litmus:
/// running tests against hardware, TACAS 2011).
struct BatchRotation {
    std::vector<Placement> placements = available_placements(allowed_cpus().size());
    std::vector<DelayKind> delays{delay_kinds.begin(), delay_kinds.end()};
    std::vector<bool> alignments{false, true};
    std::vector<BatchOrder> orders{BatchOrder::forward, BatchOrder::shuffled};

    /// Placements turn fastest, orders slowest. Requires that no list is empty.
    BatchPlan plan(std::uint64_t number, std::uint64_t seed) const {
        std::uint64_t turn = number;
        const auto take = [&turn](const auto& list) {
            const std::size_t index = turn % list.size();
            turn /= list.size();
            return list[index];
        };
        BatchPlan plan{.number = number, .seed = mix(seed ^ mix(number))};
        plan.placement = take(placements);
        plan.delays = take(delays);
        plan.is_aligned = take(alignments);
        plan.order = take(orders);
        return plan;
    }
};

}  // namespace parley::stress
