#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/trace.hpp"

#include <atomic>
#include <optional>
#include <vector>

namespace parley::checker {

/// What became of a run that was recorded when the code may have been another.
struct Reproduction {
    /// Of the run by its choices; of the run by its messages, if there is one. Without a trace:
    /// there was nothing to run.
    Report report;
    bool is_by_messages = false;    ///< no run by its choices fails, but one with its messages does
    std::optional<Trace> diverged;  ///< then: what its choices lead to now, if it has any
};

/// Runs `recorded` once more. By its choices first, if its engine takes any: that is exact as long
/// as nothing has changed. If this does not fail, explore looks for an interleaving in which each
/// party sends and receives what it did and that fails: names of messages outlive a change
/// elsewhere that moves the indices of choices.
///
/// Throws InputError when there is no such protocol, engine, mutant or bound.
Reproduction reproduce(const std::vector<ProtocolEntry>& catalog, const Trace& recorded,
                       const std::atomic<bool>* stop = nullptr);

}  // namespace parley::checker
