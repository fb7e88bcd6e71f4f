#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/key_set.hpp"
#include "parley/specs/model/monitor.hpp"

#include <string_view>

namespace parley::specs::model {

/// Each request gets exactly one reply. `Request` and `Replies` are pointers to the members that
/// hold the number by which they belong together. A number may be used again when its reply has
/// been received; hot while a request is without one.
template <auto Request, auto... Replies>
struct ExactlyOnce {
    static constexpr std::string_view name = "exactly once";
    static constexpr std::string_view owes = "every request gets its reply";

    KeySet open;      ///< asked, no reply received
    KeySet answered;  ///< of these: a reply has been sent

    bool operator==(const ExactlyOnce&) const = default;

    void watch(const Sent<MessageOf<Request>>& event, Judge& judge) {
        const unsigned key = key_of<Request>(event.message);
        judge.require(!open.has(key), "a number is used again only when its reply has come");
        open.add(key);
    }
    template <KeyedBy<Replies...> M>
    void watch(const Sent<M>& event, Judge& judge) {
        const unsigned key = key_of<Replies...>(event.message);
        judge.require(open.has(key), "a reply belongs to an open request");
        judge.require(!answered.has(key), "a request gets one reply");
        answered.add(key);
    }
    template <KeyedBy<Replies...> M>
    void watch(const Received<M>& event, Judge& judge) {
        const unsigned key = key_of<Replies...>(event.message);
        judge.require(answered.has(key), "a reply is received once");
        answered.remove(key);
        open.remove(key);
    }

    bool is_hot() const { return !open.is_empty(); }
};

}  // namespace parley::specs::model
