#include "parley/tests/checker/relacy/programs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace parley::checker::relacy {
namespace {

/// Finds a failure with each scheduler and replays it twice.
template <class Test>
void check_replay() {
    for (const auto kind :
         {SchedulerKind::random, SchedulerKind::context_bound, SchedulerKind::full}) {
        MemoryLog search_log;
        MemoryLog replay_log;
        SimulationOptions options{.scheduler = kind, .log = &search_log};
        const auto found = run<Test>(options);
        REQUIRE(found.has_failed());

        options.log = &replay_log;
        const auto replayed = rerun<Test>(options, found.choices);
        CHECK(replayed.failure == found.failure);
        CHECK(replayed.choices == found.choices);
        CHECK(replayed.executions == 1);
        CHECK(replay_log == search_log);
    }
}

TEST_CASE("relacy: the choices of a failing run give that run again") {
    check_replay<MessagePassing<relaxed>>();
    check_replay<MessagePassing<release, relaxed>>();
    check_replay<StoreBuffering<release, acquire>>();
    check_replay<Transfer<Wrong::leak>>();
    check_replay<Transfer<Wrong::double_free>>();
    check_replay<Transfer<Wrong::use_after_transfer>>();
}

/// Fails when each thread has answered 2, after some ado.
struct Agreeing {
    RelacyPlatform::Atomic<unsigned> sum;
    void thread(unsigned) {
        for (int i = 0; i < 3; ++i) sum.load(relaxed);
        if (sum.fetch_add(choose(4)) == 2 && sum.load() == 4) fail("they do not agree");
    }
};

TEST_CASE("relacy: answers to the test's own questions are replayed") {
    check_replay<Agreeing>();
}

TEST_CASE("relacy: a list that is too short goes on with index 0") {
    const auto result = rerun<MessagePassing<>>({}, {});
    CHECK_FALSE(result.has_failed());
    CHECK_FALSE(result.choices.empty());
    CHECK(std::ranges::all_of(result.choices, [](Choice choice) { return choice.index == 0; }));
}

TEST_CASE("relacy: an index that is too large wraps around") {
    const auto found = run<StoreBuffering<release, acquire>>({});
    Choices edited = found.choices;
    for (Choice& choice : edited) choice.index += 2 * choice.count;
    const auto replayed = rerun<StoreBuffering<release, acquire>>({}, edited);
    CHECK(replayed.failure == found.failure);
    CHECK(replayed.choices == found.choices);
}

TEST_CASE("relacy: more choices than a run asks for are ignored") {
    auto found = run<MessagePassing<relaxed>>({});
    Choices longer = found.choices;
    longer.insert(longer.end(), 100, {2, 1});
    CHECK(rerun<MessagePassing<relaxed>>({}, longer).choices == found.choices);
}

}  // namespace
}  // namespace parley::checker::relacy
