#pragma once

#include "parley/checker/record.hpp"
#include "parley/checker/relacy/memory_log.hpp"
#include "parley/checker/trace.hpp"

#include <cstdint>
#include <optional>

namespace parley::checker::relacy {

/// What outlives the runs of a simulation.
struct Campaign {
    std::optional<Violation> violation;  ///< of the witness, in the failing run
    std::uint64_t sent_kinds = 0;        ///< see Witness
    std::uint64_t ends = 0;              ///< runs that came to their end
    Recorder* recorder = nullptr;
    MemoryLog* log = nullptr;
};

}  // namespace parley::checker::relacy
