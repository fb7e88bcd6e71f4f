#include "parley/tests/checker/rc11/agreement.hpp"
#include "parley/tests/checker/rc11/random_programs.hpp"

#include "parley/checker/number.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <string>

namespace parley::tests {

namespace {

/// How many programs there are in each of four tests; PARLEY_RANDOM_PROGRAMS is for all of them.
std::uint64_t programs_wanted() {
    const char* text = std::getenv("PARLEY_RANDOM_PROGRAMS");
    const auto number = checker::read_number<std::uint64_t>(text != nullptr ? text : "");
    return number.value_or(2000) / 4;
}

/// Compares programs `first`, `first + 1`, ... with the enumerator.
void compare(std::uint64_t first, std::uint64_t wanted) {
    std::uint64_t compared = 0;
    std::uint64_t executions = 0;
    for (std::uint64_t i = first; i < first + wanted; ++i) {
        const LitmusTest test = RandomProgram(i).generate();
        const auto differs = difference(test);
        if (!differs) continue;
        ++compared;
        executions += engine_executions(test).explored.complete;
        INFO("program " << i);
        REQUIRE(*differs == "");
    }
    // Few programs are too large for the enumerator, and most have many executions.
    CHECK(compared >= wanted * 9 / 10);
    CHECK(executions >= compared * 5);
}

}  // namespace

TEST_CASE("rc11: some random programs have the executions of the enumerator") {
    compare(1'000'000, 500);
}
TEST_CASE("rc11: random programs have the executions of the enumerator (1)", "[large]") {
    compare(0, programs_wanted());
}
TEST_CASE("rc11: random programs have the executions of the enumerator (2)", "[large]") {
    compare(programs_wanted(), programs_wanted());
}
TEST_CASE("rc11: random programs have the executions of the enumerator (3)", "[large]") {
    compare(2 * programs_wanted(), programs_wanted());
}
TEST_CASE("rc11: random programs have the executions of the enumerator (4)", "[large]") {
    compare(3 * programs_wanted(), programs_wanted());
}

}  // namespace parley::tests
