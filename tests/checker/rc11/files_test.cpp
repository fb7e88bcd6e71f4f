#include "parley/checker/rc11/litmus_check.hpp"
#include "parley/checker/rc11/litmus_json.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace parley::tests {

namespace {

/// The tests of a file in the folder that PARLEY_LITMUS_DIR names.
std::vector<rc11::LitmusTest> litmus_file(const std::string& name) {
    std::ifstream file(std::filesystem::path(PARLEY_LITMUS_DIR) / name);
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return rc11::litmus_tests_from_json(text.str(), name);
}

void compare_file(const std::string& name) {
    for (const rc11::LitmusTest& test : litmus_file(name)) {
        INFO(test.name);
        CHECK(rc11::disagreements(test, rc11::run_litmus(test)) == std::vector<std::string>{});
    }
}

}  // namespace

TEST_CASE("rc11: litmus tests from published suites", "[litmus][litmus_files]") {
    compare_file("curated.json");
}

TEST_CASE("rc11: litmus shapes with all orders and fences", "[litmus][litmus_files]") {
    compare_file("shapes.json");
}

TEST_CASE("rc11: litmus tests that tell faulty engines apart", "[litmus][litmus_files]") {
    compare_file("kill.json");
}

}  // namespace parley::tests
