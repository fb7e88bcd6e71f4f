#include "parley/checker/rc11/protocol/runner.hpp"
#include "parley/checker/rc11/protocol/entry.hpp"

#include "parley/checker/merge.hpp"
#include "parley/checker/render/chart.hpp"
#include "parley/checker/require.hpp"
#include "parley/tests/checker/ends.hpp"
#include "parley/tests/checker/keeper.hpp"
#include "parley/tests/checker/rc11/protocol/programs.hpp"

#include <unistd.h>
#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::tests {

namespace {

using checker::CheckOptions;
using checker::Report;
using checker::Verdict;

/// Two threads that each write three times to the same variable.
struct Writers {
    explicit Writers(checker::Campaign& of_all) : campaign(of_all) {}

    void thread(unsigned index) {
        for (int i = 0; i < 3; ++i) x.store(static_cast<int>(index) + 1, relaxed_order);
    }
    void after(std::array<PartyEnd, 2>) { ++campaign.ends; }

    checker::Campaign& campaign;
    Rc11Platform::Atomic<int> x;
};

/// Thread 1 crashes when it reads what thread 0 has written.
struct Crashes : Writers {
    using Writers::Writers;
    void thread(unsigned index) {
        if (index == 0) return x.store(1, relaxed_order);
        if (x.load(relaxed_order) == 1) std::raise(SIGSEGV);
    }
};

struct Hangs : Writers {
    using Writers::Writers;
    void thread(unsigned index) {
        if (index == 0) return x.store(1, relaxed_order);
        for (volatile bool goes_on = x.load(relaxed_order) == 1; goes_on;) {
        }
    }
};

struct ThrowsNumber : Writers {
    using Writers::Writers;
    void thread(unsigned index) {
        if (index == 0) return x.store(1, relaxed_order);
        if (x.load(relaxed_order) == 1) throw 7;
    }
};

/// A violation in the newest of three values only, and of a choice.
struct Picky : Writers {
    using Writers::Writers;
    void thread(unsigned index) {
        if (index == 0) {
            for (int i = 1; i <= 3; ++i) x.store(i, relaxed_order);
        } else if (x.load(relaxed_order) == 2 && Machine::current().choose(3) == 1) {
            violate("picky");
        }
    }
};

struct NeedsTooMuch : Writers {
    using Writers::Writers;
    void thread(unsigned) { throw checker::LimitReached{"buckets"}; }
};

struct NeverEnds : Writers {
    using Writers::Writers;
    void after(std::array<PartyEnd, 2>) {}
};

/// Two threads that each write six times: 924 executions.
struct Many : Writers {
    using Writers::Writers;
    void thread(unsigned index) {
        for (int i = 0; i < 6; ++i) x.store(static_cast<int>(index) + 1, relaxed_order);
    }
};

/// As Many, and wrong where thread 0 has read most of what thread 1 writes, late.
struct WrongLate : Writers {
    using Writers::Writers;
    void thread(unsigned index) {
        int last = 0;
        for (int i = 1; i <= 5; ++i) {
            if (index == 1) {
                x.store(i, relaxed_order);
            } else {
                last = x.load(relaxed_order);
                if (i == 4 && last == 3) violate("late");
            }
        }
    }
};

/// As Many, until a worker process has taken 300 executions.
struct Interrupted : Many {
    using Many::Many;
    static inline const pid_t parent = getpid();
    static inline int runs = 0;
    static inline std::atomic<bool> stop = false;
    void after(std::array<PartyEnd, 2> ends) {
        Many::after(ends);
        if (getpid() != parent && ++runs == 300) stop = true;
    }
};

template <class P>
checker::Runner runner() {
    const auto describe = [](const CheckOptions&) {
        return checker::Subject{
            .protocol = "small", .mutant = {}, .roles = {"a", "b"}, .messages = {}, .bounds = {}};
    };
    const auto make_test = [](const CheckOptions&, checker::Campaign& campaign) {
        auto make = [&campaign] { return P(campaign); };
        return std::unique_ptr<rc11::Test>(
            std::make_unique<rc11::TestOf<decltype(make)>>(std::move(make)));
    };
    return rc11::rc11_runner(describe, make_test);
}

CheckOptions in_processes(std::uint32_t count) {
    CheckOptions options;
    options.threads = count;
    return options;
}

/// The failing execution fails again by its choices.
template <class P>
void check_violated(const char* property) {
    const checker::Runner each = runner<P>();
    const Report report = each.check({});
    REQUIRE(report.verdict == Verdict::violated);
    CHECK(report.trace->violation.property == property);
    const Report again = each.replay({}, report.trace->choices);
    CHECK(again.verdict == Verdict::violated);
    CHECK(again.trace->violation == report.trace->violation);
    CHECK(again.trace->events == report.trace->events);
    CHECK(again.trace->choices == report.trace->choices);
}

/// Store buffering: both may miss what the other one has written.
struct BothReadZero : Writers {
    using Writers::Writers;
    Rc11Platform::Atomic<int> y;
    std::array<int, 2> seen{};

    void thread(unsigned index) {
        (index == 0 ? x : y).store(1, relaxed_order);
        seen.at(index) = (index == 0 ? y : x).load(relaxed_order);
    }
    void after(std::array<PartyEnd, 2> ends) {
        Writers::after(ends);
        if (seen[0] == 0 && seen[1] == 0) violate("both zero");
    }
};

/// Thread 0 takes steps that change nothing until a flag is up; thread 1 may raise it.
template <bool is_raised>
struct Spins : Writers {
    using Writers::Writers;
    Rc11Platform::Atomic<int> flag;

    void thread(unsigned index) {
        begin_script();
        if (index == 1) {
            if (is_raised) flag.store(1, release_order);
            return;
        }
        while (flag.load(acquire_order) == 0) Machine::current().end_step({});
    }
};

/// As before, but each step writes what thread 1 may read.
struct Beats : Writers {
    using Writers::Writers;
    Rc11Platform::Atomic<int> beat;

    void thread(unsigned index) {
        begin_script();
        while (index == 0) {
            beat.store(1, release_order);
            Machine::current().end_step({});
        }
    }
};

/// As before, but each step changes something.
struct Counts : Writers {
    using Writers::Writers;
    Rc11Platform::Atomic<int> flag;

    void thread(unsigned index) {
        int script = 0;
        begin_script();
        if (index == 1) return;
        while (flag.load(acquire_order) == 0) {
            ++script;
            Machine::current().end_step(std::as_bytes(std::span(&script, 1)));
        }
    }
};

}  // namespace

TEST_CASE("rc11 runner: a counterexample says what an old value was read in the place of") {
    const Report report = runner<BothReadZero>().check({});
    REQUIRE(report.verdict == Verdict::violated);
    const std::string chart = checker::render::chart(*report.trace, {});
    CHECK_THAT(chart, Catch::Matchers::Contains("(relaxed): read 0 (newest 1)"));
    CHECK_THAT(chart, Catch::Matchers::Contains("read 0 although 1 was newer (stored in 1)"));
}

TEST_CASE("rc11 runner: the number of processes changes nothing") {
    const Report alone = runner<Many>().check(in_processes(1));
    const Report alone_wrong = runner<WrongLate>().check(in_processes(1));
    CHECK(alone.count("executions") == 924);
    REQUIRE(alone_wrong.verdict == Verdict::violated);
    for (const std::uint32_t threads : {2U, 3U, 7U}) {
        const Report shared = runner<Many>().check(in_processes(threads));
        CHECK(shared.verdict == Verdict::verified);
        CHECK(shared.counts == alone.counts);
        const Report wrong = runner<WrongLate>().check(in_processes(threads));
        REQUIRE(wrong.verdict == Verdict::violated);
        CHECK(wrong.counts == alone_wrong.counts);
        CHECK(wrong.trace == alone_wrong.trace);
    }
    check_violated<WrongLate>("late");
}

TEST_CASE("rc11 runner: all shards together are the whole search, and less is not") {
    std::vector<checker::ReportFile> files;
    for (std::uint32_t shard = 1; shard <= 3; ++shard) {
        CheckOptions options = in_processes(2);
        options.shard = shard;
        options.shards = 3;
        const Report report = runner<Many>().check(options);
        CHECK(report.verdict == Verdict::passed);
        files.push_back({"file", {report}});
    }
    const Report whole = checker::merge_reports(files).front();
    CHECK(whole.verdict == Verdict::verified);
    CHECK(whole.count("executions") == 924);
    files.pop_back();
    const Report most = checker::merge_reports(files).front();
    CHECK(most.verdict == Verdict::passed);
    CHECK(most.count("executions") < 924);
    files.push_back(files.front());
    CHECK_THROWS_AS(checker::merge_reports(files), checker::InputError);
    // Parts of different campaigns do not make a whole.
    files.back().reports.front().parts = {"2:3/3"};
    CHECK(checker::merge_reports(files).front().verdict == Verdict::passed);
}

TEST_CASE(
    "rc11 runner: a shard has as many executions as there may be, in any number of processes") {
    CheckOptions options;
    options.shards = 2;
    for (const std::uint64_t executions_max : {1U, 100U, 300U}) {
        options.executions_max = executions_max;
        for (const std::uint32_t threads : {1U, 2U, 3U}) {
            options.threads = threads;
            const Report cut = runner<Many>().check(options);
            CHECK(cut.verdict == Verdict::incomplete);
            CHECK(cut.reason == std::to_string(executions_max) + " executions");
            CHECK(cut.count("executions") + cut.count("blocked") == executions_max);
        }
    }
}

TEST_CASE("rc11 runner: a search that was ended goes on from its checkpoint") {
    const std::string path = (std::filesystem::temp_directory_path() /
                              ("parley_rc11_" + std::to_string(getpid()) + ".checkpoint"))
                                 .string();
    CheckOptions options = in_processes(2);
    options.checkpoint = path;
    options.stop = &Interrupted::stop;
    const Report ended = runner<Interrupted>().check(options);
    CHECK(ended.verdict == Verdict::incomplete);
    CHECK(ended.reason == "interrupted");
    CHECK(ended.count("executions") > 0);
    CHECK(ended.count("executions") < 924);
    REQUIRE(std::filesystem::exists(path));
    const Report done = runner<Many>().check(options);
    CHECK(done.verdict == Verdict::verified);
    CHECK(done.count("executions") == 924);
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("rc11 runner: steps for ever that change nothing are a livelock") {
    check_violated<Spins<false>>("livelock");
}

TEST_CASE("rc11 runner: what may still be stopped, or changes something, is incomplete") {
    const Report report = runner<Spins<true>>().check({});
    CHECK(report.verdict == Verdict::incomplete);
    CHECK(report.reason == "a party takes one step after another that changes nothing");
    CHECK(runner<Counts>().check({}).verdict == Verdict::incomplete);
    CHECK(runner<Beats>().check({}).verdict == Verdict::incomplete);
}

TEST_CASE("rc11 runner: a search that ends is verified and counts every execution") {
    const Report report = runner<Writers>().check({});
    CHECK(report.verdict == Verdict::verified);
    CHECK(report.count("executions") == 20);
    CHECK(report.count("blocked") == 0);
}

TEST_CASE("rc11 runner: a search that a limit ends is incomplete and says which") {
    CheckOptions few;
    few.executions_max = 5;
    const Report cut = runner<Writers>().check(few);
    CHECK(cut.verdict == Verdict::incomplete);
    CHECK(cut.reason == "5 executions");
    CHECK(cut.count("executions") == 5);

    CheckOptions tiny;
    tiny.steps_max = 6;
    CHECK(runner<Writers>().check(tiny).verdict == Verdict::incomplete);
    CHECK(runner<NeedsTooMuch>().check({}).reason == "buckets");

    const std::atomic<bool> stop = true;
    CheckOptions stopped;
    stopped.stop = &stop;
    CHECK(runner<Writers>().check(stopped).reason == "interrupted");
}

TEST_CASE("rc11 runner: a search in which nothing comes to its end is vacuous") {
    CHECK(runner<NeverEnds>().check({}).verdict == Verdict::vacuous);
}

TEST_CASE("rc11 runner: a failing execution fails again by its choices") {
    check_violated<ThrowsNumber>("exception");
    check_violated<Picky>("picky");
}

TEST_CASE("rc11 runner: an endless loop is a violation with its trace") {
    const Report report = runner<Hangs>().check({});
    REQUIRE(report.verdict == Verdict::violated);
    CHECK(report.trace->violation.property == "hang");
    CHECK_FALSE(report.trace->events.empty());
}

TEST_CASE("rc11 runner: a crash is a violation with its trace") {
    check_violated<Crashes>("crash");
    // And the next search is none the worse for it.
    CHECK(runner<Writers>().check({}).count("executions") == 20);
}

TEST_CASE("rc11 runner: a party may be left where it could go on, once the other one is done") {
    for (const char* queue : {"real", "channel"}) {
        INFO(queue);
        CheckOptions check;
        check.scheduler = queue;
        const auto checked = [&]<keeper::Wish wish> {
            return rc11::rc11_variant<keeper::Protocol<Rc11Platform, wish>,
                                      keeper::Protocol<specs::model::CheckPlatform, wish>>("keeper",
                                                                                           nullptr)
                .runner.check(check);
        };
        // It looks, or does not.
        const Report look = checked.operator()<keeper::Wish::look>();
        CHECK(look.verdict == Verdict::verified);
        if (queue == std::string_view("real")) CHECK(look.count("executions") == 2);
        // Where the other one waits it has to go on.
        const Report thanked = checked.operator()<keeper::Wish::be_moved>();
        CHECK(thanked.verdict == Verdict::verified);
        if (queue == std::string_view("real")) CHECK(thanked.count("executions") == 1);
        const Report left = checked.operator()<keeper::Wish::destroy>();
        REQUIRE(left.verdict == Verdict::violated);
        CHECK(left.trace->violation.property == "leak");
    }
}

TEST_CASE("rc11 runner: it agrees with explore on when a run is over") {
    ends::for_each([]<template <class> class V> {
        using C = V<specs::model::CheckPlatform>;
        for (const char* queue : {"real", "channel"}) {
            CheckOptions check;
            check.scheduler = queue;
            const Report report =
                rc11::rc11_variant<V<Rc11Platform>, C>("ends", nullptr).runner.check(check);
            constexpr std::string_view property = C::property;
            CAPTURE(queue, property);
            CHECK(report.verdict == (property.empty() ? Verdict::verified : Verdict::violated));
            if (report.trace) CHECK(report.trace->violation.property == property);
        }
    });
}

}  // namespace parley::tests
