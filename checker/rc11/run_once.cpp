#include "parley/checker/rc11/run_once.hpp"

#include "parley/checker/rc11/consistency.hpp"
#include "parley/checker/rc11/revisits.hpp"
#include "parley/checker/require.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace parley::rc11 {

using checker::require;

namespace {

using Kind = Operation::Kind;

}  // namespace

const Event* GraphGuide::next(const Graph& graph, ThreadId thread) const {
    const std::size_t index = graph.thread(thread).size();
    const auto events = target_.thread(thread);
    return index < events.size() ? &target_.at(events[index]) : nullptr;
}

std::uint32_t GraphGuide::thread(std::span<const ThreadId> threads) {
    if (taken_ == order_.size()) return 0;
    const auto found = std::ranges::find(threads, order_[taken_++]);
    require(found != threads.end(), "a thread that has taken a step can take it again");
    return static_cast<std::uint32_t>(found - threads.begin());
}

std::uint32_t GraphGuide::source(const Graph& graph, ThreadId thread,
                                 std::span<const EventId> sources) {
    const Event* const event = next(graph, thread);
    if (event == nullptr) return 0;
    const auto is_same = [&](EventId source) {
        if (source == initial || event->source == initial) return source == event->source;
        const Event& wanted = target_.at(event->source);
        return graph.at(source).thread == wanted.thread && graph.at(source).index == wanted.index;
    };
    const auto found = std::ranges::find_if(sources, is_same);
    require(found != sources.end(), "a write that was read can be read again");
    return static_cast<std::uint32_t>(found - sources.begin());
}

std::uint32_t GraphGuide::position(const Graph& graph, ThreadId thread,
                                   std::span<const std::uint32_t> positions) {
    const Event* const event = next(graph, thread);
    if (event == nullptr) return 0;
    const auto& order = target_.location(event->operation.location).order;
    const auto exists = [&](EventId write) {
        return write == initial ||
               target_.at(write).index < graph.thread(target_.at(write).thread).size();
    };
    const auto before = std::count_if(order.begin(), order.begin() + event->position, exists);
    const auto found = std::ranges::find(positions, static_cast<std::uint32_t>(before));
    require(found != positions.end(), "a write can be put where it was");
    return static_cast<std::uint32_t>(found - positions.begin());
}

std::uint32_t GraphGuide::option(const Graph& graph, ThreadId thread, std::uint32_t /*count*/) {
    const Event* const event = next(graph, thread);
    return event == nullptr ? 0 : static_cast<std::uint32_t>(event->value);
}

ThreadId GraphGuide::child(const Graph& graph, ThreadId creator, ThreadId lowest) {
    const Event* const event = next(graph, creator);
    return event == nullptr ? lowest : event->operation.child;
}

namespace {

/// Puts steps in an order that extends porf.
class StepOrder {
 public:
    explicit StepOrder(const Graph& graph) : graph_(graph), taken_(graph.threads()) {}

    void take_until(ThreadId thread, std::size_t count) {
        while (taken_[thread] < count) {
            const Event& event = graph_.at(graph_.thread(thread)[taken_[thread]]);
            if (event.source != initial) {
                const Event& source = graph_.at(event.source);
                if (source.thread != thread) take_until(source.thread, source.index + 1U);
            }
            // Both halves of a read-modify-write are one step.
            if (!event.is_update()) order_.push_back(thread);
            ++taken_[thread];
        }
    }
    std::vector<ThreadId> order() { return std::move(order_); }

 private:
    const Graph& graph_;
    std::vector<std::size_t> taken_;  ///< events, by thread
    std::vector<ThreadId> order_;
};

}  // namespace

std::vector<ThreadId> order_of_steps(const Graph& graph, std::span<const ThreadId> threads) {
    StepOrder steps(graph);
    for (const ThreadId thread : threads) steps.take_until(thread, graph.thread(thread).size());
    return steps.order();
}

namespace {

/// Every step of a thread is asked for on its own, so that each is a place to switch.
class OneExecution final : private Execution {
 public:
    OneExecution(Program& program, Guide& guide, std::size_t events_max, OneRun& result)
        : program_(program), guide_(guide), events_max_(events_max), result_(result) {}

    void run() {
        state_.resize(program_.initial_threads());
        for (State& state : state_) state.exists = true;
        graph_.clear(state_.size());
        program_.prepare(graph_);
        program_.run(*this);
    }

 private:
    struct State {
        bool exists = false;
        bool has_ended = false;
        bool is_blocked = false;
        std::optional<ThreadId> joins;  ///< it waits for the end of this one
        EventId creation = initial;
    };

    bool is_open(const State& state) const {
        return state.exists && !state.has_ended && !state.is_blocked &&
               (!state.joins || state_[*state.joins].has_ended);
    }

    std::optional<ThreadId> next_thread() override {
        std::vector<ThreadId> open;
        const auto add = [&](ThreadId thread) {
            if (is_open(state_[thread])) open.push_back(thread);
        };
        add(last_);
        for (ThreadId thread = 0; thread < state_.size(); ++thread) {
            if (thread != last_) add(thread);
        }
        if (open.empty()) return std::nullopt;
        last_ = open[taken(open.size(), guide_.thread(open))];
        has_turn_ = true;
        return last_;
    }

    Answer perform(ThreadId thread, const Operation& operation) override {
        if (graph_.size() >= events_max_) {
            result_.is_cut = true;
            return {Answer::Kind::leave};
        }
        if (operation.kind == Kind::join) state_[thread].joins = operation.child;
        if (!has_turn_ || thread != last_ || !is_open(state_[thread])) return {Answer::Kind::wait};
        has_turn_ = false;
        const Value value = add(thread, operation);
        return {Answer::Kind::done, static_cast<EventId>(graph_.size() - 1), value};
    }

    Value add(ThreadId thread, const Operation& operation) {
        switch (operation.kind) {
            case Kind::load:
            case Kind::modify:
                return add_read(thread, operation);
            case Kind::store:
                return add_write(thread, operation, truncated(operation.value, operation.bytes));
            case Kind::choose: {
                const auto count = static_cast<std::uint32_t>(operation.value);
                const Value option = taken(count, guide_.option(graph_, thread, count));
                graph_.add_other(thread, operation, initial, option);
                return option;
            }
            case Kind::create: {
                State& child = state_at(operation.child);
                child.exists = true;
                child.creation = graph_.add_other(thread, operation, initial, 0);
                return 0;
            }
            case Kind::join:
                state_[thread].joins.reset();
                graph_.add_other(thread, operation, graph_.thread(operation.child).back(), 0);
                return 0;
            case Kind::begin:
                graph_.add_other(thread, operation, state_[thread].creation, 0);
                return 0;
            case Kind::end:
                state_[thread].has_ended = true;
                break;
            case Kind::fence:
                break;
        }
        graph_.add_other(thread, operation, initial, 0);
        return 0;
    }

    Value add_read(ThreadId thread, const Operation& operation) {
        const std::vector<EventId> sources = consistent_sources(thread, operation);
        const EventId source =
            sources[taken(sources.size(), guide_.source(graph_, thread, sources))];
        const Value found = graph_.at(graph_.add_read(thread, operation, source)).value;
        if (does_write(operation, found)) {
            find_write_positions(graph_, thread, operation, positions_);
            graph_.add_write(thread, operation, updated(operation, found), positions_.front());
        }
        return found;
    }

    /// The latest write first.
    std::vector<EventId> consistent_sources(ThreadId thread, const Operation& operation) {
        const std::size_t size = graph_.size();
        const ConstClock seen = graph_.seen_by(thread, Seen::happens_before);
        const std::vector<EventId>& order = graph_.location(operation.location).order;
        const std::uint32_t first = observed_position(graph_, seen, operation.location);
        const std::vector<EventId> candidates(order.rbegin(), order.rend() - first);
        std::vector<EventId> sources;
        for (const EventId source : candidates) {
            if (can_read(thread, operation, source)) sources.push_back(source);
            graph_.cut(size);
        }
        require(!sources.empty(), "some write can always be read");
        return sources;
    }

    bool can_read(ThreadId thread, const Operation& operation, EventId source) {
        const EventId read = graph_.add_read(thread, operation, source);
        if (!is_psc_acyclic_at(graph_, read)) return false;
        const Value found = graph_.at(read).value;
        if (!does_write(operation, found)) return true;
        find_write_positions(graph_, thread, operation, positions_);
        return !positions_.empty() &&
               is_psc_acyclic_at(graph_,
                                 graph_.add_write(thread, operation, updated(operation, found),
                                                  positions_.front()));
    }

    Value add_write(ThreadId thread, const Operation& operation, Value value) {
        const std::size_t size = graph_.size();
        std::vector<std::uint32_t> positions;
        find_write_positions(graph_, thread, operation, positions);
        std::ranges::reverse(positions);
        std::erase_if(positions, [&](std::uint32_t position) {
            const EventId write = graph_.add_write(thread, operation, value, position);
            const bool is_inconsistent = !is_psc_acyclic_at(graph_, write);
            graph_.cut(size);
            return is_inconsistent;
        });
        require(!positions.empty(), "a write can always be the latest");
        const auto chosen = taken(positions.size(), guide_.position(graph_, thread, positions));
        graph_.add_write(thread, operation, value, positions[chosen]);
        return value;
    }

    std::uint32_t taken(std::size_t count, std::uint32_t index) {
        if (count > 1) result_.choices.push_back({static_cast<std::uint32_t>(count), index});
        return index;
    }

    Answer::Kind block(ThreadId thread, Wait /*wait*/) override {
        state_[thread].is_blocked = true;
        return Answer::Kind::wait;
    }
    void fail(ThreadId /*thread*/, const std::string& /*property*/) override {}
    const Graph& graph() const override { return graph_; }
    State& state_at(ThreadId thread) {
        if (thread >= state_.size()) state_.resize(thread + 1U);
        return state_[thread];
    }
    ThreadId new_thread(ThreadId creator) override {
        ThreadId lowest = 0;
        while (lowest < state_.size() && state_[lowest].exists) ++lowest;
        return guide_.child(graph_, creator, lowest);
    }
    void set_initial_value(LocationId location, Value value) override {
        graph_.set_initial_value(location, value);
    }
    EventId last_event(ThreadId thread) const override { return graph_.thread(thread).back(); }

    Program& program_;
    Guide& guide_;
    std::size_t events_max_;
    OneRun& result_;
    Graph graph_;
    std::vector<State> state_;
    std::vector<std::uint32_t> positions_;  ///< scratch
    ThreadId last_ = 0;
    bool has_turn_ = false;
};

}  // namespace

void run_once(Program& program, Guide& guide, std::size_t events_max, OneRun& result) {
    OneExecution(program, guide, events_max, result).run();
}

}  // namespace parley::rc11
