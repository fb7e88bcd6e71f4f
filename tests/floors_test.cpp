#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// Where a file of ours may look: its floor, and its folder. A name on a leaf floor is a folder of
/// its own, since leaves do not see each other.
struct Place {
    int floor = -1;
    std::string folder;
};

Place place_of(const fs::path& file) {
    const std::string folder = file.parent_path().generic_string();
    const auto is_in = [&](std::string_view parent) {
        return folder == parent || folder.starts_with(std::string{parent} + "/");
    };
    if (is_in("tests")) return {7, "tests"};
    if (is_in("checker/cli")) return {6, "checker/cli"};
    for (const char* side : {"checker/render", "checker/relacy", "checker/rc11", "stress"}) {
        if (is_in(side)) return {5, side};
    }
    if (is_in("checker")) return {4, "checker"};
    if (is_in("specs/model")) return {2, "specs/model"};
    if (is_in("specs")) return {3, (fs::path{folder} / file.stem()).generic_string()};
    if (is_in("protocols/model")) return {0, "protocols/model"};
    if (is_in("protocols")) return {1, (fs::path{folder} / file.stem()).generic_string()};
    return {};
}

bool is_leaf(const Place& place) {
    return place.floor == 1 || place.floor == 3;
}

/// Down only; the folders of one floor do not see each other; and a leaf is seen by its spec, by
/// the command and by tests.
bool may_include(const Place& from, const Place& to) {
    if (to.floor > from.floor) return false;
    if (to.floor == from.floor) return to.folder == from.folder;
    return !is_leaf(to) || from.floor == 3 || from.floor >= 6;
}

/// The sources of the repository, from its root.
std::vector<fs::path> sources() {
    const fs::path root = fs::path{PARLEY_TESTS_DIR}.parent_path();
    std::vector<fs::path> files;
    for (const char* top : {"protocols", "specs", "checker", "stress", "tests"}) {
        for (const auto& entry : fs::recursive_directory_iterator{root / top}) {
            const auto extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp") continue;
            files.push_back(entry.path().lexically_relative(root));
        }
    }
    return files;
}

std::vector<std::string> lines_of(const fs::path& file) {
    std::ifstream stream{fs::path{PARLEY_TESTS_DIR}.parent_path() / file};
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// What the files include, each as "file: include".
std::vector<std::string> includes_that(auto&& is_wanted) {
    const std::regex include{R"(^\s*#\s*include\s*[<"]([^>"]+)[>"].*)"};
    std::vector<std::string> found;
    for (const fs::path& file : sources()) {
        for (const std::string& line : lines_of(file)) {
            std::smatch match;
            if (!std::regex_match(line, match, include)) continue;
            if (is_wanted(file, match[1].str())) found.push_back(file.string() + ": " + line);
        }
    }
    return found;
}

const std::vector<std::string> none;

}  // namespace

TEST_CASE("floors: an include goes down only") {
    CHECK(includes_that([](const fs::path& file, const std::string& included) {
              if (!included.starts_with("parley/")) return false;
              return !may_include(place_of(file), place_of(included.substr(7)));
          }) == none);
}

TEST_CASE("floors: a header of ours is named from the root") {
    CHECK(includes_that([](const fs::path& file, const std::string& included) {
              // What `parley new` writes for other people's projects.
              if (file.generic_string().starts_with("tests/skeletons/")) return false;
              const fs::path root = fs::path{PARLEY_TESTS_DIR}.parent_path();
              return !included.starts_with("parley/") &&
                     (fs::exists(root / included) ||
                      fs::exists(root / file.parent_path() / included));
          }) == none);
}

TEST_CASE("floors: Relacy is included by its engine only") {
    CHECK(includes_that([](const fs::path& file, const std::string& included) {
              const std::string folder = file.parent_path().generic_string();
              return included.starts_with("relacy/") && folder != "checker/relacy" &&
                     folder != "tests/benchmarks";
          }) == none);
}

TEST_CASE("floors: the rules see what they must") {
    CHECK(may_include(place_of("specs/send.hpp"), place_of("protocols/send.hpp")));
    CHECK(may_include(place_of("checker/world.hpp"), place_of("specs/model/monitor.hpp")));
    CHECK(may_include(place_of("checker/cli/main.cpp"), place_of("stress/launch.hpp")));
    CHECK_FALSE(may_include(place_of("checker/world.hpp"), place_of("protocols/send.hpp")));
    CHECK_FALSE(may_include(place_of("checker/world.hpp"), place_of("specs/send.hpp")));
    CHECK_FALSE(may_include(place_of("stress/run.hpp"), place_of("checker/render/json.hpp")));
    CHECK_FALSE(may_include(place_of("checker/trace.hpp"), place_of("checker/render/json.hpp")));
    CHECK_FALSE(may_include(place_of("specs/send.hpp"), place_of("specs/one_shot.hpp")));
    CHECK_FALSE(may_include(place_of("protocols/model/role.hpp"), place_of("protocols/send.hpp")));
}

TEST_CASE("headers: guarded by pragma once") {
    std::vector<std::string> unguarded;
    for (const fs::path& file : sources()) {
        const std::vector<std::string> lines = lines_of(file);
        if (file.extension() != ".hpp" || std::ranges::count(lines, "#pragma once") == 1) continue;
        unguarded.push_back(file.string());
    }
    CHECK(unguarded == none);
}

TEST_CASE("headers: no macro outlives its header") {
    const std::regex definition{R"(^\s*#\s*define\s+([\w$]+).*)"};
    std::vector<std::string> macros;
    for (const fs::path& file : sources()) {
        // What the compiler includes before code under check exists for its macros.
        const bool is_prelude = file.filename() == "instrumentation.hpp";
        if (file.extension() != ".hpp" || is_prelude) continue;
        const std::vector<std::string> lines = lines_of(file);
        for (const std::string& line : lines) {
            std::smatch match;
            if (!std::regex_match(line, match, definition)) continue;
            if (std::ranges::count(lines, "#undef " + match[1].str()) > 0) continue;
            macros.push_back(file.string() + ": " + line);
        }
    }
    CHECK(macros == none);
}
