#include "parley/checker/rc11/compiled/ending.hpp"

#include <algorithm>

namespace parley::rc11 {

using Kind = Operation::Kind;

void Ending::begin(const Graph& graph) {
    graph_ = graph;
    threads_.assign(graph_.threads(), {});
    for (ThreadId thread = 0; thread < threads_.size(); ++thread) {
        const auto events = graph_.thread(thread);
        if (events.empty()) continue;
        threads_[thread].has_ended = graph_.at(events.back()).operation.kind == Kind::end;
    }
}

bool Ending::is_open(const Thread& thread) const {
    return !thread.has_ended && !thread.is_blocked &&
           (!thread.joins || threads_[*thread.joins].has_ended);
}

std::optional<ThreadId> Ending::next_thread() {
    const auto open =
        std::ranges::find_if(threads_, [&](const Thread& thread) { return is_open(thread); });
    if (open == threads_.end()) return std::nullopt;
    return static_cast<ThreadId>(open - threads_.begin());
}

Answer Ending::perform(ThreadId thread, const Operation& operation) {
    if (operation.kind == Kind::join) {
        threads_[thread].joins = operation.child;
        if (!is_open(threads_[thread])) return {Answer::Kind::wait};
    }
    const Value value = add(thread, operation);
    return {Answer::Kind::done, static_cast<EventId>(graph_.size() - 1), value};
}

Answer::Kind Ending::block(ThreadId thread, Wait /*wait*/) {
    threads_[thread].is_blocked = true;
    return Answer::Kind::wait;
}

ThreadId Ending::new_thread(ThreadId /*creator*/) {
    threads_.emplace_back();
    return static_cast<ThreadId>(threads_.size() - 1);
}

Value Ending::add(ThreadId thread, const Operation& operation) {
    EventId source = initial;
    switch (operation.kind) {
        case Kind::load:
        case Kind::modify:
            return add_read(thread, operation);
        case Kind::store:
            add_write(thread, operation, truncated(operation.value, operation.bytes));
            return 0;
        case Kind::begin:
            source = threads_[thread].creation;
            break;
        case Kind::join:
            threads_[thread].joins.reset();
            source = graph_.thread(operation.child).back();
            break;
        case Kind::end:
            threads_[thread].has_ended = true;
            break;
        case Kind::create:
        case Kind::choose:
        case Kind::fence:
            break;
    }
    const EventId added = graph_.add_other(thread, operation, source, 0);
    if (operation.kind == Kind::create) threads_[operation.child].creation = added;
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
