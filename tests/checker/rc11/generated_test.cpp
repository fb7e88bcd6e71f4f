#include "parley/tests/checker/rc11/agreement.hpp"
#include "parley/tests/checker/rc11/programs.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <vector>

namespace parley::tests {

namespace {

/// A shape of a litmus test: the accesses of each thread, with open orders.
struct Access {
    bool is_write = false;
    LocationId location = 0;
    std::int64_t value = 0;
};
using Shape = std::vector<std::vector<Access>>;

constexpr Access write(LocationId location, std::int64_t value = 1) {
    return {true, location, value};
}
constexpr Access read(LocationId location) {
    return {false, location, 0};
}

/// What is between the first two accesses of a thread, and the orders of all of its accesses.
struct Strength {
    Order write = relaxed;
    Order read = relaxed;
    Order between = relaxed;  ///< a fence, unless it is relaxed
};

const std::vector<Strength>& strengths() {
    static const std::vector<Strength> all{
        {relaxed, relaxed, relaxed}, {release, acquire, relaxed}, {seq_cst, seq_cst, relaxed},
        {relaxed, relaxed, release}, {relaxed, relaxed, acquire}, {relaxed, relaxed, acq_rel},
        {relaxed, relaxed, seq_cst}, {seq_cst, relaxed, relaxed}, {relaxed, seq_cst, relaxed},
    };
    return all;
}

Code code_of(const std::vector<Access>& accesses, const Strength& strength) {
    Code code;
    std::size_t next_register = 0;
    for (const Access& access : accesses) {
        if (!code.empty() && strength.between != relaxed) code.push_back(fence(strength.between));
        code.push_back(access.is_write ? store(access.location, access.value, strength.write)
                                       : load(next_register++, access.location, strength.read));
    }
    return code;
}

struct Total {
    std::uint64_t programs = 0;
    std::uint64_t executions = 0;
};

/// All ways to give each thread of the shape one of the strengths; those of one access take one of
/// three.
Total compare_all(const Shape& shape) {
    Total total;
    std::vector<std::size_t> picked(shape.size(), 0);
    const auto options = [&](std::size_t thread) {
        return shape[thread].size() == 1 ? std::size_t{3} : strengths().size();
    };
    while (true) {
        std::vector<Code> threads;
        for (std::size_t i = 0; i < shape.size(); ++i) {
            threads.push_back(code_of(shape[i], strengths()[picked[i]]));
        }
        const LitmusTest test = program(threads);
        const auto differs = difference(test);
        REQUIRE(differs.has_value());
        REQUIRE(*differs == "");
        ++total.programs;
        total.executions += engine_executions(test).explored.complete;
        std::size_t i = 0;
        while (i < shape.size() && ++picked[i] == options(i)) picked[i++] = 0;
        if (i == shape.size()) return total;
    }
}

/// Shapes of the litmus literature, each with all orders and fences above, and how many programs
/// and executions that makes. Each program is compared with the enumerator as well.
void check_shape(const Shape& shape, std::uint64_t programs, std::uint64_t executions) {
    const Total total = compare_all(shape);
    CHECK(total.programs == programs);
    CHECK(total.executions == executions);
}

}  // namespace

TEST_CASE("rc11: generated SB") {
    check_shape({{write(x), read(y)}, {write(y), read(x)}}, 81, 320);
}
TEST_CASE("rc11: generated MP") {
    check_shape({{write(x), write(y)}, {read(y), read(x)}}, 81, 288);
}
TEST_CASE("rc11: generated LB") {
    check_shape({{read(x), write(y)}, {read(y), write(x)}}, 81, 243);
}
TEST_CASE("rc11: generated S") {
    check_shape({{write(x, 2), write(y)}, {read(y), write(x)}}, 81, 288);
}
TEST_CASE("rc11: generated R") {
    check_shape({{write(x), write(y)}, {write(y, 2), read(x)}}, 81, 318);
}
TEST_CASE("rc11: generated 2+2W") {
    check_shape({{write(x), write(y, 2)}, {write(y), write(x, 2)}}, 81, 315);
}
TEST_CASE("rc11: generated CoRR2 and CoWR") {
    check_shape({{write(x), read(x)}, {write(x, 2), read(x)}}, 81, 324);
    check_shape({{write(x)}, {write(x, 2)}, {read(x), read(x)}}, 81, 972);
}
TEST_CASE("rc11: generated WRC") {
    check_shape({{write(x)}, {read(x), write(y)}, {read(y), read(x)}}, 243, 1836);
}
TEST_CASE("rc11: generated RWC") {
    check_shape({{write(x)}, {read(x), read(y)}, {write(y), read(x)}}, 243, 1935);
}
TEST_CASE("rc11: generated ISA2") {
    check_shape({{write(x), write(y)}, {read(y), write(z)}, {read(z), read(x)}}, 729, 5684);
}
TEST_CASE("rc11: generated W+RWC") {
    check_shape({{write(x), write(y)}, {read(y), read(z)}, {write(z), read(x)}}, 729, 5802);
}
TEST_CASE("rc11: generated Z6") {
    check_shape({{write(x), write(y)}, {write(y, 2), write(z)}, {read(z), read(x)}}, 729, 5787);
}
TEST_CASE("rc11: generated IRIW") {
    check_shape({{write(x)}, {write(y)}, {read(x), read(y)}, {read(y), read(x)}}, 729, 11'643);
}
TEST_CASE("rc11: generated 3.SB") {
    check_shape({{write(x), read(y)}, {write(y), read(z)}, {write(z), read(x)}}, 729, 5824);
}

}  // namespace parley::tests
