#include "parley/checker/rc11/litmus_check.hpp"
#include "parley/checker/rc11/litmus_json.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace parley::tests {

namespace {

/// The tests of a file in the folder that PARLEY_LITMUS_DIR names; without it, says what is left
/// out.
std::vector<rc11::LitmusTest> litmus_file(const std::string& name) {
    const char* folder = std::getenv("PARLEY_LITMUS_DIR");
    const auto path = std::filesystem::path(folder != nullptr ? folder : "") / name;
    if (folder == nullptr || !std::filesystem::exists(path)) {
        WARN("left out: " << name << ", since PARLEY_LITMUS_DIR names no folder that has it");
        return {};
    }
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return rc11::litmus_tests_from_json(text.str(), name);
}

void compare_file(const std::string& name) {
    for (const rc11::LitmusTest& test : litmus_file(name)) {
        INFO(test.name);
        CHECK(rc11::disagreements(test, rc11::run_litmus(test)) == std::vector<std::string>{});
    }
}

}  // namespace

TEST_CASE("rc11: litmus tests from published suites", "[litmus]") {
    compare_file("curated.json");
}

TEST_CASE("rc11: litmus shapes with all orders and fences", "[litmus]") {
    compare_file("shapes.json");
}

TEST_CASE("rc11: litmus tests that tell faulty engines apart", "[litmus]") {
    compare_file("kill.json");
}

}  // namespace parley::tests
