#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace parley::checker {

/// The number of a thread under check; code before the threads start and after they end has none.
using ThreadIndex = std::uint8_t;
inline constexpr ThreadIndex no_thread = 2;

enum class MemoryOperation : std::uint8_t {
    load,
    store,
    modify,  ///< a read-modify-write, a successful compare-exchange included
    fence,
    plain,  ///< an access to a cell
    make_object,
    access_object,
    destroy_object,
};

/// How many variables a channel has: two for each message, that it is sent and that it is taken.
inline constexpr std::uint32_t channel_variables = std::uint32_t{1} << 20;

/// One access to shared memory.
///
/// Variables and objects are numbered in the order in which a run makes them, each for itself, so
/// the numbers are those of the program and not of the heap. The stores to a variable are numbered
/// in its modification order, from 0 for its initial value.
struct MemoryEvent {
    ThreadIndex thread = no_thread;
    MemoryOperation operation = MemoryOperation::load;
    std::memory_order order = std::memory_order_seq_cst;
    std::uint32_t variable = 0;      ///< of the atomic, cell or object; 0 for a fence
    std::uint64_t value = 0;         ///< read or written; of a pointer only whether it is null
    std::uint64_t newest_value = 0;  ///< what a load could have read
    std::uint32_t store = 0;         ///< the store that was read or made
    std::uint32_t newest_store = 0;  ///< the newest store there was then
    std::string_view file = {};
    std::uint32_t line = 0;

    bool is_stale() const { return store != newest_store; }
    bool operator==(const MemoryEvent&) const = default;
};

/// All accesses of one run in the order in which they happened. A run that fails leaves its log
/// behind up to and with the access that failed.
using MemoryLog = std::vector<MemoryEvent>;

/// The two accesses of a data race, in the order in which they happened.
struct RacePair {
    MemoryEvent first;
    MemoryEvent second;
};

/// The race that ended a run, from its log: its last access and the last one before it by another
/// thread to the same cell or object. None if the last access is not to a cell or object.
std::optional<RacePair> race_at_end(const MemoryLog& log);

}  // namespace parley::checker
