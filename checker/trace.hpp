#pragma once

#include "parley/checker/choice.hpp"
#include "parley/protocols/model/role.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley::checker {

/// A property that did not hold.
struct Violation {
    std::string property;  ///< the name of a monitor, or one of specs::model::property
    std::string sentence;  ///< what must hold
    std::string detail;    ///< what was seen instead; may be empty

    bool operator==(const Violation&) const = default;
};

enum class EventKind : std::uint8_t {
    send,     ///< `what` was put into the outgoing queue
    refuse,   ///< `what` was not sent: the queue was full
    receive,  ///< `what` was taken from the inbox and handled
    act,      ///< a step of the script in which nothing was sent
    make,     ///< object `what` was made
    access,   ///< object `what` was touched
    destroy,  ///< object `what` was destroyed
    reject,   ///< the role did not expect message `what`
    load,     ///< an atomic load of `memory`
    store,    ///< an atomic store to `memory`
    modify,   ///< an atomic read-modify-write of `memory`
    fence,    ///< a fence
    plain,    ///< an access to memory that only one thread may touch at a time
    note,     ///< anything else worth a line
};

/// The memory-level part of an event.
struct MemoryAccess {
    std::string variable;
    std::string order;  ///< as in C++: "relaxed", "acquire", ...
    std::string value;
    std::string newest;  ///< of a load that read an older store: what it could have read
    std::string file;
    int line = 0;

    bool operator==(const MemoryAccess&) const = default;
};

/// One readable event of a run.
struct Event {
    model::Party party = model::Party::left;
    EventKind kind = EventKind::note;
    std::string what;
    /// Receives and sends: the number of the message in its queue, counted from 1; pairs the two.
    int number = 0;
    /// State of the acting party's role after the step, on the last event of the step.
    std::string state;
    /// Contents of both queues after the event, head first; empty texts are empty queues.
    std::string left_to_right;
    std::string right_to_left;
    std::optional<MemoryAccess> memory;

    bool operator==(const Event&) const = default;
};

/// One end of a data race, or of an access to memory that is gone.
struct RaceEnd {
    std::string access;              ///< "write of 8 bytes by right"
    std::vector<std::string> stack;  ///< "function file:line", innermost first

    bool operator==(const RaceEnd&) const = default;
};

/// A run as a list of readable events: what every engine hands to every renderer.
struct Trace {
    static constexpr int version = 1;

    std::string protocol;
    std::string mutant;  ///< empty: the original
    std::string engine;
    std::string scheduler;  ///< whose rules the choices were made under; may be empty
    std::string left;       ///< role names
    std::string right;
    std::vector<std::pair<std::string, int>> bounds;
    std::uint64_t seed = 0;
    Choices choices;  ///< empty when the run cannot be replayed by choices
    Violation violation;
    std::vector<Event> events;
    /// Of a run without end: the number of events before the part that is repeated for ever.
    std::optional<std::size_t> loop_begin;
    std::vector<RaceEnd> race;

    bool operator==(const Trace&) const = default;
};

}  // namespace parley::checker
