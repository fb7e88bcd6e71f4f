#include "parley/checker/record.hpp"

#include <fmt/format.h>

#include <utility>

namespace parley::checker {

namespace {

std::string contents(const auto& queue) {
    std::string text;
    for (const auto& message : queue) text += (text.empty() ? "" : " ") + message.text;
    return text;
}

}  // namespace

void Recorder::send(model::Party by, std::string message) {
    const int number = ++sent_[index_of(by)];
    queues_[index_of(by)].push_back({number, message});
    append(by, EventKind::send, std::move(message)).number = number;
}

void Recorder::receive_at(std::size_t position, model::Party by, std::string message) {
    auto& queue = queues_[index_of(other(by))];
    int& newest = received_[index_of(other(by))];
    newest = position < queue.size() ? queue[position].number : newest + 1;
    if (position < queue.size()) {
        queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(position));
    }
    append(by, EventKind::receive, std::move(message)).number = newest;
}

void Recorder::lose(model::Party by) {
    auto& queue = queues_[index_of(by)];
    const Message message = queue.front();
    queue.pop_front();
    note_fault(by, message, "is lost");
}

void Recorder::duplicate(model::Party by) {
    auto& queue = queues_[index_of(by)];
    queue.push_back(queue.front());
    note_fault(by, queue.front(), "is doubled");
}

void Recorder::postpone(model::Party by) {
    auto& queue = queues_[index_of(by)];
    queue.push_back(queue.front());
    queue.pop_front();
    note_fault(by, queue.back(), "is overtaken");
}

void Recorder::note_fault(model::Party by, const Message& message, std::string_view what) {
    append(by, EventKind::note, fmt::format("{} {}", message.text, what));
    in_step_[index_of(by)].reset();
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
    event.left_to_right = contents(queues_[0]);
    event.right_to_left = contents(queues_[1]);
    in_step_[index_of(by)] = events_.size() - 1;
    return event;
}

}  // namespace parley::checker
