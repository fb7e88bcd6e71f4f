#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/monitor.hpp"

#include <cstdint>
#include <string_view>

namespace parley::specs::model {

/// A party sends `Answer` only when the last `Question` that it has received has the same number,
/// and once for each. A question may stay without answer. Both are pointers to the members that
/// hold the number.
template <auto Question, auto Answer>
struct OnlyWhenAsked {
    static constexpr std::string_view name = "only when asked";

    bool is_asked = false;
    std::uint32_t number = 0;

    bool operator==(const OnlyWhenAsked&) const = default;

    void watch(const Received<MessageOf<Question>>& event, Judge&) {
        is_asked = true;
        number = key_of<Question>(event.message);
    }
    void watch(const Sent<MessageOf<Answer>>& event, Judge& judge) {
        judge.require(is_asked && number == key_of<Answer>(event.message),
                      "an answer is sent only to the last question received, and once");
        is_asked = false;
    }
};

}  // namespace parley::specs::model
