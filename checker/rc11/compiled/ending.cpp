#include "parley/checker/rc11/compiled/ending.hpp"

#include <cstddef>

namespace parley::rc11 {

using Kind = Operation::Kind;

void Ending::begin(const Graph& graph) {
    graph_ = graph;
    schedule_.restart(graph_, 1);
    for (EventId event = 0; event < graph_.size(); ++event) {
        schedule_.take(graph_.at(event).thread, event);
    }
}

Answer Ending::perform(ThreadId thread, const Operation& operation) {
    if (operation.kind == Kind::join && schedule_.end(operation.child) == initial) {
        schedule_.wait_for(thread, operation.child);
        return {Answer::Kind::wait};
    }
    const auto before = static_cast<EventId>(graph_.size());
    const Value value = add(thread, operation);
    const auto after = static_cast<EventId>(graph_.size());
    for (EventId event = before; event < after; ++event) schedule_.take(thread, event);
    return {Answer::Kind::done, after - 1, value};
}

Answer::Kind Ending::block(ThreadId thread, Wait /*wait*/) {
    schedule_.block(thread);
    return Answer::Kind::wait;
}

Value Ending::add(ThreadId thread, const Operation& operation) {
    switch (operation.kind) {
        case Kind::load:
        case Kind::modify:
            return add_read(thread, operation);
        case Kind::store:
            add_write(thread, operation, truncated(operation.value, operation.bytes));
            return 0;
        case Kind::begin:
            graph_.add_other(thread, operation, schedule_.creation(thread), 0);
            return 0;
        case Kind::join:
            graph_.add_other(thread, operation, schedule_.end(operation.child), 0);
            return 0;
        case Kind::end:
        case Kind::create:
        case Kind::choose:
        case Kind::fence:
            break;
    }
    graph_.add_other(thread, operation, initial, 0);
    return 0;
}

Value Ending::add_read(ThreadId thread, const Operation& operation) {
    const EventId newest = graph_.location(operation.location).order.back();
    const Value found = graph_.at(graph_.add_read(thread, operation, newest)).value;
    if (does_write(operation, found)) add_write(thread, operation, updated(operation, found));
    return found;
}

void Ending::add_write(ThreadId thread, const Operation& operation, Value value) {
    const std::size_t end = graph_.location(operation.location).order.size();
    graph_.add_write(thread, operation, value, static_cast<std::uint32_t>(end));
}

}  // namespace parley::rc11
