#pragma once

#include "parley/checker/rc11/graph.hpp"
#include "parley/checker/rc11/names/call_frames.hpp"
#include "parley/checker/rc11/runtime/verify.hpp"
#include "parley/checker/rc11/runtime/wide_values.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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

    /// What a thread is in the middle of. Of one that does nothing it stays as it is.
    void note_stack(ThreadId thread, CallFrames frames);
    /// Who has the code checked: what it refers to may be in their frames.
    void note_callers(CallFrames frames) { callers_ = std::move(frames); }
    /// An operation that the engine knows of: the last event of `thread`, or the last two.
    /// `part_of`: what it belongs to, as in "lock"; or empty.
    void add_operation(const Graph& graph, ThreadId thread, const Object& object, const void* place,
                       std::string_view part_of);
    /// A use of plain memory, which is of interest when a race comes of it.
    void add_use(ThreadId thread, bool is_write, std::size_t bytes, const Object& object,
                 const void* place);
    /// Memory that `object`s may be in later.
    void add_allocation(ThreadId thread, std::uintptr_t begin, std::size_t bytes,
                        const void* place);
    void add_release(ThreadId thread, std::size_t bytes, const Object& object, const void* place);
    /// What `thread` has allocated is still there in the end. Returns the place of that.
    const void* add_leak(ThreadId thread, std::size_t bytes, const Object& object);
    /// What `thread` does breaks a property.
    void fail(ThreadId thread, const void* place);

    std::vector<Step> steps(const WideValues& wide_values) const;
    /// What atomic objects are called in steps(), by address. Empty: they have no name.
    std::map<std::uintptr_t, std::string> names_of_atomics(const WideValues& wide_values) const;

 private:
    enum class Kind : std::uint8_t { operation, use, release, leak, failure };
    struct Entry {
        Kind kind = Kind::operation;
        ThreadId thread = 0;
        Event event{};          ///< operation: its last one
        Value found = 0;        ///< what a read-modify-write has read
        bool is_write = false;  ///< use
        std::size_t bytes = 0;
        Object object{};
        std::size_t owner_stack = 0;  ///< of an object on a stack
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
        std::size_t stack = 0;
    };
    class Words;

    void add(Entry entry);
    std::size_t stack_of(ThreadId thread) const;
    std::vector<const CallFrames*> stacks_by_number() const;
    std::vector<std::string> objects(std::span<const Entry> entries,
                                     std::span<const CallFrames* const> stacks,
                                     const std::function<std::string()>& next_place) const;
    bool touches(const Entry& entry, const Entry& last) const;
    std::vector<Entry> worth_telling() const;

    std::vector<Entry> entries_;
    std::map<std::uintptr_t, Allocation> allocations_;   ///< by address
    std::map<CallFrames, std::size_t> stacks_{{{}, 0}};  ///< that there have been, with numbers
    CallFrames callers_;
    std::map<ThreadId, std::size_t> stack_of_;  ///< now
};

}  // namespace parley::rc11
