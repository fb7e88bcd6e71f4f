#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/protocols/model/role.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

/// Two parties of which the scripts say what they do: see specs/random.hpp.
namespace parley::protocols::random {

using model::Party;

struct Thing {
    std::uint8_t touched = 0;
};

template <model::Platform P, Party sender>
struct Note {
    std::uint8_t kind = 0;
    typename P::template Owned<Thing> thing;  ///< or none
};

/// A message that has found no room, or has not been tried, and what comes after it.
struct Owed {
    bool is_owed = false;
    bool has_thing = false;  ///< the sender's
    std::uint8_t kind = 0;
    std::uint8_t next = 0;
};

template <model::Platform P, Party self>
struct Role {
    static constexpr std::string_view name = self == Party::left ? "left" : "right";
    static constexpr Party peer = model::other(self);
    using Inbox = std::variant<Note<P, peer>>;
    using Outbox = std::variant<Note<P, self>>;

    std::uint8_t state = 0;
    std::uint8_t turns = 0;     ///< that it has acted, or could not
    std::uint8_t messages = 0;  ///< sent, owed, or dropped as there was no room
    Owed owed;
    typename P::template Owned<Thing> thing;

    /// False: the queue is full and nothing has happened.
    bool send(std::uint8_t kind, bool has_thing, auto& port) {
        Note<P, self> note{kind, {}};
        if (has_thing) note.thing = std::move(thing);
        if (port.send(std::move(note))) return true;
        if (has_thing) thing = std::move(note.thing);
        return false;
    }

    bool has_pending() const { return owed.is_owed; }
    void flush(auto& port) {
        if (!has_pending() || !send(owed.kind, owed.has_thing, port)) return;
        state = owed.next;
        owed = {};
    }
};

}  // namespace parley::protocols::random
