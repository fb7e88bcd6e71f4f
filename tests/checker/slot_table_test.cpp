#include "parley/checker/slot_table.hpp"

#include "parley/checker/thread_team.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace parley::checker {
namespace {

bool has(const SlotTable& table, std::uint32_t tag, std::uint32_t value) {
    std::size_t place = table.home_of(tag);
    while (table[place] != 0 && table[place] != SlotTable::slot_of(tag, value)) {
        place = table.place_after(place);
    }
    return table[place] != 0;
}

/// Puts in `count` tags, numbered, and looks for all of them each time that the table has grown.
void check_growing(std::size_t count, ThreadTeam* team, const std::function<std::uint32_t()>& tag) {
    SlotTable table;
    std::vector<std::uint32_t> tags;
    std::size_t used = 0;
    while (tags.size() < count) {
        tags.push_back(tag());
        if (table.is_too_small_for(tags.size())) {
            const std::size_t size_before = table.size();
            table.grow(team);
            REQUIRE(table.size() > size_before);
            for (std::uint32_t i = 0; i + 1 < tags.size(); ++i) REQUIRE(has(table, tags[i], i + 1));
        }
        std::size_t place = table.home_of(tags.back());
        while (table[place] != 0) place = table.place_after(place);
        table[place] = SlotTable::slot_of(tags.back(), static_cast<std::uint32_t>(tags.size()));
    }
    for (std::size_t place = 0; place < table.size(); ++place) used += table[place] != 0 ? 1 : 0;
    CHECK(used == count);
    CHECK(table.memory_bytes() < 16 * count);
}

}  // namespace

TEST_CASE("slot table: what was put in is found after each growth, and is there once") {
    std::mt19937 random(6);
    check_growing(100'000, nullptr, [&] { return static_cast<std::uint32_t>(random()); });
}

TEST_CASE("slot table: so is what belongs at the end and goes on in the beginning") {
    std::mt19937 random(7);
    for (const std::uint32_t spread : {1U, 100U, 1U << 28U}) {
        check_growing(2'000, nullptr,
                      [&] { return ~static_cast<std::uint32_t>(random() % spread); });
    }
}

TEST_CASE("slot table: so is what many slots are alike in, in the middle") {
    std::mt19937 random(8);
    check_growing(3'000, nullptr,
                  [&] { return 0x7fff'fff0U + static_cast<std::uint32_t>(random() % 50); });
}

TEST_CASE("slot table: threads that grow it together lose nothing") {
    std::mt19937 random(9);
    for (const std::size_t threads : {2U, 3U, 8U}) {
        ThreadTeam team{threads};
        check_growing(300'000, &team, [&] {
            const auto tag = static_cast<std::uint32_t>(random());
            // Some in one of a few crowds, which pieces come to begin and end in.
            return random() % 64 == 0 ? tag % 64 << 26U : tag;
        });
    }
}

}  // namespace parley::checker
