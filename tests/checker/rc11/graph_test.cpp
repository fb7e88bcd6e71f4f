#include "parley/checker/rc11/graph.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace parley::tests {

using rc11::ConstClock;
using rc11::EventId;
using rc11::Graph;
using rc11::Order;
using rc11::Seen;
using rc11::ThreadId;
using Step = rc11::Operation::Kind;

namespace {

/// Thread 1 passes a value on to thread 0 by a release and an acquire, and thread 0 fences and
/// writes. Before that it has read another object, which is event 2, and written to a third one.
Graph passed_on() {
    Graph graph;
    graph.clear(2);
    graph.set_initial_value(0, 0);
    graph.set_initial_value(1, 0);
    graph.set_initial_value(2, 0);
    graph.add_other(0, {.kind = Step::begin}, rc11::initial, 0);
    graph.add_other(1, {.kind = Step::begin}, rc11::initial, 0);
    graph.add_read(0, {.kind = Step::load, .location = 1}, rc11::initial);
    graph.add_write(0, {.kind = Step::store, .order = Order::release, .location = 2}, 3, 1);
    const EventId write =
        graph.add_write(1, {.kind = Step::store, .order = Order::release, .value = 1}, 1, 1);
    graph.add_read(0, {.kind = Step::load, .order = Order::acquire}, write);
    graph.add_other(0, {.kind = Step::fence, .order = Order::acq_rel}, rc11::initial, 0);
    graph.add_write(0, {.kind = Step::store, .location = 1, .value = 2}, 2, 1);
    return graph;
}

/// All that the events have seen, of four threads; only writes have something that is released.
std::vector<std::uint32_t> all_seen(const Graph& graph) {
    std::vector<std::uint32_t> all;
    for (EventId event = 0; event < graph.size(); ++event) {
        for (const Seen seen :
             {Seen::happens_before, Seen::porf, Seen::pending, Seen::fenced, Seen::released}) {
            if (seen == Seen::released && !graph.at(event).is_write()) continue;
            const ConstClock clock = graph.seen(event, seen);
            for (ThreadId thread = 0; thread < 4; ++thread) {
                all.push_back(thread < clock.size() ? clock[thread] : 0);
            }
        }
    }
    return all;
}

}  // namespace

TEST_CASE("rc11: a graph that is put back is what it was, also when more threads came meanwhile") {
    const ThreadId newcomer = GENERATE(ThreadId{2}, ThreadId{6});
    const Graph before = passed_on();
    Graph graph = before;
    Graph::Rest rest;
    const EventId read = 2;
    graph.restrict(read, graph.seen_by(1, Seen::porf), rest);
    REQUIRE(graph.size() == 4);  // the read, which is detached, and the write of the other thread
    // In the places of all that comes back.
    graph.add_other(newcomer, {.kind = Step::begin}, rc11::initial, 0);
    for (std::uint32_t position = 1; graph.size() < before.size(); ++position) {
        graph.add_write(newcomer, {.kind = Step::store, .order = Order::release, .location = 2},
                        position, position);
    }
    graph.restore(read, rest, before.size());
    CHECK(graph.threads() == newcomer + 1);
    CHECK(all_seen(graph) == all_seen(before));
    for (EventId event = 0; event < before.size(); ++event) {
        CHECK(graph.at(event).source == before.at(event).source);
        CHECK(graph.at(event).position == before.at(event).position);
        const ConstClock seen = graph.seen(event, Seen::porf);
        CHECK(seen[newcomer] == 0);
    }
    CHECK(graph.location(0).order == before.location(0).order);
    CHECK(graph.location(1).order == before.location(1).order);
    CHECK(graph.location(2).order == before.location(2).order);
}

}  // namespace parley::tests
