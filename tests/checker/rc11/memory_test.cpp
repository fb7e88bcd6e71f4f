#include "parley/tests/checker/rc11/programs.hpp"

#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/litmus_program.hpp"

#include <malloc.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

/// A search needs memory for the longest execution, not for their number.
namespace parley::tests {

namespace {

/// What is on the heap of the process, small blocks and large ones.
std::size_t bytes_in_use() {
    const auto all = mallinfo2();
    return all.uordblks + all.hblkhd;
}

/// What a thread does in turn with two locations, which another one does the other way round.
Code turns(LocationId own, LocationId other) {
    return {load(0, other, acquire), store(own, 1, release),   add(1, other, acq_rel),
            load(2, own, acquire),   store(other, 7, release), load(3, other, acquire),
            store(own, 2, release)};
}

}  // namespace

TEST_CASE("rc11: ten times as many executions take as much memory", "[heap_counts]") {
    const LitmusTest test = program({turns(x, y), turns(y, x), turns(x, y)});
    rc11::LitmusProgram runs(test);
    rc11::ExploreOptions options;
    std::uint64_t executions = 0;
    std::size_t first = 0;
    std::size_t last = 0;
    constexpr std::uint64_t few = 2'000;
    const std::size_t before = bytes_in_use();
    options.on_end = [&](const rc11::Graph&, rc11::Ending) {
        ++executions;
        std::size_t& most = executions <= few ? first : last;
        most = std::max(most, bytes_in_use() - before);
    };
    options.executions_max = 11 * few;
    const rc11::ExploreResult result = rc11::explore(runs, options);
    REQUIRE(result.complete + result.blocked == 11 * few);
    REQUIRE(first > 0);
    INFO(first << " bytes, then " << last);
    // Some execution may be longer than those so far.
    CHECK(last <= first + first / 2);
}

}  // namespace parley::tests
