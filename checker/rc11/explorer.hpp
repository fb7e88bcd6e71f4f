#pragma once

#include "parley/checker/rc11/execution.hpp"
#include "parley/checker/rc11/graph.hpp"
#include "parley/checker/rc11/units.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace parley::rc11 {

/// How an execution ended.
enum class Ending : std::uint8_t {
    complete,  ///< each thread has come to its end
    blocked,   ///< some thread waits
};

struct ExploreOptions {
    std::uint64_t executions_max = UINT64_MAX;  ///< complete and blocked ones
    std::size_t events_max = 100'000;           ///< of one execution
    const std::atomic<bool>* stop = nullptr;    ///< set when the user has had enough
    /// Also executions in which a thread waits although there is something newer to read.
    bool takes_all_waits = false;
    Units* units = nullptr;         ///< null: the search is undivided
    std::uint32_t units_level = 4;  ///< how far from the root subtrees are units
    /// Called at the end of each execution, with the program as it is then.
    std::function<void(const Graph&, Ending)> on_end;
};

/// Two accesses that race, the one that was added later second.
struct Race {
    Event first;
    Event second;
};

struct ExploreResult {
    std::uint64_t complete = 0;
    std::uint64_t blocked = 0;
    std::uint64_t failures = 0;  ///< executions that break a property of the program
    std::string failure;         ///< the first of these properties
    std::optional<Race> race;    ///< the first one
    std::string limit;           ///< why the search ended early; empty: it is complete
};

/// Runs `program` once for each execution that RC11 allows, in the sense of consistency.hpp.
///
/// The algorithm is TruSt (Kokologiannakis, Marmanis, Gladstein, Vafeiadis, Truly stateless,
/// optimal dynamic partial order reduction, POPL 2022): each consistent graph exactly once, in
/// memory that does not grow with the number of executions. We differ in that the two halves of a
/// read-modify-write are added together, the second one from the operation as data. Races and
/// failures do not end the search: the counts are of all executions.
///
/// Of the executions in which a thread waits, most are left out (after Kokologiannakis, Marmanis,
/// Vafeiadis, Unblocking dynamic partial order reduction, CAV 2023; see delays.hpp). All are taken
/// in which each thread that waits has read the newest there is.
///
/// Throws InputError when the program does not do the same again when it is run again.
ExploreResult explore(Program& program, const ExploreOptions& options = {});

}  // namespace parley::rc11
