#pragma once

#include "parley/checker/report.hpp"

#include <cstddef>
#include <sstream>
#include <string>

namespace parley::tests {

/// "K=2 N=3" as bounds of a check, in one thread.
inline checker::CheckOptions with_bounds(const std::string& text) {
    checker::CheckOptions check;
    check.threads = 1;
    std::istringstream words{text};
    for (std::string word; words >> word;) {
        const std::size_t equals = word.find('=');
        check.bounds[word.substr(0, equals)] = std::stoi(word.substr(equals + 1));
    }
    return check;
}

}  // namespace parley::tests
