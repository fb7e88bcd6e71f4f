#include "parley/checker/memory_run.hpp"
#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/protocol/entry.hpp"
#include "parley/checker/record.hpp"
#include "parley/specs/cancelable_one_shot.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/multi_reply.hpp"
#include "parley/specs/request_reply.hpp"
#include "parley/specs/send.hpp"
#include "parley/specs/subscription.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

/// What each party has sent, received and been refused, in every execution that comes to its end.
namespace parley::tests {

namespace {

using checker::Event;
using checker::EventKind;
using Check = specs::model::CheckPlatform;
using Histories = std::set<std::string>;

/// Idle rounds that were let pass for what they are, by party.
std::array<int, 2> rounds_let_pass;

/// The engine, but that a party may take `rounds` idle rounds as if something had happened.
template <class Memory, int rounds>
struct Patient : Memory {
    template <class Script>
    static void wait(const Script& script) {
        auto& passed = rounds_let_pass[rc11::Machine::current().thread()];
        if (passed++ < rounds) return Memory::end_step(script);
        Memory::wait(script);
    }
};

std::string history_of(const std::vector<Event>& events, bool has_refusals) {
    std::array<std::string, 2> by_party;
    for (const Event& event : events) {
        const bool is_kept = event.kind == EventKind::send || event.kind == EventKind::receive ||
                             (has_refusals && event.kind == EventKind::refuse);
        if (!is_kept) continue;
        const char sign = event.kind == EventKind::send      ? '!'
                          : event.kind == EventKind::receive ? '?'
                                                             : 'x';
        by_party[index_of(event.party)] += fmt::format("{}{} ", sign, event.what);
    }
    return by_party[0] + "/ " + by_party[1];
}

template <template <class> class V, class Memory>
Histories histories(const typename V<Check>::Options& options, bool has_refusals) {
    checker::Campaign campaign;
    checker::Recorder recorder;
    checker::MemoryLog log;
    campaign.recorder = &recorder;
    campaign.log = &log;
    const auto make = [&] {
        recorder = {};
        campaign.logged = 0;
        rounds_let_pass = {};
        return checker::MemoryRun<V<rc11::Rc11Platform>, V<Check>, Memory>{options, campaign,
                                                                           nullptr};
    };
    rc11::TestOf<decltype(make)> test(make);
    rc11::Machine machine(test, &log);
    Histories found;
    std::uint64_t ends = 0;
    rc11::ExploreOptions limits;
    limits.on_end = [&](const rc11::Graph&, rc11::Ending) {
        REQUIRE_FALSE(machine.failure());
        if (campaign.ends == ends) return;
        ends = campaign.ends;
        found.insert(history_of(recorder.events(), has_refusals));
    };
    REQUIRE(rc11::explore(machine, limits).limit == "");
    return found;
}

/// Over the real queue, by the engine `Real`, over channels, and with idle rounds.
template <template <class> class V, class Real = rc11::KnownMemory>
void compare(const typename V<Check>::Options& options, std::size_t count) {
    const Histories real = histories<V, Real>(options, true);
    CHECK(real.size() == count);
    // It receives first, unless it is told to put off what it can.
    CHECK(std::ranges::includes(real, histories<V, rc11::Memory>(options, true)));
    CHECK(histories<V, rc11::ChannelMemory>(options, true) == real);
    // A refusal in an idle round is one more.
    const Histories messages = histories<V, rc11::ChannelMemory>(options, false);
    CHECK(histories<V, Patient<rc11::ChannelMemory, 1>>(options, false) == messages);
    CHECK(histories<V, Patient<Real, 1>>(options, false) == messages);
}

}  // namespace

TEST_CASE("rc11 histories: send has the same over queues, channels and with idle rounds") {
    // Nobody has anything to put off.
    compare<specs::send::Original, rc11::Memory>({.capacity = {1}, .items = {2}}, 6);
}

TEST_CASE("rc11 histories: request_reply has the same over queues, channels and with idle rounds") {
    compare<specs::request_reply::Original>({.requests = {3}}, 16);
}

TEST_CASE("rc11 histories: multi_reply has the same over queues, channels and with idle rounds") {
    compare<specs::multi_reply::Original>({.rounds = {1}, .phases = {3}}, 13);
}

TEST_CASE("rc11 histories: subscription has the same over queues, channels and with idle rounds") {
    compare<specs::subscription::Original>({.sessions = {1}, .notifications = {3}}, 15);
}

TEST_CASE("rc11 histories: a one-shot has the same over queues, channels and with idle rounds") {
    compare<specs::cancelable_one_shot::Original>({.rounds = {2}}, 9);
}

}  // namespace parley::tests
