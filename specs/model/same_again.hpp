#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/monitor.hpp"

#include <cstdint>
#include <string_view>

namespace parley::specs::model {

/// Messages of one kind carry numbers that never fall, and those with the same number say the same:
/// they are copies. `Number` and `Content` are pointers to members of one message.
template <auto Number, auto Content>
struct SameAgain {
    using Message = MessageOf<Number>;

    static constexpr std::string_view name = "same again";

    std::uint32_t number = 0;
    std::uint32_t content = 0;

    bool operator==(const SameAgain&) const = default;

    void watch(const Sent<Message>& event, Judge& judge) {
        const std::uint32_t now = event.message.*Number;
        judge.require(now >= number, "what has been superseded is not sent again");
        judge.require(now != number || event.message.*Content == content,
                      "what is sent again says the same");
        number = now;
        content = event.message.*Content;
    }
};

}  // namespace parley::specs::model
