#include "parley/stress/barrier.hpp"

#include "parley/stress/placement.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

namespace parley::stress {
namespace {

/// Both threads count up in turn; neither may ever be a round ahead.
int count_rounds(SpinBarrier& barrier, int rounds, int& mismatches) {
    const std::atomic<bool> abandoned = false;
    int mine = 0;
    int others = 0;
    std::thread other([&] {
        for (int i = 0; i < rounds; ++i) {
            ++others;
            barrier.arrive_and_wait(abandoned);
            barrier.arrive_and_wait(abandoned);
        }
    });
    for (int i = 0; i < rounds; ++i) {
        ++mine;
        barrier.arrive_and_wait(abandoned);
        if (mine != others) ++mismatches;
        barrier.arrive_and_wait(abandoned);
    }
    other.join();
    return mine;
}

}  // namespace

TEST_CASE("barrier: neither thread is ever a round ahead, and plain writes are seen") {
    SpinBarrier barrier;
    int mismatches = 0;
    CHECK(count_rounds(barrier, 5000, mismatches) == 5000);
    CHECK(mismatches == 0);
}

TEST_CASE("barrier: it works on a single core") {
    const std::vector<int> cpus = allowed_cpus();
    REQUIRE(pin_this_thread({cpus.front()}));  // threads inherit it
    SpinBarrier barrier;
    int mismatches = 0;
    CHECK(count_rounds(barrier, 200, mismatches) == 200);
    CHECK(mismatches == 0);
    REQUIRE(pin_this_thread(cpus));
}

TEST_CASE("barrier: a thread that waits in vain leaves when it is told") {
    SpinBarrier barrier;
    std::atomic<bool> abandoned = false;
    std::thread waiting([&] { CHECK_FALSE(barrier.arrive_and_wait(abandoned)); });
    abandoned = true;
    waiting.join();
    barrier.reset();
    int mismatches = 0;
    CHECK(count_rounds(barrier, 10, mismatches) == 10);
}

}  // namespace parley::stress
