#pragma once

#include "parley/checker/rc11/clocks.hpp"
#include "parley/checker/rc11/operation.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace parley::rc11 {

/// The place of an event in the order in which the events of a graph were added.
using EventId = std::uint32_t;
/// As the source of a read: the location's initial value.
inline constexpr EventId initial = UINT32_MAX;

struct Event {
    enum class Kind : std::uint8_t { read, write, other };

    Kind kind = Kind::other;
    Order order = Order::relaxed;  ///< the one that counts: a failed compare_exchange has another
    ThreadId thread = 0;
    std::uint32_t index = 0;     ///< in its thread
    std::uint32_t position = 0;  ///< write: in the modification order
    EventId source = initial;    ///< read: the write; begin: the creation; join: the child's end
    Value value = 0;             ///< read or written; chosen
    Operation operation;         ///< what it is, or is half of

    bool is_read() const { return kind == Kind::read; }
    bool is_write() const { return kind == Kind::write; }
    bool is_access() const { return kind != Kind::other; }
    bool is_plain() const { return is_access() && order == Order::plain; }
    bool is_fence() const { return operation.kind == Operation::Kind::fence; }
    bool is_seq_cst() const { return order == Order::seq_cst && (is_access() || is_fence()); }
    /// The write of a read-modify-write; its read is the event before it in its thread.
    bool is_update() const { return is_write() && operation.kind == Operation::Kind::modify; }
};

/// What the graph knows of one location.
struct Location {
    Value initial_value = 0;
    bool has_plain = false;                      ///< some access is not atomic
    std::vector<EventId> order{initial};         ///< modification order
    std::vector<std::vector<EventId>> accesses;  ///< by thread, in program order
};

/// An execution graph: events with program order, reads-from and modification order, and the vector
/// clocks that follow from them: happens-before with the release sequences of C++20, and porf.
///
/// Invariant: only events that are maximal in porf are added, attached or taken away, so that no
/// clock of another event ever changes. The modification order is as long as the graph has writes
/// to that location, plus the initial value at its beginning.
///
/// Limits: an access touches one location, whole.
class Graph {
 public:
    /// Empties the graph; locations keep their initial values.
    void clear(std::size_t threads);
    void set_initial_value(LocationId location, Value value);

    std::size_t size() const { return events_.size(); }
    const Event& at(EventId event) const { return events_[event]; }
    std::span<const EventId> thread(ThreadId thread) const {
        return thread < threads_.size() ? std::span<const EventId>(threads_[thread])
                                        : std::span<const EventId>();
    }
    std::size_t threads() const { return threads_.size(); }
    const Location& location(LocationId location) const { return locations_[location]; }
    std::size_t locations() const { return locations_.size(); }
    /// The seq_cst accesses and fences, in no particular order.
    std::span<const EventId> seq_cst() const { return seq_cst_; }

    ConstClock seen(EventId event, Seen seen) const { return clocks_.at(event, seen); }
    /// What the next event of a thread has seen before it does anything: the clock of the thread's
    /// last event, empty when it has none.
    ConstClock seen_by(ThreadId thread, Seen seen) const;
    /// The clock of the event before this one in its thread, empty when it is the first.
    ConstClock seen_before(EventId event, Seen seen) const;
    /// `clock` covers the event.
    bool is_covered(EventId event, ConstClock clock) const {
        const Event& e = events_[event];
        return e.thread < clock.size() && e.index < clock[e.thread];
    }
    bool happens_before(EventId before, EventId after) const {
        return before != after && is_covered(before, seen(after, Seen::happens_before));
    }

    /// Position in the modification order of a write, or of what a read reads.
    std::uint32_t position(EventId event) const;
    /// Orders the accesses of a location by eco: x before y when key(x) < key(y).
    std::uint32_t eco_key(EventId event) const;
    Value value_of(LocationId location, EventId source) const;
    Value final_value(LocationId location) const;
    /// The write of the read-modify-write that reads the write at `position`, if there is one.
    std::optional<EventId> update_after(LocationId location, std::uint32_t position) const;
    /// A successful read of a read-modify-write at the end of its thread: its write is missing.
    std::optional<EventId> half_update(ThreadId thread) const;
    /// The last access of `thread` to `location` among its first `before` events.
    std::optional<EventId> last_access(LocationId location, ThreadId thread,
                                       std::uint32_t before) const;

    EventId add_read(ThreadId thread, const Operation& operation, EventId source);
    EventId add_write(ThreadId thread, const Operation& operation, Value value,
                      std::uint32_t position);
    /// Fences, choices (with what was chosen) and the events of threads (with their source).
    EventId add_other(ThreadId thread, const Operation& operation, EventId source, Value value);

    /// Takes away all events from `size` on.
    void cut(std::size_t size);
    /// Takes a read out, but for its place in the order of addition and in its thread.
    void detach(EventId read);
    /// Puts it back, reading from `source`.
    void attach(EventId read, EventId source);
    /// Becomes what is left of `from` when `read` is to read from an event with this porf prefix:
    /// the events up to `read`, which is detached, and those of the prefix.
    void restrict(const Graph& from, EventId read, ConstClock prefix);

 private:
    EventId append(Event event);
    void link(EventId event);
    void unlink(EventId event);
    void renumber(Location& location, std::size_t from);
    void compute_clocks(EventId event);
    void compute_read(EventId event);
    void compute_write(EventId event);
    void compute_other(EventId event);
    void set_read(Event& event, EventId source);
    std::vector<EventId>& accesses(LocationId location, ThreadId thread);

    std::vector<Event> events_;
    Clocks clocks_;
    std::vector<std::vector<EventId>> threads_;
    std::vector<Location> locations_;
    std::vector<EventId> seq_cst_;
    std::vector<EventId> renamed_;  ///< restrict: scratch
};

}  // namespace parley::rc11
