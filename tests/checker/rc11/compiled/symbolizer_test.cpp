#include "parley/checker/symbolizer.hpp"
#include "parley/checker/rc11/names/debug_info.hpp"
#include "parley/checker/subprocess.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Where instructions of this program begin, and the linker's end of them.
extern "C" void _init();  // NOLINT(bugprone-reserved-identifier)
extern char etext;        // NOLINT(readability-identifier-naming)

namespace parley::tests {

using checker::Frame;
using checker::Stack;

namespace {

/// However they are named.
bool are_same_file(const std::string& one, const std::string& other) {
    return std::filesystem::weakly_canonical(one) == std::filesystem::weakly_canonical(other);
}

/// Whether all places of `some` are in `all`, in their order.
bool are_among(const Stack& some, const Stack& all) {
    auto rest = all.begin();
    return std::ranges::all_of(some, [&](const Frame& frame) {
        rest = std::find_if(rest, all.end(), [&](const Frame& each) {
            return are_same_file(each.file, frame.file) && each.line == frame.line;
        });
        return rest != all.end() && rest++ != all.end();
    });
}

/// "file:line" or "file:line (discriminator n)"; "??" and "?" are not known.
Frame frame_of(std::string function, std::string_view place) {
    Frame frame{.function = std::move(function), .file = {}, .line = 0};
    place = place.substr(0, place.rfind(" (discriminator"));
    const std::size_t colon = place.rfind(':');
    if (colon == std::string_view::npos || place.starts_with("??")) return frame;
    const std::string_view line = place.substr(colon + 1);
    std::from_chars(line.data(), line.data() + line.size(), frame.line);
    if (frame.line > 0) frame.file = place.substr(0, colon);
    return frame;
}

/// What `addr2line` of binutils says: an address, then pairs of a function and a place.
std::vector<Stack> stacks_of_binutils(const std::vector<std::size_t>& addresses) {
    checker::Command command{
        .path = "addr2line",
        .arguments = {"-a", "-f", "-i", "-C", "-e", checker::path_of_program()},
        .environment = {"LC_ALL=C"}};
    for (const std::size_t address : addresses) {
        command.arguments.push_back(fmt::format("{:#x}", address));
    }
    std::vector<Stack> stacks;
    std::istringstream lines(checker::run_command(command, {.seconds = 60}).output);
    std::string function;
    std::string place;
    while (std::getline(lines, function)) {
        if (function.starts_with("0x")) {
            stacks.emplace_back();
        } else if (!stacks.empty() && std::getline(lines, place)) {
            stacks.back().push_back(frame_of(std::move(function), place));
        }
    }
    return stacks;
}

/// Now and then binutils leaves out what a function is a member of, and its parameters.
bool is_alike(const std::string& function, const std::string& expected) {
    return function == expected || function.find("::" + expected + "(") != std::string::npos;
}

/// A file that only includes others has no lines that instructions are made from: binutils 2.40
/// takes it for one of those.
bool is_unity(const Frame& frame) {
    return frame.file.find("/Unity/unity_") != std::string::npos;
}

/// A line that the file has not: now and then binutils takes a file of the object that is linked
/// instead.
bool is_beyond_end(const Frame& frame) {
    std::ifstream file(frame.file);
    std::string line;
    int lines = 0;
    while (std::getline(file, line)) ++lines;
    return lines != 0 && lines < frame.line;
}

}  // namespace

// It knows of more functions that have been inlined, in several pieces, and the library's demangler
// of fewer names.
TEST_CASE("symbolizer: the debug information says what addr2line says, all over this program") {
    std::vector<void*> places;
    std::vector<std::size_t> addresses;
    for (char* place = reinterpret_cast<char*>(_init) + 1; place < &etext; place += 4099) {
        places.push_back(place);
        addresses.push_back(rc11::call_in_file(reinterpret_cast<std::uintptr_t>(place)));
    }
    REQUIRE(places.size() > 100);
    const std::vector<Stack> stacks = checker::symbolize(places);
    const std::vector<Stack> expected = stacks_of_binutils(addresses);
    REQUIRE(expected.size() == places.size());
    REQUIRE(stacks.size() == places.size());
    std::size_t between = 0;
    std::size_t compared = 0;
    std::size_t known = 0;
    std::size_t alike = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (std::ranges::any_of(expected[i], is_unity)) continue;
        if (std::ranges::any_of(expected[i], is_beyond_end)) continue;
        // Of what is between two functions binutils has the line of the one before.
        const bool is_between = stacks[i].front().function.find("+0x") != std::string::npos;
        between += is_between ? 1 : 0;
        if (is_between) continue;
        ++compared;
        CAPTURE(i, expected[i].front().function, stacks[i].front().function);
        REQUIRE(are_same_file(stacks[i].front().file, expected[i].front().file));
        REQUIRE(stacks[i].front().line == expected[i].front().line);
        REQUIRE(are_among(expected[i], stacks[i]));
        if (stacks[i].front().line > 0) ++known;
        if (is_alike(stacks[i].back().function, expected[i].back().function)) ++alike;
    }
    CHECK(between < places.size() / 10);
    CHECK(compared > places.size() / 2);
    CHECK(known > compared / 2);
    CHECK(alike > compared * 3 / 4);
}

}  // namespace parley::tests
