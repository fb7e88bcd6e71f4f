#pragma once

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace parley::tests {

/// Compares `text` with the file `name` in tests/golden. With PARLEY_UPDATE_GOLDEN=1 in the
/// environment the file is written instead: look at the difference before it is committed.
inline void check_golden(const std::string& name, const std::string& text) {
    const std::string path = std::string(PARLEY_TESTS_DIR) + "/golden/" + name;
    if (std::getenv("PARLEY_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
    std::ifstream file(path);
    std::ostringstream golden;
    golden << file.rdbuf();
    INFO(path);
    REQUIRE(file.good());
    CHECK(text == golden.str());
}

}  // namespace parley::tests
