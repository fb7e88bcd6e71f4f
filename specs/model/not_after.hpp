#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/monitor.hpp"

#include <cstdint>
#include <string_view>

namespace parley::specs::model {

/// A party that has received `Ender` number n sends `Message` numbers above n only. Both are
/// pointers to the members that hold the number; numbers count from 1.
template <auto Message, auto Ender>
struct NotAfter {
    static constexpr std::string_view name = "not after";

    std::uint32_t ended = 0;

    bool operator==(const NotAfter&) const = default;

    void watch(const Received<MessageOf<Ender>>& event, Judge&) {
        const std::uint32_t number = event.message.*Ender;
        if (number > ended) ended = number;
    }
    void watch(const Sent<MessageOf<Message>>& event, Judge& judge) {
        judge.require(event.message.*Message > ended, "what has been ended is not sent any more");
    }
};

}  // namespace parley::specs::model
