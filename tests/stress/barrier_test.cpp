#include "parley/stress/barrier.hpp"

#include "parley/stress/placement.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace parley::stress {
namespace {

/// Both threads count up in turn; neither may ever be a round ahead.
int count_rounds(SpinBarrier& barrier, int rounds, int& mismatches) {
    int mine = 0;
    int others = 0;
    std::thread other([&] {
        for (int i = 0; i < rounds; ++i) {
            ++others;
            barrier.arrive_and_wait();
            barrier.arrive_and_wait();
        }
    });
    for (int i = 0; i < rounds; ++i) {
        ++mine;
        barrier.arrive_and_wait();
        if (mine != others) ++mismatches;
        barrier.arrive_and_wait();
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

TEST_CASE("barrier: it works on a single core, with and without spinning") {
    const std::vector<int> cpus = allowed_cpus();
    REQUIRE(pin_this_thread({cpus.front()}));  // threads inherit it
    for (const std::uint32_t spins_max : {0U, spins_default}) {
        SpinBarrier barrier(spins_max);
        int mismatches = 0;
        CHECK(count_rounds(barrier, 500, mismatches) == 500);
        CHECK(mismatches == 0);
    }
    REQUIRE(pin_this_thread(cpus));
}

TEST_CASE("barrier: a thread that waits in vain leaves when it is told, spinning or asleep") {
    for (const std::uint32_t spins_max : {0U, UINT32_MAX}) {
        SpinBarrier barrier(spins_max);
        bool is_let_through = true;
        std::thread waiting([&] { is_let_through = barrier.arrive_and_wait(); });
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        barrier.abandon();
        waiting.join();
        CHECK_FALSE(is_let_through);
        CHECK_FALSE(barrier.arrive_and_wait());
    }
}

}  // namespace parley::stress
