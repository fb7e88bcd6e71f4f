#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/key_set.hpp"
#include "parley/specs/model/monitor.hpp"

#include <string_view>

namespace parley::specs::model {

/// Each request gets its reply, however often both are sent. `Request` and `Reply` are pointers to
/// the members that hold the number by which they belong together. Hot while a request is without
/// a reply.
template <auto Request, auto Reply>
struct AtLeastOnce {
    static constexpr std::string_view name = "at least once";
    static constexpr std::string_view owes = "every request gets its reply";

    KeySet asked;
    KeySet answered;  ///< the reply has been received

    bool operator==(const AtLeastOnce&) const = default;

    void watch(const Sent<MessageOf<Request>>& event, Judge&) {
        asked.add(key_of<Request>(event.message));
    }
    void watch(const Sent<MessageOf<Reply>>& event, Judge& judge) {
        judge.require(asked.has(key_of<Reply>(event.message)),
                      "a reply belongs to a request that has been sent");
    }
    void watch(const Received<MessageOf<Reply>>& event, Judge&) {
        answered.add(key_of<Reply>(event.message));
    }

    bool is_hot() const { return asked != answered; }
};

}  // namespace parley::specs::model
