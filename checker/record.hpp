#pragma once

#include "parley/checker/trace.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::checker {

/// Takes down a run as readable events: numbers the messages of each queue and keeps what is in
/// them. Engines search without one and run the failing choices once more with it.
class Recorder {
 public:
    void send(model::Party by, std::string message);
    void receive(model::Party by, std::string message) { receive_at(0, by, std::move(message)); }
    /// As receive(), of a message that `position` others in the queue have to wait for.
    void receive_at(std::size_t position, model::Party by, std::string message);
    /// The transport does something to the oldest message that `by` has sent.
    void lose(model::Party by);
    void duplicate(model::Party by);
    void postpone(model::Party by);
    /// Any event that leaves the queues as they are.
    void add(model::Party by, EventKind kind, std::string what);
    void add(model::Party by, EventKind kind, std::string what, MemoryAccess memory);
    /// Ends a step of `by`: `state` is its role's state now. A step without an event gets one.
    void end_step(model::Party by, std::string state);
    /// Whether `by` has had an event since its last step ended.
    bool is_in_step(model::Party by) const { return in_step_[index_of(by)].has_value(); }

    const std::vector<Event>& events() const { return events_; }

 private:
    struct Message {
        int number = 0;
        std::string text;
    };

    Event& append(model::Party by, EventKind kind, std::string what);
    void note_fault(model::Party by, const Message& message, std::string_view what);

    std::vector<Event> events_;
    std::array<std::deque<Message>, 2> queues_;          ///< by sender
    std::array<int, 2> sent_{};                          ///< by sender
    std::array<int, 2> received_{};                      ///< by sender: the newest number
    std::array<std::optional<std::size_t>, 2> in_step_;  ///< by party: its newest event
};

}  // namespace parley::checker
