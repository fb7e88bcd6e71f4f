#pragma once

#include "parley/checker/coverage.hpp"
#include "parley/checker/memory_log.hpp"
#include "parley/checker/memory_text.hpp"
#include "parley/checker/record.hpp"
#include "parley/checker/trace.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace parley::checker {

/// What outlives the runs of a search over real queues.
struct Campaign {
    std::optional<Violation> violation;  ///< of the witness, in the failing run
    std::uint64_t sent_kinds = 0;        ///< see Witness
    std::uint64_t ends = 0;              ///< runs that came to their end
    std::optional<Coverage> coverage;    ///< none: nothing is counted
    Recorder* recorder = nullptr;        ///< null: nothing is taken down
    MemoryLog* log = nullptr;
    QueueNames names;  ///< of the current run
    std::size_t logged = 0;

    /// Moves what the memory log has got since the last call to the recorder.
    void take_down() {
        if (recorder == nullptr) [[likely]]
            return;
        for (; logged < log->size(); ++logged) record_memory(*recorder, (*log)[logged], names);
    }
};

}  // namespace parley::checker
