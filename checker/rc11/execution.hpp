#pragma once

#include "parley/checker/rc11/graph.hpp"
#include "parley/checker/rc11/operation.hpp"
#include "parley/checker/require.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace parley::rc11 {

/// What the engine says to an operation: two words without gaps, which come back in registers.
struct Answer {
    enum class Kind : std::uint32_t {
        done,   ///< the thread goes on, with `value`
        wait,   ///< not now: to be asked again when next_thread() names the thread
        leave,  ///< the execution is over: run() returns
    };
    Kind kind = Kind::done;
    EventId event = initial;  ///< the last one that is the operation's
    Value value = 0;          ///< load, modify: what was read; choose: an index below the count
};
static_assert(sizeof(Answer) == 16);

/// Why a thread goes no further.
enum class Wait : std::uint8_t {
    for_good,      ///< whatever comes
    on_last_read,  ///< with what its last event, a read, has read; it may go on with anything newer
    takes_again,   ///< the same, and nothing has changed since that read: it can take it again
};

/// One execution of a program, as the program sees it: it asks which thread goes on, runs that
/// thread up to its next operation, and asks for the operation.
///
/// A thread's first operation is `begin` and its last one is `end`; thread 0, and as many as the
/// program says, are there from the start, others from their `create` on. A thread may go on with
/// one operation after another without asking for its turn as long as they are done.
class Execution {
 public:
    virtual ~Execution() = default;

    /// The thread whose turn it is; none: the execution is over.
    virtual std::optional<ThreadId> next_thread() = 0;
    virtual Answer perform(ThreadId thread, const Operation& operation) = 0;
    /// The thread waits for something that does not come about: an assumption does not hold.
    /// Done: the thread, which takes it again, has not taken its last event, and goes on.
    virtual Answer::Kind block(ThreadId thread, Wait wait) = 0;
    /// The program breaks a property of its own.
    virtual void fail(ThreadId thread, const std::string& property) = 0;
    virtual const Graph& graph() const = 0;

    /// For programs that find out about threads and locations only when they run.
    /// The number for a thread that `creator` is about to create.
    virtual ThreadId new_thread(ThreadId creator) = 0;
    /// Of a location that nothing in this execution has touched so far.
    virtual void set_initial_value(LocationId location, Value value) = 0;
    /// The last event of `thread` in this execution; it has begun.
    virtual EventId last_event(ThreadId thread) const = 0;
};

/// Code under check: whatever can be run again from the start and asks for each operation on shared
/// memory. What it does may depend on nothing but the answers.
class Program {
 public:
    virtual ~Program() = default;

    /// How many threads are there from the start.
    virtual std::size_t initial_threads() const { return 1; }
    /// The graph, empty: the place for initial values.
    virtual void prepare(Graph& graph) = 0;
    /// Runs from the start until next_thread() names none, or an answer says `leave`.
    virtual void run(Execution& execution) = 0;

    // A program may know how to go back to where it was, which saves running up to there again.

    /// Keeps what it has come to, from next_thread(), as state number `slot`, whatever that was
    /// before. False: not now; then the slot holds nothing.
    virtual bool save(std::size_t /*slot*/) { return false; }
    /// As run(), but from a state that has been kept, with the graph having changed since: all that
    /// had happened by then is in it, as it was.
    virtual void resume(Execution& /*execution*/, std::size_t /*slot*/) {
        checker::require(false, "only what has been kept is gone back to");
    }
};

}  // namespace parley::rc11
