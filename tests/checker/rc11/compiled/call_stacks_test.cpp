#include "parley/checker/rc11/names/call_stacks.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

// Where instructions of this program begin, and the linker's end of them.
extern "C" void _init();  // NOLINT(bugprone-reserved-identifier)
extern char etext;        // NOLINT(readability-identifier-naming)

namespace parley::tests {

namespace {

/// Whether all places of `some` are in `all`, in their order.
bool are_among(const checker::Stack& some, const checker::Stack& all) {
    auto rest = all.begin();
    return std::ranges::all_of(some, [&](const checker::Frame& frame) {
        rest = std::find_if(rest, all.end(), [&](const checker::Frame& each) {
            return each.file == frame.file && each.line == frame.line;
        });
        return rest != all.end() && rest++ != all.end();
    });
}

}  // namespace

// It knows of more functions that have been inlined, in several pieces, and the library's demangler
// of fewer names.
TEST_CASE("call stacks: the debug information says what addr2line says, all over this program") {
    std::vector<void*> places;
    for (char* place = reinterpret_cast<char*>(_init) + 1; place < &etext; place += 4099) {
        places.push_back(place);
    }
    REQUIRE(places.size() > 100);
    const std::vector<checker::Stack> stacks = rc11::stacks_of(places);
    const std::vector<checker::Stack> expected = checker::symbolize(places);
    REQUIRE(stacks.size() == places.size());
    std::size_t known = 0;
    std::size_t alike = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        CAPTURE(i, expected[i].front().function, stacks[i].front().function);
        REQUIRE(stacks[i].front().file == expected[i].front().file);
        REQUIRE(stacks[i].front().line == expected[i].front().line);
        REQUIRE(are_among(expected[i], stacks[i]));
        if (stacks[i].front().line > 0) ++known;
        if (stacks[i].back().function == expected[i].back().function) ++alike;
    }
    CHECK(known > places.size() / 2);
    CHECK(alike > places.size() * 3 / 4);
}

}  // namespace parley::tests
