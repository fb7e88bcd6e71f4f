#pragma once

#include "parley/protocols/model/role.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace parley::stress {

/// Where the two threads run.
enum class Placement : std::uint8_t {
    unpinned,         ///< anywhere, the kernel decides
    different_cores,  ///< each on a core of its own: real concurrency
    same_core,        ///< both on one core: preempted between any two instructions
};

constexpr std::string_view name_of(Placement placement) {
    constexpr std::array<std::string_view, 3> names{"unpinned", "different cores", "same core"};
    return names[static_cast<std::size_t>(placement)];
}

/// The numbers of the processors that this process may use, as it is when called.
std::vector<int> allowed_cpus();

/// The placements that exist on `cpu_count` processors: with one of them there is only `same_core`.
std::vector<Placement> available_placements(std::size_t cpu_count);

/// The processors that `party` may use. `turn` moves the pair over all processors, turn by turn:
/// over ordered pairs, so that each party gets each processor. Requires a placement that is
/// available on `cpus`.
std::vector<int> cpus_for(Placement placement, model::Party party, std::size_t turn,
                          const std::vector<int>& cpus);

/// Restricts the calling thread to `cpus`. False when the kernel refuses (the processor may have
/// gone since); the thread then stays where it was.
bool pin_this_thread(const std::vector<int>& cpus);

}  // namespace parley::stress
