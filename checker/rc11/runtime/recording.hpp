#pragma once

#include "parley/checker/rc11/graph.hpp"
#include "parley/checker/rc11/runtime/verify.hpp"
#include "parley/checker/rc11/runtime/wide_values.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace parley::rc11 {

/// What one execution of compiled code does, step by step, taken down while it runs and put into
/// words afterwards.
class Recording {
 public:
    /// Where something is, for people: of the heap and of stacks also what it is a part of.
    struct Object {
        enum class Kind : std::uint8_t { none, elsewhere, heap, stack };
        Kind kind = Kind::none;
        std::uintptr_t address = 0;
        std::uintptr_t begin = 0;  ///< heap: of its block
        ThreadId owner = 0;        ///< stack
    };

    /// An operation that the engine knows of: the last event of `thread`, or the last two.
    /// `part_of`: what it belongs to, as in "lock"; or empty.
    void add_operation(const Graph& graph, ThreadId thread, const Object& object, const void* place,
                       std::string_view part_of);
    /// A use of plain memory, which is of interest when a race comes of it.
    void add_use(ThreadId thread, bool is_write, std::size_t bytes, const Object& object,
                 const void* place);
    /// Memory that `object`s may be in later.
    void add_allocation(std::uintptr_t begin, std::size_t bytes, const void* place);
    void add_release(ThreadId thread, std::size_t bytes, const Object& object, const void* place);
    /// What `thread` does breaks a property.
    void fail(ThreadId thread, const void* place);

    std::vector<Step> steps(const WideValues& wide_values) const;

 private:
    enum class Kind : std::uint8_t { operation, use, release, failure };
    struct Entry {
        Kind kind = Kind::operation;
        ThreadId thread = 0;
        Event event{};          ///< operation: its last one
        Value found = 0;        ///< what a read-modify-write has read
        bool is_write = false;  ///< use
        std::size_t bytes = 0;
        Object object{};
        const void* place = nullptr;
        std::string_view part_of{};
        bool is_stale = false;  ///< there was something newer than what was read:
        Value newest = 0;
        EventId newest_event = initial;  ///< in the graph of this execution
        EventId own_event = initial;
    };
    struct Allocation {
        std::size_t bytes = 0;
        const void* place = nullptr;
    };
    class Words;

    bool touches(const Entry& entry, const Entry& last) const;
    std::vector<Entry> worth_telling() const;

    std::vector<Entry> entries_;
    std::map<std::uintptr_t, Allocation> allocations_;  ///< by address
};

}  // namespace parley::rc11
