#include "parley/stress/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace parley::stress {

namespace {

constexpr std::size_t rows_max = 12;

std::string party_text(const Outcome& outcome, const checker::Subject& subject, std::size_t party) {
    std::string text;
    for (std::size_t i = 0; i < subject.messages[party].size(); ++i) {
        const std::uint32_t count = outcome.sent[party][i];
        if (count == 0) continue;
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, subject.messages[party][i]);
    }
    if (outcome.was_full[party]) text += text.empty() ? "full" : ", full";
    return fmt::format("{}: {}", subject.roles[party], text.empty() ? "nothing" : text);
}

}  // namespace

std::vector<std::pair<std::string, std::uint64_t>> OutcomeTable::rows(
    const checker::Subject& subject) const {
    std::vector<std::pair<Outcome, std::uint64_t>> sorted(counts_.begin(), counts_.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    if (sorted.size() > rows_max) sorted.resize(rows_max);
    std::vector<std::pair<std::string, std::uint64_t>> rows;
    for (const auto& [outcome, count] : sorted) {
        rows.emplace_back(party_text(outcome, subject, 0) + "; " + party_text(outcome, subject, 1),
                          count);
    }
    return rows;
}

}  // namespace parley::stress
