#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>

namespace parley::tests {

namespace {

std::atomic<int> x = 0;

VerifyOptions with(unsigned workers) {
    VerifyOptions options;
    options.workers = workers;
    return options;
}

void write_often(int value) {
    for (int i = 0; i < 6; ++i) x.store(value, relaxed);
}

/// Two threads that each write six times: 924 executions, as many as there are ways to order twelve
/// writes of which six are of each, and by symmetry each is the last one to write in half of them.
void write_in_turn() {
    std::thread first(write_often, 1);
    std::thread second(write_often, 2);
    first.join();
    second.join();
    rc11::outcome(x.load(relaxed) == 1 ? "the first" : "the second");
}

/// Wrong where the reader has seen most of what is written, late.
void read_late() {
    std::thread writer([] {
        for (int i = 1; i <= 5; ++i) x.store(i, relaxed);
    });
    for (int i = 1; i <= 5; ++i) {
        const int seen = x.load(relaxed);
        if (i == 4) rc11::check(seen != 3, "it is not late");
    }
    writer.join();
}

/// Crashes when the reader sees what is written.
void crash() {
    std::thread writer([] { x.store(1, relaxed); });
    volatile int* volatile nowhere = nullptr;
    if (x.load(relaxed) == 1) *nowhere = 1;
    writer.join();
}

const std::map<std::string, std::uint64_t> half_and_half{{"the first", 462}, {"the second", 462}};

}  // namespace

TEST_CASE("workers: their number changes nothing") {
    const Verification wrong_alone = verify(read_late, with(1));
    REQUIRE(wrong_alone.result == Result::violated);
    for (const unsigned workers : {1U, 2U, 3U, 7U}) {
        const Verification shared = verify(write_in_turn, with(workers));
        check_verified(shared, 924);
        CHECK(shared.blocked == 0);
        CHECK(shared.outcomes == half_and_half);
        const Verification wrong = verify(read_late, with(workers));
        CHECK(text_of(wrong) == text_of(wrong_alone));
        CHECK(wrong.executions + wrong.blocked > 1);
    }
}

TEST_CASE("workers: a limit is the same for all together") {
    for (const unsigned workers : {1U, 2U, 5U}) {
        VerifyOptions options = with(workers);
        options.executions_max = 500;
        const Verification cut = verify(write_in_turn, options);
        check_ends(cut, Result::incomplete, "500 executions");
        CHECK(cut.executions == 500);
    }
}

TEST_CASE("workers: all shards together are the whole search, and one is not") {
    std::uint64_t executions = 0;
    std::map<std::string, std::uint64_t> outcomes;
    for (const std::uint32_t shard : {1U, 2U, 3U}) {
        VerifyOptions options = with(2);
        options.shard = shard;
        options.shards = 3;
        const Verification part = verify(write_in_turn, options);
        CHECK(part.result == Result::verified);
        CHECK(part.executions > 0);
        CHECK(part.executions < 924);
        executions += part.executions;
        for (const auto& [text, count] : part.outcomes) outcomes[text] += count;
    }
    CHECK(executions == 924);
    CHECK(outcomes == half_and_half);
    VerifyOptions beyond;
    beyond.shard = 4;
    beyond.shards = 3;
    CHECK_THROWS(verify(write_in_turn, beyond));
}

TEST_CASE("workers: one that crashes is a finding and not the end") {
    check_violated(verify(crash, with(2)), "ended by SEGV");
    check_verified(verify(write_in_turn, with(2)), 924);
}

TEST_CASE("workers: what one leaves in memory from outside no other one sees") {
    // The search starts over in each worker as soon as something is on the stack of another thread.
    const auto share_local = [] {
        std::atomic<int> local = 0;
        std::thread writer([&local] {
            for (int i = 0; i < 6; ++i) local.store(1, relaxed);
        });
        for (int i = 0; i < 6; ++i) local.store(2, relaxed);
        writer.join();
        rc11::outcome(local.load(relaxed) == 1 ? "the first" : "the second");
    };
    const Verification shared = verify(share_local, with(2));
    check_verified(shared, 924);
    CHECK(shared.outcomes == half_and_half);
    CHECK(x.load() == 0);
}

}  // namespace parley::tests
