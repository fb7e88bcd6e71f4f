#pragma once

#include "parley/specs/model/ownership.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace parley::checker {

/// The objects of a world: who owns them and what they hold. An object under check is trivially
/// copyable and at most 8 bytes large.
class Heap {
 public:
    using Ownership = specs::model::Ownership;
    using ObjectId = specs::model::ObjectId;

    Ownership ownership;

    template <class T, class... Args>
    void construct(ObjectId id, Args&&... args) {
        static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= value_size,
                      "an object under check is trivially copyable and at most 8 bytes large");
        values_[id.slot - 1U] = {};
        ::new (static_cast<void*>(values_[id.slot - 1U].bytes)) T{std::forward<Args>(args)...};
    }

    template <class T>
    T& value(ObjectId id) {
        return *std::launder(reinterpret_cast<T*>(values_[id.slot - 1U].bytes));
    }

    template <class Archive>
    void transfer(Archive& archive) {
        std::uint8_t used = 0;
        for (std::uint8_t slot = 0; slot < Ownership::live_max; ++slot) {
            if (ownership.objects[slot] != Ownership::Object{}) used = slot + 1;
        }
        archive(used);
        // All of an object is in one place, the same whichever others are alive: see ByteForest.
        for (std::uint8_t slot = 0; slot < used; ++slot) {
            archive(ownership.objects[slot]);
            if (ownership.objects[slot].owner == Ownership::Owner::nobody) values_[slot] = {};
            archive(values_[slot]);
        }
        for (std::uint8_t slot = used; slot < Ownership::live_max; ++slot) {
            ownership.objects[slot] = {};
        }
    }

 private:
    static constexpr std::size_t value_size = 8;
    struct Value {
        alignas(value_size) std::byte bytes[value_size]{};
    };
    std::array<Value, Ownership::live_max> values_{};
};

}  // namespace parley::checker
