#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/monitor.hpp"

#include <cstdint>
#include <string_view>

namespace parley::specs::model {

/// A sender never uses a number again, and numbers grow from 1; what arrives, in which order and
/// how often is up to the transport, but it has been sent. `Number` is a pointer to the member that
/// holds the number.
template <auto Number>
struct NewNumbers {
    using Message = MessageOf<Number>;

    static constexpr std::string_view name = "new numbers";

    std::uint32_t newest = 0;

    bool operator==(const NewNumbers&) const = default;

    void watch(const Sent<Message>& event, Judge& judge) {
        judge.require(event.message.*Number > newest, "each message has a number of its own");
        newest = event.message.*Number;
    }
    void watch(const Received<Message>& event, Judge& judge) {
        judge.require(event.message.*Number <= newest, "what is received has been sent");
    }
};

}  // namespace parley::specs::model
