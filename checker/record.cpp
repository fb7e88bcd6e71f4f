#include "parley/checker/record.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace parley::checker {

void Recorder::send(model::Party by, std::string message) {
    queues_[index_of(by)].push_back(message);
    append(by, EventKind::send, std::move(message)).number = ++sent_[index_of(by)];
}

void Recorder::receive(model::Party by, std::string message) {
    auto& queue = queues_[index_of(other(by))];
    if (!queue.empty()) queue.pop_front();
    append(by, EventKind::receive, std::move(message)).number = ++received_[index_of(other(by))];
}

void Recorder::add(model::Party by, EventKind kind, std::string what) {
    append(by, kind, std::move(what));
}

void Recorder::add(model::Party by, EventKind kind, std::string what, MemoryAccess memory) {
    append(by, kind, std::move(what)).memory = std::move(memory);
}

void Recorder::end_step(model::Party by, std::string state) {
    auto& newest = in_step_[index_of(by)];
    if (!newest) append(by, EventKind::act, "");
    events_[*newest].state = std::move(state);
    newest.reset();
}

Event& Recorder::append(model::Party by, EventKind kind, std::string what) {
    Event& event = events_.emplace_back();
    event.party = by;
    event.kind = kind;
    event.what = std::move(what);
    event.left_to_right = fmt::format("{}", fmt::join(queues_[0], " "));
    event.right_to_left = fmt::format("{}", fmt::join(queues_[1], " "));
    in_step_[index_of(by)] = events_.size() - 1;
    return event;
}

}  // namespace parley::checker
