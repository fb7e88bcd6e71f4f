#include "parley/checker/rc11/merging.hpp"

#include "parley/checker/bounds.hpp"
#include "parley/checker/memory_run.hpp"
#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/protocol/entry.hpp"
#include "parley/specs/cancelable_one_shot.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/multi_reply.hpp"
#include "parley/specs/nondeterministic_exchange.hpp"
#include "parley/specs/request_reply.hpp"
#include "parley/specs/request_response_acknowledge.hpp"
#include "parley/specs/send.hpp"
#include "parley/specs/stream.hpp"
#include "parley/specs/subscription.hpp"
#include "parley/specs/unreliable_send.hpp"
#include "parley/tests/checker/rc11/protocol/courier.hpp"
#include "parley/tests/checker/rc11/share.hpp"
#include "parley/tests/checker/receives_first.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

/// A search that merges states finds what one does that takes each execution by itself: the same
/// numbers of executions, which are few where two states are taken for one, and the same failures.
namespace parley::tests {

namespace {

using Check = specs::model::CheckPlatform;

struct Found {
    std::uint64_t complete = 0;
    std::uint64_t blocked = 0;
    std::uint64_t runs = 0;
    std::string property;  ///< of the first failure
    std::string limit;
};

/// One run of a variant after another, over the queues of `M`.
template <template <class> class V, class M = rc11::ChannelMemory>
class Search {
 public:
    explicit Search(const typename V<Check>::Options& options) {
        auto make = [this, options] {
            return checker::MemoryRun<V<rc11::Rc11Platform>, V<Check>, M>{options, campaign_,
                                                                          nullptr};
        };
        test_ = std::make_unique<rc11::TestOf<decltype(make)>>(std::move(make));
    }

    Found one_by_one() {
        rc11::Machine machine(*test_);
        Found found;
        std::atomic<bool> stop = false;
        rc11::ExploreOptions options;
        options.events_max = 1'000;
        options.takes_all_waits = true;
        options.stop = &stop;
        options.on_end = [&](const rc11::Graph&, rc11::Ending) {
            ++found.runs;
            ++(has_come_to_its_end() ? found.complete : found.blocked);
            stop = take_failure(machine, found);
        };
        found.limit = rc11::explore(machine, options).limit;
        return found;
    }

    Found merging(rc11::MergeOptions options = {}) {
        rc11::Machine machine(*test_);
        machine.keep_states();
        Found found;
        options.events_max = 1'000;
        if (M::has_channels) options.writes_max = 1;
        options.write_state = [&](rc11::StateBytes& to) { return machine.write_state(to); };
        options.on_end = [&](const rc11::Graph&) { return has_come_to_its_end(); };
        options.must_stop = [&] { return take_failure(machine, found); };
        const rc11::MergeResult result = rc11::explore_merging(machine, options);
        found.complete = result.found.complete;
        found.blocked = result.found.blocked;
        found.runs = result.runs;
        found.limit = result.limit;
        return found;
    }

 private:
    bool has_come_to_its_end() { return std::exchange(ends_, campaign_.ends) != campaign_.ends; }
    bool take_failure(const rc11::Machine& machine, Found& found) const {
        if (!machine.failure()) return false;
        found.property = campaign_.violation.value_or(*machine.failure()).property;
        return true;
    }

    checker::Campaign campaign_;
    std::uint64_t ends_ = 0;
    std::unique_ptr<rc11::Test> test_;
};

template <template <class> class V, class M = rc11::ChannelMemory>
void compare(const typename V<Check>::Options& options) {
    const Found one_by_one = Search<V, M>(options).one_by_one();
    const Found merging = Search<V, M>(options).merging();
    CHECK(one_by_one.property == "");
    CHECK(merging.property == "");
    CHECK(merging.limit == "");
    CHECK(merging.complete == one_by_one.complete);
    CHECK(merging.blocked == one_by_one.blocked);
}

template <template <class> class V>
void check_receiving_first(std::string_view protocol) {
    INFO(protocol);
    const auto expected = std::ranges::find(receives_first, protocol, &ReceivesFirst::protocol);
    REQUIRE(expected != receives_first.end());
    const auto options = checker::options_with<typename V<Check>::Options>(expected->bounds);
    CHECK(Search<V, rc11::Memory>(options).one_by_one().complete == expected->executions);
}

template <template <class> class V, class M = rc11::ChannelMemory>
void check_fails(const std::string& property) {
    CHECK(Search<V, M>({}).one_by_one().property == property);
    CHECK(Search<V, M>({}).merging().property == property);
}

}  // namespace

TEST_CASE("rc11 merging: send has as many executions") {
    for (const int capacity : {1, 2, 3}) {
        for (const int items : {1, 2, 3}) {
            compare<specs::send::Original>({.capacity = {capacity}, .items = {items}});
        }
    }
}

TEST_CASE("rc11 merging: request_reply has as many executions") {
    compare<specs::request_reply::Original>({.capacity = {1}, .requests = {4}});
    compare<specs::request_reply::Original>({.capacity = {2}, .requests = {4}});
    compare<specs::request_reply::Original>({.capacity = {4}, .requests = {4}});
}

TEST_CASE("rc11 merging: multi_reply has as many executions") {
    compare<specs::multi_reply::Original>({.capacity = {1}, .rounds = {2}, .phases = {3}});
    compare<specs::multi_reply::Original>({.capacity = {2}, .rounds = {2}, .phases = {4}});
}

TEST_CASE("rc11 merging: subscription has as many executions") {
    compare<specs::subscription::Original>(
        {.capacity = {1}, .sessions = {2}, .notifications = {3}});
    compare<specs::subscription::Original>(
        {.capacity = {2}, .sessions = {2}, .notifications = {3}});
}

TEST_CASE("rc11 merging: a one-shot has as many executions") {
    compare<specs::cancelable_one_shot::Original>({.capacity = {1}, .rounds = {3}});
    compare<specs::cancelable_one_shot::Original>({.capacity = {2}, .rounds = {5}});
}

TEST_CASE("rc11 merging: stream has as many executions") {
    compare<specs::stream::Original>({.capacity = {1}, .items = {3}});
    compare<specs::stream::Original>({.capacity = {2}, .items = {3}});
}

TEST_CASE("rc11 merging: over channels that lose or double, there are as many executions") {
    compare<specs::unreliable_send::Original>({.messages = {4}});
    compare<specs::request_response_acknowledge::Original>({.requests = {1}, .copies = {1}});
}

TEST_CASE("rc11 merging: nondeterministic_exchange has as many executions") {
    compare<specs::nondeterministic_exchange::Original>({.conclusions = {4}});
}

TEST_CASE("rc11 merging: what objects hold, monitors know and steps remember tells states apart") {
    compare<courier::Sound>({});
    compare<courier::Sound>({.capacity = {2}, .trips = {4}});
    check_fails<courier::ContentsFail>("assertion");
    check_fails<courier::WatchedFails>("not all heavy");
    check_fails<courier::LocalFails>("assertion");
}

TEST_CASE("rc11 merging: runs are far fewer than executions") {
    const Found found = Search<specs::send::Original>({.items = {8}}).merging();
    CHECK(found.complete == 22'800'000'000);
    CHECK(found.blocked == 21'206'156'704);
    CHECK(found.runs == 70'335);
}

TEST_CASE("rc11 merging: over real queues there are as many executions") {
    using rc11::KnownMemory;
    for (const int capacity : {1, 2, 4}) {
        for (const int items : {1, 2, 3}) {
            if (capacity == 4 && items == 3) continue;
            compare<specs::send::Original, KnownMemory>({.capacity = {capacity}, .items = {items}});
        }
    }
    compare<specs::request_reply::Original, KnownMemory>({.capacity = {1}, .requests = {2}});
    compare<specs::request_reply::Original, KnownMemory>({.capacity = {2}, .requests = {3}});
    compare<specs::multi_reply::Original, KnownMemory>(
        {.capacity = {1}, .rounds = {1}, .phases = {3}});
    compare<specs::multi_reply::Original, KnownMemory>(
        {.capacity = {2}, .rounds = {2}, .phases = {1}});
    compare<specs::subscription::Original, KnownMemory>(
        {.capacity = {1}, .sessions = {2}, .notifications = {1}});
    compare<specs::subscription::Original, KnownMemory>(
        {.capacity = {2}, .sessions = {1}, .notifications = {3}});
    compare<specs::cancelable_one_shot::Original, KnownMemory>({.capacity = {1}, .rounds = {2}});
    compare<specs::cancelable_one_shot::Original, KnownMemory>({.capacity = {2}, .rounds = {3}});
    compare<specs::stream::Original, KnownMemory>({.capacity = {1}, .items = {2}});
    compare<specs::unreliable_send::Original, KnownMemory>({.messages = {3}});
    compare<specs::request_response_acknowledge::Original, KnownMemory>(
        {.requests = {1}, .copies = {1}});
    compare<specs::nondeterministic_exchange::Original, KnownMemory>({.conclusions = {2}});
    compare<courier::Sound, KnownMemory>({});
    check_fails<courier::ContentsFail, KnownMemory>("assertion");
    check_fails<courier::WatchedFails, KnownMemory>("not all heavy");
    check_fails<courier::LocalFails, KnownMemory>("assertion");
}

TEST_CASE("rc11 merging: where parties receive first there are the executions of compiled code") {
    check_receiving_first<specs::cancelable_one_shot::Original>("cancelable_one_shot");
    check_receiving_first<specs::multi_reply::Original>("multi_reply");
    check_receiving_first<specs::nondeterministic_exchange::Original>("nondeterministic_exchange");
    check_receiving_first<specs::request_reply::Original>("request_reply");
    check_receiving_first<specs::request_response_acknowledge::Original>(
        "request_response_acknowledge");
    check_receiving_first<specs::send::Original>("send");
    check_receiving_first<specs::stream::Original>("stream");
    check_receiving_first<specs::subscription::Original>("subscription");
    check_receiving_first<specs::unreliable_send::Original>("unreliable_send");
}

TEST_CASE("rc11 merging: a weak order of the queue is found") {
    using rc11::KnownMemory;
    check_fails<specs::send::RelaxedPublish, KnownMemory>("data race");
    check_fails<specs::send::RelaxedObserve, KnownMemory>("data race");
    check_fails<specs::send::RelaxedVacate, KnownMemory>("data race");
    check_fails<specs::send::RelaxedReclaim, KnownMemory>("data race");
}

TEST_CASE("rc11 merging: with room for few states there are as many executions, in more runs") {
    const specs::send::Options options{.capacity = {2}, .items = {3}};
    Search<specs::send::Original, rc11::KnownMemory> search(options);
    const Found all = search.merging();
    rc11::MergeOptions few;
    few.states_max = 20;
    const Found found = search.merging(few);
    CHECK(found.limit == "");
    CHECK(found.complete == all.complete);
    CHECK(found.blocked == all.blocked);
    CHECK(found.runs > 2 * all.runs);
}

TEST_CASE("rc11 merging: the parts of a search are the whole, each execution once") {
    const specs::send::Options options{.capacity = {2}, .items = {2}};
    Search<specs::send::Original, rc11::KnownMemory> search(options);
    const Found all = search.merging();
    for (const std::uint32_t level : {0U, 1U, 3U, 9U, 40U}) {
        for (const std::uint64_t shares : {1U, 2U, 3U}) {
            rc11::Tally sum;
            std::set<std::uint64_t> units;
            std::size_t begun = 0;
            for (std::uint64_t number = 0; number < shares; ++number) {
                Share share(number, shares);
                rc11::MergeOptions divided;
                divided.units = &share;
                divided.units_level = level;
                const Found part = search.merging(divided);
                CHECK(part.limit == "");
                sum.add({part.complete, part.blocked});
                units.insert(share.ended.begin(), share.ended.end());
                begun = share.begun;
            }
            INFO("level " << level << ", shares " << shares);
            CHECK(sum.complete == all.complete);
            CHECK(sum.blocked == all.blocked);
            CHECK(units.size() == begun);
            if (level == 0) CHECK(begun == 1);
            // Far from the root there is one for each execution, or in vain.
            if (level == 40) CHECK(begun >= all.complete + all.blocked);
        }
    }
}

TEST_CASE(
    "rc11 merging: a limit of executions is one, whether they have been taken or follow from a "
    "state") {
    rc11::MergeOptions limited;
    limited.executions_max = 10'000'000;
    const Found found = Search<specs::send::Original>({.items = {8}}).merging(limited);
    CHECK(found.limit == "10000000 executions");
    CHECK(found.complete < 22'800'000'000);
    CHECK(found.runs < 20'000);
}

TEST_CASE("rc11 merging: an execution that never ends is not taken for one that has been seen") {
    const Found found = Search<courier::Endless>({}).merging();
    CHECK(found.property == "");
    CHECK(found.limit == "1000 events in one execution");
}

}  // namespace parley::tests
