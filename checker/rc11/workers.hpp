#pragma once

#include "parley/checker/rc11/units.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

/// A search that is shared among processes. Each goes through the units of the search and takes the
/// next one that nobody has taken: what is found, and where, does not depend on how many there are.
namespace parley::rc11 {

/// What was found out in a unit, as bytes.
using UnitBytes = std::vector<std::byte>;

/// How a search in a worker process ended.
enum class WorkerEnd : std::uint8_t {
    done,         ///< all of it has been looked at
    stopped,      ///< something in the unit that it was in ends the search: a failure or a limit
    interrupted,  ///< from outside
};

struct SharedSearch {
    unsigned processes = 1;
    /// Whether the search is ended from outside: asked in the calling process, for all of them.
    std::function<bool()> is_stopped = [] { return false; };
    /// Which units are looked at at all.
    std::function<bool(std::uint64_t unit)> is_wanted;
    /// In a process of its own: the search. It asks `units` and ends when `stop` says so.
    std::function<WorkerEnd(Units& units, const std::function<bool()>& stop)> search;
    /// There: a unit begins, and what has been found out in it.
    std::function<void()> begin_unit;
    std::function<UnitBytes()> end_unit;
    /// In the calling process, for each unit that has been looked at to its end, in any order.
    std::function<void(std::uint64_t unit, const UnitBytes&)> take;
};

struct SharedEnd {
    std::uint64_t units = 0;                  ///< how many there are, when the search is done
    std::optional<std::uint64_t> stopped_at;  ///< the first unit that ends the search
    bool is_interrupted = false;
    /// A worker process that was ended by a signal, and the unit that it was in.
    struct Lost {
        int signal = 0;
        std::uint64_t unit = 0;
    };
    std::optional<Lost> lost;
};

/// Throws InternalError where the processes do not come to the same units.
SharedEnd search_shared(const SharedSearch& search);

}  // namespace parley::rc11
