#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/monitor.hpp"

#include <cstdint>
#include <string_view>

namespace parley::specs::model {

/// Numbers from 1 grow from message to message, at the sender and at the receiver; some may be left
/// out. `Number` is a pointer to the member that holds the number; a message `Restart` from the
/// receiver of the numbered messages lets them begin anew.
template <auto Number, class Restart = NoMessage>
struct Increasing {
    using Message = MessageOf<Number>;

    static constexpr std::string_view name = "increasing";

    std::uint32_t sent = 0;
    std::uint32_t received = 0;

    bool operator==(const Increasing&) const = default;

    void watch(const Sent<Message>& event, Judge& judge) {
        judge.require(event.message.*Number > sent,
                      "each message is further on than the last sent");
        sent = event.message.*Number;
    }
    void watch(const Received<Message>& event, Judge& judge) {
        judge.require(event.message.*Number > received,
                      "each message is further on than the last received");
        received = event.message.*Number;
    }
    void watch(const Sent<Restart>&, Judge&) { received = 0; }
    void watch(const Received<Restart>&, Judge&) { sent = 0; }
};

}  // namespace parley::specs::model
