#pragma once

#include "parley/protocols/model/fields.hpp"
#include "parley/stress/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace parley::stress {

/// How often which outcome was seen: how many messages of each kind an execution sent, and whether
/// a party found its queue full.
template <class C>
class OutcomeTable {
   public:
    void add(const std::array<Log<C>, 2>& logs) {
        Outcome outcome{};
        for (std::size_t party = 0; party < 2; ++party) {
            for (const LogEntry<C>& entry : logs[party]) {
                if (entry.kind == checker::EventKind::refuse) outcome.was_full[party] = true;
                if (entry.kind != checker::EventKind::send) continue;
                std::visit([&](const auto& outbox) { ++outcome.sent[party][index_in(outbox)]; },
                           entry.message);
            }
        }
        ++counts_[outcome];
    }

    /// The most frequent outcomes, as "requester: 4 Arm, 1 Cancel, full; notifier: 4 Fired".
    std::vector<std::pair<std::string, std::uint64_t>> rows(std::string_view left,
                                                            std::string_view right) const {
        std::vector<std::pair<Outcome, std::uint64_t>> sorted(counts_.begin(), counts_.end());
        std::ranges::stable_sort(sorted, std::greater{},
                                 [](const auto& row) { return row.second; });
        std::vector<std::pair<std::string, std::uint64_t>> texts;
        for (const auto& [outcome, count] : sorted) {
            if (texts.size() == rows_max) break;
            texts.emplace_back(
                fmt::format("{}: {}; {}: {}", left,
                            party_text(outcome, 0, std::type_identity<LeftOutbox>{}), right,
                            party_text(outcome, 1, std::type_identity<RightOutbox>{})),
                count);
        }
        return texts;
    }

   private:
    using LeftOutbox = typename LogEntry<C>::LeftOutbox;
    using RightOutbox = typename LogEntry<C>::RightOutbox;
    static constexpr std::size_t rows_max = 12;
    static constexpr std::size_t kinds_max =
        std::max(std::variant_size_v<LeftOutbox>, std::variant_size_v<RightOutbox>);

    struct Outcome {
        std::array<std::array<std::uint32_t, kinds_max>, 2> sent{};
        std::array<bool, 2> was_full{};

        auto operator<=>(const Outcome&) const = default;
    };

    template <class Outbox>
    static std::size_t index_in(const Outbox& outbox) {
        if constexpr (requires { outbox.index(); }) {
            return outbox.index();
        } else {
            return 0;
        }
    }

    template <class... Ms>
    static std::string party_text(const Outcome& outcome, std::size_t party,
                                  std::type_identity<std::variant<Ms...>>) {
        std::string text;
        std::size_t index = 0;
        const auto say = [&](std::string_view name) {
            const std::uint32_t count = outcome.sent[party][index++];
            if (count == 0) return;
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
        };
        (say(model::type_name<Ms>()), ...);
        if (outcome.was_full[party]) text += text.empty() ? "full" : ", full";
        return text.empty() ? "nothing" : text;
    }

    std::map<Outcome, std::uint64_t> counts_;
};

}  // namespace parley::stress
