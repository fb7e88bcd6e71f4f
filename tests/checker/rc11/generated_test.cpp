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

/// The orders of the accesses of a thread, first and later ones, and what is between them.
struct Strength {
    Order write = relaxed;
    Order read = relaxed;
    Order between = relaxed;  ///< a fence, unless it is relaxed
    Order later_write = write;
    Order later_read = read;
};

const std::vector<Strength>& strengths() {
    static const std::vector<Strength> all{
        {relaxed, relaxed, relaxed},
        {release, acquire, relaxed},
        {seq_cst, seq_cst, relaxed},
        {relaxed, relaxed, release},
        {relaxed, relaxed, acquire},
        {relaxed, relaxed, acq_rel},
        {relaxed, relaxed, seq_cst},
        {seq_cst, relaxed, relaxed},
        {relaxed, seq_cst, relaxed},
        {seq_cst, seq_cst, relaxed, release, acquire},
        {release, acquire, relaxed, seq_cst, seq_cst},
    };
    return all;
}

Code code_of(const std::vector<Access>& accesses, const Strength& strength) {
    Code code;
    std::size_t next_register = 0;
    for (const Access& access : accesses) {
        const bool is_first = code.empty();
        if (!is_first && strength.between != relaxed) code.push_back(fence(strength.between));
        const Order write = is_first ? strength.write : strength.later_write;
        const Order read = is_first ? strength.read : strength.later_read;
        code.push_back(access.is_write ? store(access.location, access.value, write)
                                       : load(next_register++, access.location, read));
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
    check_shape({{write(x), read(y)}, {write(y), read(x)}}, 121, 480);
}
TEST_CASE("rc11: generated MP") {
    check_shape({{write(x), write(y)}, {read(y), read(x)}}, 121, 420);
}
TEST_CASE("rc11: generated LB") {
    check_shape({{read(x), write(y)}, {read(y), write(x)}}, 121, 363);
}
TEST_CASE("rc11: generated S") {
    check_shape({{write(x, 2), write(y)}, {read(y), write(x)}}, 121, 420);
}
TEST_CASE("rc11: generated R") {
    check_shape({{write(x), write(y)}, {write(y, 2), read(x)}}, 121, 478);
}
TEST_CASE("rc11: generated 2+2W") {
    check_shape({{write(x), write(y, 2)}, {write(y), write(x, 2)}}, 121, 475);
}
TEST_CASE("rc11: generated CoRR2 and CoWR") {
    check_shape({{write(x), read(x)}, {write(x, 2), read(x)}}, 121, 484);
    check_shape({{write(x)}, {write(x, 2)}, {read(x), read(x)}}, 99, 1188);
}
TEST_CASE("rc11: generated WRC") {
    check_shape({{write(x)}, {read(x), write(y)}, {read(y), read(x)}}, 363, 2712);
}
TEST_CASE("rc11: generated RWC") {
    check_shape({{write(x)}, {read(x), read(y)}, {write(y), read(x)}}, 363, 2895);
}
TEST_CASE("rc11: generated ISA2", "[large]") {
    check_shape({{write(x), write(y)}, {read(y), write(z)}, {read(z), read(x)}}, 1331, 10'260);
}
TEST_CASE("rc11: generated W+RWC", "[large]") {
    check_shape({{write(x), write(y)}, {read(y), read(z)}, {write(z), read(x)}}, 1331, 10'600);
}
TEST_CASE("rc11: generated Z6", "[large]") {
    check_shape({{write(x), write(y)}, {write(y, 2), write(z)}, {read(z), read(x)}}, 1331, 10'576);
}
TEST_CASE("rc11: generated IRIW", "[large]") {
    check_shape({{write(x)}, {write(y)}, {read(x), read(y)}, {read(y), read(x)}}, 1089, 17'403);
}
TEST_CASE("rc11: generated 3.SB", "[large]") {
    check_shape({{write(x), read(y)}, {write(y), read(z)}, {write(z), read(x)}}, 1331, 10'640);
}

}  // namespace parley::tests
