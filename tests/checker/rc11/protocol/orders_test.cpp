#include "parley/checker/catalog.hpp"
#include "parley/checker/order_finding.hpp"
#include "parley/checker/rc11/protocol/runner.hpp"
#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/tests/checker/rc11/protocol/programs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace parley::tests {

namespace {

using checker::OrderFinding;
using checker::OrderFindings;
using checker::Verdict;

/// Three numbers through a queue with some memory orders.
template <model::QueueOrders Orders>
struct Through {
    checker::Campaign* campaign;
    model::SpscQueue<int, model::dynamic_capacity, Rc11Platform, Orders> queue{std::size_t{1}};

    void thread(unsigned index) {
        begin_script();
        int item = 0;
        for (int i = 0; i < 3; ++i) {
            while (!(index == 0 ? queue.try_push(i) : queue.try_pop(item))) idle();
            begin_script();
        }
    }
    void after(std::array<PartyEnd, 2> ends) const {
        if (ends[0] == PartyEnd::done && ends[1] == PartyEnd::done) ++campaign->ends;
    }
};

template <model::QueueOrders Orders>
OrderFindings findings() {
    const auto describe = [](const checker::CheckOptions&) {
        return checker::Subject{
            .protocol = "through", .mutant = {}, .roles = {"a", "b"}, .messages = {}, .bounds = {}};
    };
    const auto make_test = [](const checker::CheckOptions&, checker::Campaign& campaign) {
        auto make = [&campaign] { return Through<Orders>{&campaign}; };
        return std::unique_ptr<rc11::Test>(
            std::make_unique<rc11::TestOf<decltype(make)>>(std::move(make)));
    };
    return rc11::weaken_orders(describe, make_test, {});
}

std::vector<std::string> texts(const OrderFindings& found) {
    std::vector<std::string> list;
    for (const OrderFinding& each : found.findings) {
        list.push_back(each.what + " " + each.order + " > " + each.weakened + " " +
                       (each.is_necessary() ? each.report.trace->violation.property
                                            : std::string{name_of(each.report.verdict)}));
    }
    std::ranges::sort(list);
    return list;
}

}  // namespace

TEST_CASE("orders: those of the queue are necessary, each for a race") {
    const OrderFindings found = findings<model::QueueOrders{}>();
    CHECK(found.original.verdict == Verdict::verified);
    CHECK(texts(found) == std::vector<std::string>{"load acquire > relaxed data race",
                                                   "load acquire > relaxed data race",
                                                   "store release > relaxed data race",
                                                   "store release > relaxed data race"});
}

TEST_CASE("orders: one that is too strong is found, one step at a time") {
    const OrderFindings found = findings<model::QueueOrders{
        .publish = std::memory_order_seq_cst, .reclaim = std::memory_order_seq_cst}>();
    CHECK(found.original.verdict == Verdict::verified);
    CHECK(texts(found) == std::vector<std::string>{"load acquire > relaxed data race",
                                                   "load seq_cst > acquire verified",
                                                   "store release > relaxed data race",
                                                   "store seq_cst > release verified"});
}

TEST_CASE("orders: nothing is made weaker of what is violated as it is") {
    const OrderFindings found =
        findings<model::QueueOrders{.publish = std::memory_order_relaxed}>();
    CHECK(found.original.verdict == Verdict::violated);
    CHECK(found.findings.empty());
}

TEST_CASE("orders: the protocols of the catalog name places in the queue") {
    const auto& catalog = checker::catalog();
    const auto queue = std::ranges::find(catalog, "spsc_queue", &checker::ProtocolEntry::name);
    REQUIRE(queue != catalog.end());
    checker::CheckOptions check;
    check.bounds = {{"pushes", 4}, {"pops", 4}};
    const OrderFindings found = queue->engines.front().variants.front().orders(check);
    CHECK(found.original.verdict == Verdict::verified);
    CHECK(found.findings.size() == 4);
    std::vector<std::string> lengths;
    for (const OrderFinding& each : found.findings) {
        CHECK(each.is_necessary());
        CHECK(each.place.starts_with("protocols/model/spsc_queue.hpp:"));
        const std::string& shrunk = each.report.shrunk;
        lengths.push_back(std::to_string(each.report.trace->events.size()) + " " +
                          shrunk.substr(0, shrunk.find(" in ")));
    }
    // What is shown has no messages that it can do without.
    std::ranges::sort(lengths);
    CHECK(lengths == std::vector<std::string>{"12 from 4 to 4 events", "12 from 4 to 4 events",
                                              "13 from 4 to 3 events (4 to 3 messages)",
                                              "13 from 4 to 3 events (4 to 3 messages)"});
}

}  // namespace parley::tests
