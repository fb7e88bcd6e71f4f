#pragma once

#include "parley/checker/report.hpp"
#include "parley/protocols/model/fields.hpp"

#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>

namespace parley::checker {

/// Fills in what the report's verdict means, in a sentence: by engine, scheduler and counts.
void explain(Report& report);

/// Names a message of variant `V` that `sent_kinds` (see StepContext) says was never sent, or "".
template <class V>
std::string message_never_sent(std::uint64_t sent_kinds) {
    std::string missing;
    const auto look = [&]<class... Ms>(std::type_identity<std::variant<Ms...>>, unsigned shift,
                                       std::string_view role) {
        const auto one = [&]<class M>(std::type_identity<M>) {
            const bool is_sent = (sent_kinds >> shift++ & 1) != 0;
            if (!is_sent && missing.empty() && !std::is_same_v<M, std::monostate>) {
                missing = std::string{role} + " never sends " + std::string{model::type_name<M>()};
            }
        };
        (one(std::type_identity<Ms>{}), ...);
    };
    using LeftRole = decltype(V::Left::role);
    using RightRole = decltype(V::Right::role);
    look(std::type_identity<typename LeftRole::Outbox>{}, 0, LeftRole::name);
    look(std::type_identity<typename RightRole::Outbox>{}, 32, RightRole::name);
    return missing;
}

}  // namespace parley::checker
