#pragma once

#include "parley/checker/trace.hpp"

#include <string>
#include <utility>

/// Traces to draw, write and read.
namespace parley::tests {

using checker::Event;
using checker::EventKind;
using checker::MemoryAccess;
using checker::Trace;
using model::Party;

inline Event event(Party party, EventKind kind, std::string what, std::string state = "",
                   int number = 0) {
    Event event;
    event.party = party;
    event.kind = kind;
    event.what = std::move(what);
    event.state = std::move(state);
    event.number = number;
    return event;
}

inline Event memory_event(Party party, EventKind kind, std::string what, MemoryAccess memory) {
    Event event = tests::event(party, kind, std::move(what));
    event.memory = std::move(memory);
    return event;
}

inline Trace empty_trace() {
    Trace trace;
    trace.protocol = "one_shot";
    trace.mutant = "late_cancel_hits_next_arm";
    trace.engine = "explore";
    trace.left = "requester";
    trace.right = "notifier";
    trace.bounds = {{"capacity", 2}, {"rounds", 2}};
    trace.seed = 7;
    return trace;
}

/// Cancel crosses Fired, and is applied to the next Arm.
inline Trace crossing_trace() {
    using enum EventKind;
    Trace trace = empty_trace();
    trace.choices = {{2, 0}, {2, 1}, {3, 2}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {40, 39}};
    trace.violation = {"cancelled only when asked",
                       "an outcome Cancelled answers a Cancel of the same arm",
                       "Cancelled(round=2) answers no Cancel(round=2)"};
    const Party left = Party::left;
    const Party right = Party::right;
    trace.events = {
        event(left, make, "#1"),
        event(left, access, "#1"),
        event(left, send, "Arm(round=1, completion=#1)", "armed round=1", 1),
        event(right, receive, "Arm(round=1, completion=#1)", "armed round=1 completion=#1", 1),
        event(right, send, "Fired(round=1, completion=#1)", "idle round=1 completion=none", 1),
        event(left, send, "Cancel(round=1)", "cancelling round=1", 2),
        event(left, receive, "Fired(round=1, completion=#1)", "idle round=1", 1),
        event(left, refuse, "Arm(round=2, completion=#1)", "idle round=1"),
        event(right, receive, "Cancel(round=1)", "cancelling round=1 completion=none", 2),
        event(left, send, "Arm(round=2, completion=#1)", "armed round=2", 3),
        event(right, receive, "Arm(round=2, completion=#1)", "", 3),
        event(right, send, "Cancelled(round=2, completion=#1)", "idle round=2", 2)};
    trace.events.back().right_to_left = "Cancelled(round=2, completion=#1)";
    return trace;
}

/// A relaxed store publishes a slot: stale reads, then a race on the slot.
inline Trace race_trace() {
    using enum EventKind;
    Trace trace = empty_trace();
    trace.mutant = "relaxed_publish";
    trace.engine = "relacy";
    trace.choices = {{2, 0}, {2, 1}};
    trace.violation = {"data race", "no two parties touch the same memory at once", ""};
    const std::string file = "protocols/model/spsc_queue.hpp";
    const MemoryAccess stale{"to_notifier.tail", "acquire", "0", "1", file, 171};
    trace.events = {
        memory_event(Party::left, load, "", {"to_notifier.tail", "relaxed", "0", "", file, 140}),
        memory_event(Party::left, plain, "write",
                     {"to_notifier.slots[0]", "", "Arm(1)", "", file, 143}),
        memory_event(Party::left, store, "", {"to_notifier.tail", "relaxed", "1", "", file, 145}),
        event(Party::left, send, "Arm(round=1)", "armed", 1),
        memory_event(Party::right, load, "", stale),
        memory_event(Party::right, load, "", stale),
        memory_event(Party::right, load, "", stale),
        memory_event(Party::right, modify, "", {"count", "acq_rel", "4", "", file, 172}),
        memory_event(Party::right, fence, "", {"", "seq_cst", "", "", file, 173}),
        memory_event(Party::right, load, "", {"to_notifier.tail", "acquire", "1", "", file, 171}),
        memory_event(Party::right, plain, "read", {"to_notifier.slots[0]", "", "", "", file, 174})};
    trace.race = {{"write of 2 bytes by requester",
                   {"SpscQueue::try_push spsc_queue.hpp:143", "Requester::arm one_shot.hpp:88"}},
                  {"read of 2 bytes by notifier",
                   {"SpscQueue::try_pop spsc_queue.hpp:174", "poll endpoint.hpp:60",
                    "step script.hpp:30", "run two_threads.cpp:71", "main main.cpp:90"}}};
    return trace;
}

/// `count` times a message and its answer, then nothing moves any more.
inline Trace loop_trace(int count) {
    Trace trace = empty_trace();
    trace.violation = {"deadlock", "someone can move until both are done", "both wait"};
    for (int i = 1; i <= count; ++i) {
        trace.events.push_back(event(Party::left, EventKind::send, "Ping", "waiting", i));
        trace.events.push_back(event(Party::right, EventKind::receive, "Ping", "asked", i));
        trace.events.push_back(event(Party::right, EventKind::send, "Pong", "idle", i));
        trace.events.push_back(event(Party::left, EventKind::receive, "Pong", "idle", i));
    }
    trace.events.push_back(event(Party::left, EventKind::act, "", "idle"));
    return trace;
}

}  // namespace parley::tests
