#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/monitor.hpp"

#include <cstdint>
#include <string_view>

namespace parley::specs::model {

/// Messages are numbered from 0, sent in that order without a gap, and received in that order, each
/// once. Hot while one is under way. `Number` is a pointer to the member that holds the number; a
/// message `Restart` from the receiver of the numbered messages starts them at 0 again.
template <auto Number, class Restart = NoMessage>
struct InOrder {
    using Message = MessageOf<Number>;

    static constexpr std::string_view name = "in order";
    static constexpr std::string_view owes = "every message that was sent is received";

    std::uint32_t sent = 0;
    std::uint32_t received = 0;

    bool operator==(const InOrder&) const = default;

    void watch(const Sent<Message>& event, Judge& judge) {
        judge.require(event.message.*Number == sent, "messages are sent in order, none left out");
        ++sent;
    }
    void watch(const Received<Message>& event, Judge& judge) {
        judge.require(event.message.*Number == received,
                      "messages are received in order, each exactly once");
        ++received;
    }
    void watch(const Sent<Restart>&, Judge&) { received = 0; }
    void watch(const Received<Restart>&, Judge&) { sent = 0; }

    bool is_hot() const { return sent != received; }
};

}  // namespace parley::specs::model
