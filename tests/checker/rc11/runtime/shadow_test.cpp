#include "parley/checker/rc11/runtime/shadow.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <memory_resource>

namespace parley::tests {

using rc11::MemoryUse;
using rc11::Shadow;

TEST_CASE("verify: what has touched a byte is known however many bytes were touched") {
    constexpr std::uintptr_t begin = 4096;
    constexpr std::array<std::uint32_t, 2> nothing{};
    // Of each length there is a table that is as full as it gets, and cells go round its end.
    for (std::uintptr_t cells = 1; cells < 200; ++cells) {
        std::pmr::monotonic_buffer_resource memory;
        Shadow shadow(&memory);
        for (std::uintptr_t i = 0; i < cells; ++i) {
            shadow.add(begin + 8 * i, 8, {.thread = 0, .is_write = true});
        }
        for (std::uintptr_t i = 0; i < cells; ++i) {
            const MemoryUse* const race =
                shadow.find_race(begin + 8 * i + 3, 1, {.thread = 1, .is_write = true}, nothing);
            INFO(cells << " cells, number " << i);
            CHECK((race != nullptr && race->thread == 0));
        }
        CHECK(shadow.find_race(begin + 8 * cells, 8, {.thread = 1, .is_write = true}, nothing) ==
              nullptr);
    }
}

TEST_CASE("verify: that bytes may be atomic is known of each cell that they are in") {
    std::pmr::monotonic_buffer_resource memory;
    Shadow shadow(&memory);
    shadow.note_atomic(4096, 16);
    const auto may_be_atomic = [&](std::uintptr_t address, std::size_t bytes) {
        shadow.use(address, bytes, {}, {});
        return shadow.may_be_atomic();
    };
    CHECK(may_be_atomic(4096, 4));
    CHECK(may_be_atomic(4104, 8));
    CHECK_FALSE(may_be_atomic(4112, 8));
    // More than one cell may always.
    CHECK(may_be_atomic(4116, 8));
}

}  // namespace parley::tests
