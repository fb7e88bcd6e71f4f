#include "parley/tests/checker/rc11/agreement.hpp"
#include "parley/tests/checker/rc11/random_programs.hpp"

#include "parley/checker/number.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <string>

namespace parley::tests {

namespace {

/// How many programs the tests of this file take together; PARLEY_RANDOM_PROGRAMS says otherwise.
std::uint64_t programs_wanted() {
    const char* text = std::getenv("PARLEY_RANDOM_PROGRAMS");
    const auto number = checker::read_number<std::uint64_t>(text != nullptr ? text : "");
    return number.value_or(2000);
}

/// Compares programs `part`, `part + 4`, ... with the enumerator.
void compare_part(std::uint64_t part) {
    std::uint64_t compared = 0;
    std::uint64_t executions = 0;
    const std::uint64_t wanted = programs_wanted();
    for (std::uint64_t i = part * wanted / 4; i < (part + 1) * wanted / 4; ++i) {
        const LitmusTest test = RandomProgram(i).generate();
        const auto differs = difference(test);
        if (!differs) continue;
        ++compared;
        executions += engine_executions(test).explored.complete;
        INFO("program " << i);
        REQUIRE(*differs == "");
    }
    // Few programs are too large for the enumerator, and most have many executions.
    CHECK(compared >= wanted / 4 * 9 / 10);
    CHECK(executions >= compared * 5);
}

}  // namespace

TEST_CASE("rc11: random programs have the executions of the enumerator (1)") {
    compare_part(0);
}
TEST_CASE("rc11: random programs have the executions of the enumerator (2)", "[large]") {
    compare_part(1);
}
TEST_CASE("rc11: random programs have the executions of the enumerator (3)", "[large]") {
    compare_part(2);
}
TEST_CASE("rc11: random programs have the executions of the enumerator (4)", "[large]") {
    compare_part(3);
}

}  // namespace parley::tests
