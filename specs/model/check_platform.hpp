#pragma once

#include "parley/protocols/model/platform.hpp"

#include <cstdint>
#include <utility>

namespace parley::specs::model {

/// The name of an object under check: a slot of the ledger and the number of its reuse, so that a
/// stale name never means the slot's next object. Slot 0 is no object.
struct ObjectId {
    std::uint8_t slot = 0;
    std::uint8_t generation = 0;

    bool operator==(const ObjectId&) const = default;
    explicit operator bool() const { return slot != 0; }
};

/// The platform of explore and of everything that monitors see: queues are plain FIFOs, and an
/// owned object is its name. What the object holds, and who owns it, is in the checked world.
struct CheckPlatform : parley::model::StdPlatform {
    template <class T>
    class Owned {
     public:
        using Object = T;
        struct Alias {
            using Object = T;
            ObjectId id;
        };

        Owned() = default;
        Owned(const Owned&) = default;
        Owned& operator=(const Owned&) = default;
        Owned(Owned&& other) noexcept : id_(std::exchange(other.id_, {})) {}
        Owned& operator=(Owned&& other) noexcept {
            id_ = std::exchange(other.id_, {});
            return *this;
        }
        ~Owned() = default;

        static Owned adopt(Alias alias) {
            Owned owned;
            owned.id_ = alias.id;
            return owned;
        }
        static Owned named(ObjectId id) { return adopt(Alias{id}); }

        explicit operator bool() const { return static_cast<bool>(id_); }
        Alias alias() const { return Alias{id_}; }
        Alias release() { return Alias{std::exchange(id_, {})}; }
        ObjectId id() const { return id_; }

        bool operator==(const Owned&) const = default;

     private:
        ObjectId id_;
    };
};

static_assert(parley::model::Platform<CheckPlatform>);

}  // namespace parley::specs::model
