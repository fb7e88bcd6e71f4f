#include "parley/checker/rc11/run_once.hpp"

#include "parley/checker/choice.hpp"
#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/litmus_program.hpp"
#include "parley/checker/rc11/schedule.hpp"
#include "parley/tests/checker/rc11/agreement.hpp"
#include "parley/tests/checker/rc11/random_programs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace parley::tests {

namespace {

/// Watches a program: what its graph is when it has run, and who has taken which step.
class Watched final : public rc11::Program {
 public:
    explicit Watched(const LitmusTest& test) : test_(test), program_(test, 1'000) {}

    std::size_t initial_threads() const override { return program_.initial_threads(); }
    void prepare(rc11::Graph& graph) override { program_.prepare(graph); }
    void run(rc11::Execution& execution) override {
        program_.run(execution);
        text = text_of(execution.graph(), test_);
        is_complete = true;
        for (ThreadId thread = 0; thread < test_.threads.size(); ++thread) {
            const auto events = execution.graph().thread(thread);
            is_complete =
                is_complete && !events.empty() &&
                execution.graph().at(events.back()).operation.kind == Operation::Kind::end;
        }
    }

    std::string text;
    bool is_complete = false;

 private:
    const LitmusTest& test_;
    rc11::LitmusProgram program_;
};

/// What all lists of choices lead to.
std::set<std::string> all_by_choices(const LitmusTest& test) {
    std::set<std::string> complete;
    checker::OdometerChooser chooser;
    do {
        Watched program(test);
        rc11::ChoiceGuide guide(chooser);
        rc11::OneRun run;
        rc11::run_once(program, guide, 1'000, run);
        if (program.is_complete) complete.insert(program.text);
    } while (chooser.advance());
    return complete;
}

/// Small enough that its lists of choices can be counted through.
bool is_small(const LitmusTest& test) {
    std::size_t steps = 0;
    for (const auto& thread : test.threads) steps += thread.instructions.size();
    return test.threads.size() == 2 && steps <= 7;
}

bool has_children(const LitmusTest& test) {
    return std::ranges::any_of(test.threads[0].instructions, [](const auto& each) {
        return each.operation.kind == Operation::Kind::create;
    });
}

}  // namespace

TEST_CASE("run once: all choices together are all executions of the engine") {
    std::size_t compared = 0;
    std::size_t executions = 0;
    for (std::uint64_t i = 0; i < 600; ++i) {
        const LitmusTest test = RandomProgram(i).generate();
        if (!is_small(test) || has_children(test)) continue;
        INFO("program " << i);
        const std::set<std::string> complete = engine_executions(test).complete;
        REQUIRE(all_by_choices(test) == complete);
        ++compared;
        executions += complete.size();
    }
    CHECK(compared >= 50);
    CHECK(executions >= 200);
}

TEST_CASE("run once: a graph of the engine comes about again, and so do its choices") {
    std::size_t compared = 0;
    for (std::uint64_t i = 0; i < 400; ++i) {
        const LitmusTest test = RandomProgram(i).generate();
        if (has_children(test)) continue;
        INFO("program " << i);
        rc11::ExploreOptions options;
        options.executions_max = 50;
        std::vector<rc11::Graph> graphs;
        options.on_end = [&](const rc11::Graph& graph, rc11::Ending ending) {
            if (ending == rc11::Ending::complete) graphs.push_back(graph);
        };
        rc11::run_litmus(test, options);
        for (const rc11::Graph& graph : graphs) {
            // The order in which events are replayed extends porf: that of addition need not.
            std::vector<ThreadId> order;
            rc11::Schedule schedule;
            schedule.restart(graph, test.threads.size());
            while (const auto thread = schedule.next_thread()) {
                const auto event = schedule.kept_event(*thread);
                if (!event) break;
                schedule.take(*thread, *event);
                const rc11::Event& taken = graph.at(*event);
                order.push_back(*thread);
                if (taken.is_read() && rc11::does_write(taken.operation, taken.value)) {
                    schedule.take(*thread, graph.thread(*thread)[taken.index + 1]);
                }
            }
            Watched first(test);
            rc11::GraphGuide follow(graph, order);
            rc11::OneRun run;
            rc11::run_once(first, follow, 1'000, run);
            REQUIRE(first.text == text_of(graph, test));

            Watched second(test);
            checker::ReplayChooser chooser(run.choices);
            rc11::ChoiceGuide guide(chooser);
            rc11::OneRun again;
            rc11::run_once(second, guide, 1'000, again);
            REQUIRE(second.text == first.text);
            REQUIRE(again.choices == run.choices);
            ++compared;
        }
    }
    CHECK(compared >= 1'000);
}

}  // namespace parley::tests
