#pragma once

#include "parley/checker/report.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace parley::checker::render {

/// "capacity=2 rounds=3".
std::string bounds_text(const std::vector<std::pair<std::string, int>>& bounds);

/// "1,234 states, 5,678 transitions".
std::string counts_text(const std::vector<std::pair<std::string, std::uint64_t>>& counts);

/// The outcomes of real runs with how often each was seen, most frequent first.
std::string outcome_table(std::vector<std::pair<std::string, std::uint64_t>> outcomes,
                          std::size_t columns);

/// How a table is drawn.
struct TableStyle {
    bool colour = false;
    std::size_t columns = 80;
};

/// One line for each report (engine, verdict, counts, time) under the name of its protocol, and
/// below what the verdicts mean.
std::string result_table(const std::vector<Report>& reports, const TableStyle& style);

}  // namespace parley::checker::render
