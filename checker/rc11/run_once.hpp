#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/rc11/execution.hpp"
#include "parley/checker/rc11/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace parley::rc11 {

/// Answers the questions of one execution, each by an index into what there is to choose from.
class Guide {
 public:
    virtual ~Guide() = default;

    /// Which of the threads takes the next step; the one that took the last one comes first.
    virtual std::uint32_t thread(std::span<const ThreadId> threads) = 0;
    /// Which write `thread` reads next; the latest in the modification order comes first.
    virtual std::uint32_t source(const Graph& graph, ThreadId thread,
                                 std::span<const EventId> sources) = 0;
    /// Where in the modification order the next write of `thread` goes; the end comes first.
    virtual std::uint32_t position(const Graph& graph, ThreadId thread,
                                   std::span<const std::uint32_t> positions) = 0;
    virtual std::uint32_t option(const Graph& graph, ThreadId thread, std::uint32_t count) = 0;
    /// The number of the thread that `creator` creates next; `lowest` is the lowest free one.
    virtual ThreadId child(const Graph& /*graph*/, ThreadId /*creator*/, ThreadId lowest) {
        return lowest;
    }
};

/// Lets a list of choices answer.
class ChoiceGuide final : public Guide {
 public:
    explicit ChoiceGuide(checker::Chooser& chooser) : chooser_(chooser) {}

    std::uint32_t thread(std::span<const ThreadId> threads) override { return pick(threads); }
    std::uint32_t source(const Graph&, ThreadId, std::span<const EventId> sources) override {
        return pick(sources);
    }
    std::uint32_t position(const Graph&, ThreadId,
                           std::span<const std::uint32_t> positions) override {
        return pick(positions);
    }
    std::uint32_t option(const Graph&, ThreadId, std::uint32_t count) override {
        return chooser_.choose(count);
    }

 private:
    template <class T>
    std::uint32_t pick(std::span<const T> list) {
        return chooser_.choose(static_cast<std::uint32_t>(list.size()));
    }

    checker::Chooser& chooser_;
};

/// Answers so that a given graph comes about, its threads taking their steps in a given order,
/// which extends its porf. Where the order is at its end, everything is answered by the first.
class GraphGuide final : public Guide {
 public:
    GraphGuide(const Graph& target, std::vector<ThreadId> order)
        : target_(target), order_(std::move(order)) {}

    std::uint32_t thread(std::span<const ThreadId> threads) override;
    std::uint32_t source(const Graph& graph, ThreadId thread,
                         std::span<const EventId> sources) override;
    std::uint32_t position(const Graph& graph, ThreadId thread,
                           std::span<const std::uint32_t> positions) override;
    std::uint32_t option(const Graph& graph, ThreadId thread, std::uint32_t count) override;
    ThreadId child(const Graph& graph, ThreadId creator, ThreadId lowest) override;

 private:
    /// The event in the target that is to be the `index`-th of `thread`, or null.
    const Event* next(const Graph& graph, ThreadId thread) const;

    const Graph& target_;
    std::vector<ThreadId> order_;
    std::size_t taken_ = 0;
};

/// An order in which the threads can take the steps of `graph`: the first of `threads`, which are
/// all of them, takes its own as early as what it reads and waits for lets it; then the next one.
std::vector<ThreadId> order_of_steps(const Graph& graph, std::span<const ThreadId> threads);

/// What run_once() has done.
struct OneRun {
    checker::Choices choices;  ///< every question with more than one answer, and its answer
    bool is_cut = false;       ///< at `events_max`
};

/// Runs `program` once, as the guide says. Any execution that RC11 allows can come about that way,
/// and no other: each event is added, in an order that extends porf, to a graph that is consistent
/// before and after. `result` is kept up to date, in case control does not come back.
void run_once(Program& program, Guide& guide, std::size_t events_max, OneRun& result);

}  // namespace parley::rc11
