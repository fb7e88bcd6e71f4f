#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/key_set.hpp"
#include "parley/specs/model/monitor.hpp"

#include <string_view>

namespace parley::specs::model {

/// An `Answer` is sent only when its party has received the `Question` with the same number, and
/// once for each. A question may stay without answer. Both are pointers to the members that hold
/// the number.
template <auto Question, auto Answer>
struct OnlyWhenAsked {
    static constexpr std::string_view name = "only when asked";

    KeySet asked;

    bool operator==(const OnlyWhenAsked&) const = default;

    void watch(const Received<MessageOf<Question>>& event, Judge&) {
        asked = {};
        asked.add(key_of<Question>(event.message));
    }
    void watch(const Sent<MessageOf<Answer>>& event, Judge& judge) {
        const unsigned key = key_of<Answer>(event.message);
        judge.require(asked.has(key), "it is said only when it has been asked for");
        asked.remove(key);
    }
};

}  // namespace parley::specs::model
