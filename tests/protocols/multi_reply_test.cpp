#include "parley/protocols/multi_reply.hpp"

#include "parley/tests/protocols/link.hpp"

#include <catch2/catch.hpp>

namespace parley::protocols::multi_reply {
namespace {

struct Work : Link<Requester, Worker> {
    using Link::Link;

    void begin() {
        REQUIRE(requester.request(7, left));
        REQUIRE(right.poll(worker, 1) == 1);
    }

    Requester requester;
    Worker worker;
};

TEST_CASE("multi_reply: progress comes phase by phase, then the final reply") {
    Work work{4};
    work.begin();
    CHECK(work.worker.argument == 7);
    for (unsigned phase = 1; phase <= 2; ++phase) {
        work.worker.advance(work.right);
        CHECK(work.left.poll(work.requester, 1) == 1);
        CHECK(work.requester.phase == phase);
    }
    work.worker.finish(49, work.right);
    CHECK(work.left.poll(work.requester, 1) == 1);
    CHECK(work.requester.can_request());
    CHECK(work.requester.result == 49);
    CHECK(work.requester.phase == 2);
    CHECK(work.left.rejected() + work.right.rejected() == 0);
}

TEST_CASE("multi_reply: progress that finds the queue full is merged into the newest") {
    Work work{1};
    work.begin();
    for (int i = 0; i < 3; ++i) work.worker.advance(work.right);
    CHECK(work.worker.has_pending());
    CHECK(work.left.poll(work.requester, 1) == 1);
    CHECK(work.requester.phase == 1);

    work.right.poll(work.worker, 0);
    CHECK_FALSE(work.worker.has_pending());
    CHECK(work.left.poll(work.requester, 1) == 1);
    CHECK(work.requester.phase == 3);
}

TEST_CASE("multi_reply: a final reply that finds the queue full is kept and sent once") {
    Work work{1};
    work.begin();
    work.worker.advance(work.right);
    work.worker.finish(49, work.right);
    CHECK_FALSE(work.worker.is_working());
    CHECK(work.worker.has_pending());
    work.worker.flush(work.right);
    CHECK(work.worker.has_pending());

    work.left.poll(work.requester, 1);
    work.right.poll(work.worker, 0);
    CHECK_FALSE(work.worker.has_pending());
    work.worker.flush(work.right);
    CHECK(work.left.poll(work.requester, 4) == 1);
    CHECK(work.requester.result == 49);
}

TEST_CASE("multi_reply: the final reply stands for progress that was not sent") {
    Work work{1};
    work.begin();
    work.worker.advance(work.right);
    work.worker.advance(work.right);
    work.worker.finish(49, work.right);
    work.left.poll(work.requester, 1);
    work.worker.flush(work.right);
    CHECK(work.left.poll(work.requester, 4) == 1);
    CHECK(work.requester.phase == 2);
    CHECK(work.requester.can_request());
}

TEST_CASE("multi_reply: one request is open at a time") {
    Work work{4};
    work.begin();
    CHECK_FALSE(work.requester.request(8, work.left));
    work.worker.finish(0, work.right);
    work.left.poll(work.requester, 1);
    CHECK(work.requester.request(8, work.left));
    work.right.poll(work.worker, 1);
    CHECK(work.worker.round == 2);
    CHECK(work.worker.phase == 0);
}

TEST_CASE("multi_reply: a full queue of requests is reported") {
    Link<Requester, Worker> link{1};
    Requester requester;
    REQUIRE(link.left.send(Request{1, 0}));
    CHECK_FALSE(requester.request(7, link.left));
    CHECK(requester == Requester{});
}

TEST_CASE("multi_reply: replies of another round, old phases and second finals are rejected") {
    Work work{4};
    work.begin();
    work.worker.advance(work.right);
    work.left.poll(work.requester, 1);
    REQUIRE(work.right.send(Progress{1, 1}));
    REQUIRE(work.right.send(Progress{2, 5}));
    REQUIRE(work.right.send(Final{2, 5, 0}));
    REQUIRE(work.right.send(Final{1, 0, 0}));
    work.left.poll(work.requester, 4);
    CHECK(work.left.rejected() == 4);

    REQUIRE(work.right.send(Final{1, 1, 0}));
    REQUIRE(work.right.send(Final{1, 1, 0}));
    REQUIRE(work.right.send(Progress{1, 2}));
    work.left.poll(work.requester, 3);
    CHECK(work.left.rejected() == 6);
}

TEST_CASE("multi_reply: a request that comes while one is worked on is rejected") {
    Work work{4};
    work.begin();
    REQUIRE(work.left.send(Request{2, 8}));
    work.right.poll(work.worker, 1);
    CHECK(work.right.rejected() == 1);
    CHECK(work.worker.round == 1);
}

}  // namespace
}  // namespace parley::protocols::multi_reply
