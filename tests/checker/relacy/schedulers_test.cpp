#include "parley/tests/checker/relacy/programs.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <vector>

namespace parley::checker::relacy {
namespace {

/// Writes down what its run was like.
struct Journal {
    std::vector<unsigned>& runs;
    RelacyPlatform::Atomic<unsigned> order{0};
    unsigned digits = 0;

    void thread(unsigned index) {
        for (int i = 0; i < 3; ++i) {
            order.fetch_add(1, relaxed);
            digits = digits * 2 + index;
        }
        digits = digits * 5 + choose(5);
    }
    void after() { runs.push_back(digits); }
};

std::vector<unsigned> journal(const SimulationOptions& options) {
    std::vector<unsigned> runs;
    simulate(options, [&] { return Journal{.runs = runs}; });
    return runs;
}

TEST_CASE("relacy: the same seed gives the same runs, another seed gives others") {
    const auto runs = journal({.seed = 7, .executions_max = 200});
    CHECK(runs.size() == 200);
    CHECK(journal({.seed = 7, .executions_max = 200}) == runs);
    CHECK(journal({.seed = 8, .executions_max = 200}) != runs);
}

TEST_CASE("relacy: a campaign goes on where it was") {
    const auto runs = journal({.seed = 7, .executions_max = 200});
    const std::vector<unsigned> rest(runs.begin() + 150, runs.end());
    CHECK(journal({.seed = 7, .executions_before = 150, .executions_max = 50}) == rest);
}

TEST_CASE("relacy: random scheduling comes by all schedules of a small program") {
    // 20 orders of the six additions, and 5 answers to each of two questions.
    const auto runs = journal({.executions_max = 20'000});
    const auto all = journal({.scheduler = SchedulerKind::full});
    CHECK(std::set(runs.begin(), runs.end()) == std::set(all.begin(), all.end()));
}

/// One question per thread.
struct Asking {
    std::map<std::pair<unsigned, unsigned>, int>& answers;
    unsigned answer[2] = {};

    void thread(unsigned index) { answer[index] = choose(index + 2); }
    void after() { ++answers[{answer[0], answer[1]}]; }
};

TEST_CASE("relacy: a full search gives each answer to each question, in both orders") {
    std::map<std::pair<unsigned, unsigned>, int> answers;
    const auto result =
        simulate({.scheduler = SchedulerKind::full}, [&] { return Asking{.answers = answers}; });
    CHECK(result.is_complete);
    CHECK(result.executions == 12);
    CHECK(answers.size() == 6);
    for (const auto& [answer, count] : answers) CHECK(count == 2);
}

/// Counts how often the running thread changed while both could go on.
struct Switching {
    std::set<unsigned>& seen;
    RelacyPlatform::Atomic<int> step{0};
    unsigned last = 2;
    unsigned switches = 0;
    unsigned ended = 0;

    void thread(unsigned index) {
        for (int i = 0; i < 4; ++i) {
            step.fetch_add(1, relaxed);
            if (last != 2 && last != index && ended == 0) ++switches;
            last = index;
        }
        ++ended;
    }
    void after() { seen.insert(switches); }
};

TEST_CASE("relacy: a bound on switches is kept and made use of") {
    for (const std::uint32_t bound : {0U, 1U, 2U, 3U}) {
        std::set<unsigned> seen;
        const auto result =
            simulate({.scheduler = SchedulerKind::context_bound, .context_bound = bound},
                     [&] { return Switching{.seen = seen}; });
        CHECK(result.is_complete);
        CHECK(*seen.rbegin() == bound);
    }
}

TEST_CASE("relacy: a larger bound finds more runs, and no bound finds all") {
    std::vector<std::uint64_t> executions;
    for (const std::uint32_t bound : {0U, 1U, 2U, 3U, 4U}) {
        executions.push_back(run<MessagePassing<>>({.scheduler = SchedulerKind::context_bound,
                                                    .context_bound = bound})
                                 .executions);
    }
    executions.push_back(run<MessagePassing<>>({.scheduler = SchedulerKind::full}).executions);
    CHECK(std::is_sorted(executions.begin(), executions.end()));
    CHECK(executions.front() < executions.back());
}

}  // namespace
}  // namespace parley::checker::relacy
