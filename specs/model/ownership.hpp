#pragma once

#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/monitor.hpp"
#include "parley/specs/model/property.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::specs::model {

/// Who owns which object: the ledger behind every `P::Owned<T>` under check.
///
/// An object is free, owned by one party, or in flight inside a message. Only its owner may touch,
/// send or destroy it; when a run has ended all must have been destroyed. At most `live_max`
/// objects exist at once; a run that needs more ends as incomplete.
struct Ownership {
    static constexpr std::string_view limit = "objects alive at once";
    static constexpr std::size_t live_max = 40;  ///< two full queues of 16, and some in hand

    enum class Owner : std::uint8_t { nobody, left, right, flight };
    struct Object {
        Owner owner = Owner::nobody;
        std::uint8_t generation = 0;

        bool operator==(const Object&) const = default;
    };

    std::array<Object, live_max> objects;

    bool operator==(const Ownership&) const = default;

    /// A new object of `party`, or nothing when all slots are taken.
    std::optional<ObjectId> make(Party party) {
        for (std::size_t slot = 0; slot < live_max; ++slot) {
            if (objects[slot].owner != Owner::nobody) continue;
            objects[slot].owner = owner_of(party);
            return ObjectId{static_cast<std::uint8_t>(slot + 1), objects[slot].generation};
        }
        return std::nullopt;
    }

    void access(Party party, ObjectId id, Judge& judge) const {
        judge.require(is_alive(id), property::use_after_free, "a destroyed object is not touched");
        judge.require(is_owner(party, id), property::ownership,
                      "an object is touched by its owner only");
    }

    void send(Party party, ObjectId id, Judge& judge) {
        judge.require(is_alive(id), property::use_after_free, "a destroyed object is not sent");
        judge.require(is_owner(party, id), property::ownership,
                      "an object is sent by its owner only");
        if (is_owner(party, id)) at(id).owner = Owner::flight;
    }

    void receive(Party party, ObjectId id) {
        if (is_alive(id) && at(id).owner == Owner::flight) at(id).owner = owner_of(party);
    }

    void destroy(Party party, ObjectId id, Judge& judge) {
        judge.require(is_alive(id), property::double_free, "an object is destroyed once");
        judge.require(is_owner(party, id), property::ownership,
                      "an object is destroyed by its owner only");
        if (!is_owner(party, id)) return;
        at(id).owner = Owner::nobody;
        ++at(id).generation;
    }

    void judge_end(Judge& judge) const {
        for (const Object& object : objects) {
            judge.require(object.owner == Owner::nobody, property::leak,
                          "every object is destroyed by the end");
        }
    }

 private:
    static Owner owner_of(Party party) { return party == Party::left ? Owner::left : Owner::right; }
    Object& at(ObjectId id) { return objects[id.slot - 1U]; }
    const Object& at(ObjectId id) const { return objects[id.slot - 1U]; }
    bool is_alive(ObjectId id) const {
        return id && at(id).generation == id.generation && at(id).owner != Owner::nobody;
    }
    bool is_owner(Party party, ObjectId id) const {
        return is_alive(id) && at(id).owner == owner_of(party);
    }
};

}  // namespace parley::specs::model
