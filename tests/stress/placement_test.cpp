#include "parley/stress/placement.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <thread>
#include <utility>
#include <vector>

#include <sched.h>

namespace parley::stress {

using model::Party;

TEST_CASE("placement: with one processor there is only the same core") {
    CHECK(available_placements(1) == std::vector{Placement::same_core});
    CHECK(available_placements(2).size() == 3);
    CHECK(cpus_for(Placement::same_core, Party::right, 5, {3}) == std::vector{3});
}

TEST_CASE("placement: different cores turn over all ordered pairs") {
    const std::vector<int> cpus{2, 5, 7};
    std::set<std::pair<int, int>> pairs;
    for (std::size_t turn = 0; turn < 6; ++turn) {
        const auto left = cpus_for(Placement::different_cores, Party::left, turn, cpus);
        const auto right = cpus_for(Placement::different_cores, Party::right, turn, cpus);
        REQUIRE(left.size() == 1);
        REQUIRE(right.size() == 1);
        CHECK(left != right);
        pairs.emplace(left[0], right[0]);
    }
    CHECK(pairs.size() == 6);
}

TEST_CASE("placement: the same core is the same for both, and unpinned is everywhere") {
    const std::vector<int> cpus{2, 5};
    for (std::size_t turn = 0; turn < 4; ++turn) {
        CHECK(cpus_for(Placement::same_core, Party::left, turn, cpus) ==
              cpus_for(Placement::same_core, Party::right, turn, cpus));
        CHECK(cpus_for(Placement::unpinned, Party::left, turn, cpus) == cpus);
    }
}

TEST_CASE("placement: a pinned thread runs where it was put") {
    for (const int cpu : allowed_cpus()) {
        std::thread([cpu] {
            CHECK(pin_this_thread({cpu}));
            CHECK(sched_getcpu() == cpu);
            CHECK(allowed_cpus() == std::vector{cpu});
        }).join();
    }
    CHECK_FALSE(pin_this_thread({}));
}

}  // namespace parley::stress
