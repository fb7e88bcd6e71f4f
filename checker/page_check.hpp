#pragma once

#include "parley/checker/report.hpp"
#include "parley/checker/trace.hpp"
#include "parley/specs/model/page.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker {

/// What reports call the check of a page.
inline constexpr std::string_view page_engine = "page";

/// What a check saw of one queue.
struct QueueUse {
    std::size_t capacity = 0;
    std::size_t largest = 0;     ///< most messages at once
    bool is_in_the_way = false;  ///< a send had to wait for room

    bool operator==(const QueueUse&) const = default;
};

/// From which capacity on a bigger queue changes nothing.
struct CapacityAnswer {
    std::size_t tried_max = 0;  ///< capacities from 1 to this one were looked at
    /// Smallest capacity with which no send ever waits for room: all larger queues have exactly the
    /// same runs.
    std::optional<std::size_t> exact;
    /// Smallest k for which the page is k-exhaustive: wherever a party may send, the other one
    /// alone can make the room (Lange and Yoshida, Verifying asynchronous interactions via
    /// communicating session automata, CAV 2019).
    std::optional<std::size_t> exhaustive;
    /// Why the theorem of that paper, that automata then behave the same with larger queues, does
    /// not apply; empty: it does. It asks for deterministic automata without mixed states over
    /// plain FIFOs.
    std::string side_condition;
};

/// All that a check of a page alone says.
struct PageReport {
    std::string file;
    Report report;  ///< with the trace of the first finding
    /// What went wrong, each with a shortest run; of those that say the same, one.
    std::vector<Trace> findings;
    std::size_t hidden_findings = 0;     ///< more of them that were left out
    std::vector<std::string> unreached;  ///< what the page lists and no run reaches
    bool is_dual = true;                 ///< each party receives just what the other one sends
    std::optional<bool> can_finish;      ///< from everywhere; none: not all was looked at
    std::vector<std::string> mixed;      ///< states that may send as well as receive
    /// A shortest run to where messages are under way in both directions (none: half-duplex, as in
    /// Cécé and Finkel, Verification of programs with half-duplex communication, Information and
    /// Computation 2005).
    std::optional<Trace> crossing;
    std::array<QueueUse, 2> queues;  ///< by sender
    CapacityAnswer capacity;
};

/// Checks the two automata of a page against each other, without any code: every run over two
/// bounded FIFOs. `capacity`, where it is given, is used for both queues.
PageReport check_page(const specs::model::Page& page, const CheckOptions& options,
                      std::optional<std::size_t> capacity = std::nullopt);

}  // namespace parley::checker
