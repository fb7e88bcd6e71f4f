#pragma once

#include "parley/checker/rc11/execution.hpp"
#include "parley/checker/rc11/graph.hpp"
#include "parley/checker/rc11/schedule.hpp"

#include <optional>
#include <string>

namespace parley::rc11 {

/// What comes after an execution that is over although threads have not ended: they go on to their
/// ends, one after the other, and read what is newest. Nothing of it is explored.
class Ending final : public Execution {
 public:
    /// Goes on from `graph`, which stays as it is.
    void begin(const Graph& graph);

    std::optional<ThreadId> next_thread() override { return schedule_.next_thread(); }
    Answer perform(ThreadId thread, const Operation& operation) override;
    Answer::Kind block(ThreadId thread, Wait wait) override;
    void fail(ThreadId /*thread*/, const std::string& /*property*/) override {}
    const Graph& graph() const override { return graph_; }
    ThreadId new_thread(ThreadId /*creator*/) override { return schedule_.free_number(); }
    void set_initial_value(LocationId location, Value value) override {
        graph_.set_initial_value(location, value);
    }
    EventId last_event(ThreadId thread) const override { return graph_.thread(thread).back(); }

 private:
    Value add(ThreadId thread, const Operation& operation);
    Value add_read(ThreadId thread, const Operation& operation);
    void add_write(ThreadId thread, const Operation& operation, Value value);

    Graph graph_;
    Schedule schedule_;
};

}  // namespace parley::rc11
