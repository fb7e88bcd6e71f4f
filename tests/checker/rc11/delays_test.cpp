#include "parley/checker/rc11/delays.hpp"
#include "parley/checker/rc11/graph.hpp"

#include <catch2/catch.hpp>

namespace parley::tests {

using rc11::Delays;
using rc11::EventId;
using rc11::Graph;
using Step = rc11::Operation::Kind;

TEST_CASE("rc11: a delay counts until its thread has taken the read") {
    Graph graph;
    graph.clear(2);
    graph.set_initial_value(0, 0);
    graph.add_other(0, {.kind = Step::begin}, rc11::initial, 0);
    graph.add_other(1, {.kind = Step::begin}, rc11::initial, 0);
    Delays delays;
    delays.add({.thread = 0, .index = 1, .source = rc11::initial, .writes = 1, .size = 2});
    CHECK(delays.is_delayed(graph, 0));
    CHECK_FALSE(delays.is_delayed(graph, 1));

    const EventId write = graph.add_write(1, {.kind = Step::store, .value = 1}, 1, 1);
    CHECK_FALSE(delays.is_delayed(graph, 0));
    delays.add({.thread = 0, .index = 1, .source = write, .writes = 2, .size = 3});
    delays.add({.thread = 1, .index = 2, .source = write, .writes = 2, .size = 3});
    CHECK(delays.is_delayed(graph, 0));
    CHECK(delays.is_delayed(graph, 1));
    // With each source that it has waited with.
    CHECK(delays.is_known_to_wait(graph, 0, write));
    CHECK(delays.is_known_to_wait(graph, 0, rc11::initial));
    CHECK_FALSE(delays.is_known_to_wait(graph, 1, rc11::initial));

    graph.add_read(0, {.kind = Step::load}, write);
    CHECK_FALSE(delays.is_delayed(graph, 0));
    CHECK_FALSE(delays.is_known_to_wait(graph, 0, write));
    CHECK(delays.is_delayed(graph, 1));
}

TEST_CASE("rc11: a delay that is forgotten leaves the one before") {
    Graph graph;
    graph.clear(1);
    graph.set_initial_value(0, 0);
    graph.add_other(0, {.kind = Step::begin}, rc11::initial, 0);
    Delays delays;
    delays.add({.thread = 0, .index = 1, .source = rc11::initial, .writes = 1, .size = 1});
    delays.add({.thread = 0, .index = 1, .size = 2, .is_over = true});
    CHECK_FALSE(delays.is_delayed(graph, 0));
    CHECK(delays.is_over(0, 1));

    delays.forget(1);
    CHECK(delays.is_delayed(graph, 0));
    CHECK_FALSE(delays.is_over(0, 1));

    delays.forget(0);
    CHECK(delays.is_empty());
    CHECK_FALSE(delays.is_delayed(graph, 0));
}

}  // namespace parley::tests
