#pragma once

#include "parley/checker/subject.hpp"
#include "parley/stress/log.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace parley::stress {

/// What came out of one execution, by party: how many messages of each kind it sent, and whether it
/// ever found its queue full.
struct Outcome {
    std::array<std::vector<std::uint32_t>, 2> sent;
    std::array<bool, 2> was_full{};

    auto operator<=>(const Outcome&) const = default;
};

/// How often which outcome was seen.
class OutcomeTable {
 public:
    void add(const Outcome& outcome) { ++counts_[outcome]; }

    /// The most frequent outcomes, as "requester: 4 Arm, 1 Cancel, full; notifier: 4 Fired".
    std::vector<std::pair<std::string, std::uint64_t>> rows(const checker::Subject& subject) const;

 private:
    std::map<Outcome, std::uint64_t> counts_;
};

template <class Entry>
Outcome outcome_of(const Logs<Entry>& logs) {
    Outcome outcome;
    outcome.sent[0].resize(std::variant_size_v<typename Entry::LeftOutbox>);
    outcome.sent[1].resize(std::variant_size_v<typename Entry::RightOutbox>);
    for (std::size_t party = 0; party < 2; ++party) {
        for (const Entry& entry : logs[party]) {
            if (entry.kind == checker::EventKind::refuse) outcome.was_full[party] = true;
            if (entry.kind != checker::EventKind::send) continue;
            const std::size_t index = party == 0 ? std::get<1>(entry.message).index()
                                                 : std::get<2>(entry.message).index();
            ++outcome.sent[party][index];
        }
    }
    return outcome;
}

}  // namespace parley::stress
