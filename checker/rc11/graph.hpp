#pragma once

#include "parley/checker/rc11/clocks.hpp"
#include "parley/checker/rc11/operation.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
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
    std::vector<std::vector<EventId>> accesses;  ///< by thread, of all threads, in program order
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
        return thread < threads() ? std::span<const EventId>(threads_[thread])
                                  : std::span<const EventId>();
    }
    /// The width of the clocks, which takes no division.
    std::size_t threads() const { return clocks_.width(); }
    const Location& location(LocationId location) const { return locations_[location]; }
    std::size_t locations() const { return locations_.size(); }
    /// The seq_cst accesses and fences, in no particular order.
    std::span<const EventId> seq_cst() const { return seq_cst_; }

    ConstClock seen(EventId event, Seen seen) const { return clocks_.at(event, seen); }
    /// What the next event of a thread has seen before it does anything: the clock of the thread's
    /// last event, empty when it has none.
    ConstClock seen_by(ThreadId thread, Seen seen) const {
        const auto events = this->thread(thread);
        return events.empty() ? ConstClock{} : clocks_.at(events.back(), seen);
    }
    /// The read of the read-modify-write whose write this is.
    const Event& read_of(const Event& update) const {
        return events_[threads_[update.thread][update.index - 1]];
    }
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
    std::uint32_t position(EventId event) const {
        if (event == initial) return 0;
        const Event* e = &events_[event];
        if (!e->is_write()) {
            if (e->source == initial) return 0;
            e = &events_[e->source];
        }
        return e->position;
    }
    /// Orders the accesses of a location by eco: x before y when key(x) < key(y).
    std::uint32_t eco_key(EventId event) const;
    Value value_of(LocationId location, EventId source) const;
    Value final_value(LocationId location) const;
    /// The write of the read-modify-write that reads the write at `position`, if there is one.
    std::optional<EventId> update_after(LocationId location, std::uint32_t position) const {
        const std::vector<EventId>& order = locations_[location].order;
        if (position + 1 >= order.size() || !events_[order[position + 1]].is_update()) {
            return std::nullopt;
        }
        return order[position + 1];
    }
    /// A successful read of a read-modify-write at the end of its thread: its write is missing.
    std::optional<EventId> half_update(ThreadId thread) const;
    /// The last access of `thread` to `location` among its first `before` events.
    std::optional<EventId> last_access(LocationId location, ThreadId thread,
                                       std::uint32_t before) const {
        const std::vector<EventId>& all = locations_[location].accesses[thread];
        for (auto access = all.rbegin(); access != all.rend(); ++access) {
            if (events_[*access].index < before) return *access;
        }
        return std::nullopt;
    }

    EventId add_read(ThreadId thread, const Operation& operation, EventId source);
    EventId add_write(ThreadId thread, const Operation& operation, Value value,
                      std::uint32_t position);
    /// Fences, choices (with what was chosen) and the events of threads (with their source).
    EventId add_other(ThreadId thread, const Operation& operation, EventId source, Value value);

    /// Takes away all events from `size` on.
    void cut(std::size_t size);
    /// Takes a read out, but for its place in the order of addition and in its thread. There can be
    /// one at a time.
    void detach(EventId read);
    /// Puts it back, reading from `source`.
    void attach(EventId source);
    bool is_detached() const { return detached_ != initial; }

    /// What restrict() has taken out or changed, from the read on.
    struct Rest {
        std::vector<Event> events;
        Clocks::Copies clocks;
        std::vector<LocationId> locations;  ///< those that the events write to
        std::vector<EventId> order;         ///< the modification orders of these, one after another
        std::vector<std::size_t> order_ends;
        std::size_t old_values_begin = 0;
    };
    /// Becomes what is left when `read` is to read from an event with this porf prefix: the events
    /// up to `read`, which is detached, and those of the prefix. That takes as long as there are
    /// events after the read.
    void restrict(EventId read, ConstClock prefix, Rest& rest);
    /// Becomes the first `size` events of what it was before it was restricted, `read` at least.
    /// An event may be left with a source that is not there: it has to be detached next.
    void restore(EventId read, const Rest& rest, std::size_t size);

 private:
    EventId newest() const { return static_cast<EventId>(events_.size() - 1); }
    EventId append(ThreadId thread, const Operation& operation);
    EventId append_copy(const Rest& rest, std::size_t index);
    void link_read(EventId id, const Event& read);
    EventId last_of_writer(EventId write) const;
    void link_write(EventId id, const Event& write);
    void link_other(EventId id, const Event& other);
    static void link_access(Location& location, EventId id, const Event& access);
    void put_into_order(Location& location, EventId write, std::uint32_t position);
    void begin_clocks(EventId id, const Event& event, EventId before);
    void note_order(EventId id, const Event& event);
    void unlink(EventId event);
    void renumber(Location& location, std::size_t from);
    void copy_rest(EventId first, Rest& rest) const;
    void restore_values();
    /// Gives locations the order that they had, of the events that `rename` knows.
    void put_orders(const Rest& rest, auto&& rename);
    void set_read(Event& read, EventId source);
    void widen(std::size_t threads);

    std::vector<Event> events_;
    Clocks clocks_;
    std::vector<std::vector<EventId>> threads_;
    std::vector<Location> locations_;
    std::vector<EventId> seq_cst_;
    EventId detached_ = initial;
    /// Initial values that have changed since the graph was restricted, as they were before.
    std::vector<std::pair<LocationId, Value>> old_values_;
    std::size_t old_values_begin_ = 0;   ///< of those since it was restricted last
    std::size_t restrictions_ = 0;       ///< that have not been undone
    std::vector<EventId> renamed_;       ///< restrict: scratch
    std::vector<std::uint32_t> prefix_;  ///< restrict: scratch
};

}  // namespace parley::rc11
