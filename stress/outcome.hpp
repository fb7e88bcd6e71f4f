#pragma once

#include "parley/protocols/model/fields.hpp"
#include "parley/stress/log.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
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

/// What the numbers of an outcome belong to.
struct OutcomeNames {
    std::array<std::string_view, 2> roles;
    std::array<std::vector<std::string_view>, 2> messages;
};

/// How often which outcome was seen.
class OutcomeTable {
   public:
    void add(const Outcome& outcome) { ++counts_[outcome]; }

    /// The most frequent outcomes, as "requester: 4 Arm, 1 Cancel, full; notifier: 4 Fired".
    std::vector<std::pair<std::string, std::uint64_t>> rows(const OutcomeNames& names) const;

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
            const std::size_t index =
                party == 0 ? std::get<1>(entry.message).index() : std::get<2>(entry.message).index();
            ++outcome.sent[party][index];
        }
    }
    return outcome;
}

/// The names for a variant `C` under CheckPlatform.
template <class C>
OutcomeNames outcome_names() {
    const auto names_of = []<class... Ms>(std::type_identity<std::variant<Ms...>>) {
        return std::vector<std::string_view>{model::type_name<Ms>()...};
    };
    using LeftRole = decltype(C::Left::role);
    using RightRole = decltype(C::Right::role);
    return {{LeftRole::name, RightRole::name},
            {names_of(std::type_identity<typename LeftRole::Outbox>{}),
             names_of(std::type_identity<typename RightRole::Outbox>{})}};
}

}  // namespace parley::stress
