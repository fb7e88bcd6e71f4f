#include "parley/protocols/stream.hpp"

#include "parley/tests/protocols/counted.hpp"
#include "parley/tests/protocols/link.hpp"

#include <catch2/catch.hpp>

#include <utility>

namespace parley::protocols::stream {
namespace {

using TestSink = Sink<Counted>;
using TestSource = Source<Counted>;

struct Flow : Link<TestSink, TestSource> {
    using Link::Link;

    bool next(int value) {
        auto buffer = right.make<Counted>(value);
        return source.next(buffer, right);
    }
    void ask(std::uint32_t count) {
        REQUIRE(sink.request(count, left));
        REQUIRE(right.poll(source, 1) == 1);
    }

    TestSink sink;
    TestSource source;
};

TEST_CASE("stream: items come on demand, in order, then the end") {
    Flow flow{4};
    CHECK_FALSE(flow.next(10));
    flow.ask(2);
    REQUIRE(flow.next(10));
    REQUIRE(flow.next(20));
    CHECK_FALSE(flow.next(30));
    flow.source.complete(flow.right);
    for (const int value : {10, 20}) {
        REQUIRE(flow.left.poll(flow.sink, 1) == 1);
        REQUIRE(flow.sink.has_item());
        CHECK(flow.left.access(flow.sink.buffer).value == value);
        flow.left.destroy(flow.sink.take());
    }
    flow.left.poll(flow.sink, 1);
    CHECK(flow.sink.state == TestSink::State::ended);
    CHECK(flow.sink.end == End::completed);
    CHECK_FALSE(flow.sink.cancel(flow.left));
    CHECK_FALSE(flow.sink.request(1, flow.left));
    CHECK(flow.left.rejected() == 0);
    CHECK(Counted::alive == 0);
}

TEST_CASE("stream: a failure is an end with a reason") {
    Flow flow{2};
    flow.source.fail(7, flow.right);
    flow.source.complete(flow.right);
    CHECK(flow.left.poll(flow.sink, 2) == 1);
    CHECK(flow.sink.end == End::failed);
    CHECK(flow.sink.reason == 7);
}

TEST_CASE("stream: an item that crosses Cancel is taken, and Cancelled is the last") {
    Flow flow{2};
    flow.ask(2);
    REQUIRE(flow.sink.cancel(flow.left));
    REQUIRE(flow.next(10));
    flow.right.poll(flow.source, 1);
    CHECK_FALSE(flow.next(20));
    CHECK(flow.left.poll(flow.sink, 1) == 1);
    flow.left.destroy(flow.sink.take());
    CHECK(flow.left.poll(flow.sink, 1) == 1);
    CHECK(flow.sink.end == End::cancelled);
    CHECK(flow.sink.count == 1);
    CHECK(flow.left.rejected() == 0);
}

TEST_CASE("stream: Cancel and Request that cross the end are without effect") {
    Flow flow{2};
    REQUIRE(flow.sink.request(1, flow.left));
    REQUIRE(flow.sink.cancel(flow.left));
    flow.source.complete(flow.right);
    CHECK(flow.right.poll(flow.source, 2) == 2);
    CHECK(flow.right.rejected() == 0);
    CHECK(flow.left.poll(flow.sink, 2) == 1);
    CHECK(flow.sink.end == End::completed);
}

TEST_CASE("stream: an end that finds no room is kept, and full queues are reported") {
    Flow flow{1};
    flow.ask(2);
    REQUIRE(flow.next(10));
    CHECK_FALSE(flow.next(20));
    flow.source.complete(flow.right);
    CHECK(flow.source.has_pending());
    REQUIRE(flow.sink.request(1, flow.left));
    CHECK_FALSE(flow.sink.request(1, flow.left));
    CHECK_FALSE(flow.sink.cancel(flow.left));
    CHECK(flow.sink.state == TestSink::State::open);
    flow.left.poll(flow.sink, 1);
    flow.left.destroy(flow.sink.take());
    flow.right.poll(flow.source, 1);
    CHECK_FALSE(flow.source.has_pending());
    CHECK(flow.left.poll(flow.sink, 1) == 1);
    CHECK(flow.sink.end == End::completed);
}

TEST_CASE("stream: items that were not asked for, out of order or after the end are rejected") {
    Flow flow{4};
    REQUIRE(flow.right.send(Next<Counted>{0, {}}));
    REQUIRE(flow.right.send(Cancelled{0}));
    REQUIRE(flow.right.send(Completed{1}));
    flow.left.poll(flow.sink, 3);
    CHECK(flow.left.rejected() == 3);
    flow.ask(1);
    REQUIRE(flow.right.send(Next<Counted>{1, {}}));
    REQUIRE(flow.right.send(Completed{0}));
    REQUIRE(flow.right.send(Completed{0}));
    flow.left.poll(flow.sink, 3);
    CHECK(flow.left.rejected() == 5);
}

}  // namespace
}  // namespace parley::protocols::stream
