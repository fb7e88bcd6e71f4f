#pragma once

#include "parley/specs/model/monitor.hpp"

#include <string_view>

namespace parley::specs::model {

/// A `Message` always finds room in its queue.
template <class Message>
struct AlwaysRoom {
    static constexpr std::string_view name = "always room";

    void watch(const Refused<Message>&, Judge& judge) {
        judge.require(false, "a message of this kind never finds the queue full");
    }
};

}  // namespace parley::specs::model
