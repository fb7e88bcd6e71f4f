#include "parley/checker/rc11/runtime/arena.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <memory_resource>

namespace parley::tests {

using rc11::Arena;
using rc11::Block;
using rc11::Blocks;

TEST_CASE("verify: the block of an address is found wherever it is looked for first") {
    const Arena arena;
    std::pmr::monotonic_buffer_resource memory;
    Blocks blocks(arena.part(0), &memory);
    for (const std::size_t bytes : {8U, 0U, 40U, 1U})
        blocks.allocate(bytes, 8, rc11::Allocator::single);
    const std::uintptr_t begin = blocks.all().front().begin;
    const std::uintptr_t end = blocks.all().back().begin + 32;
    for (std::uintptr_t address = begin - 8; address < end; ++address) {
        const Block* last = nullptr;
        for (const Block& block : blocks.all()) {
            if (block.begin <= address) last = &block;
        }
        for (const std::uint32_t start : {0U, 1U, 2U, 3U, 4U, UINT32_MAX}) {
            std::uint32_t place = start;
            INFO("byte " << address - begin << ", looked for at " << start);
            CHECK(blocks.block_before(address, place) == last);
            CHECK((last == nullptr || &blocks.all()[place] == last));
        }
    }
}

}  // namespace parley::tests
