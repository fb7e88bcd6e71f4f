#pragma once

#include "parley/checker/codec.hpp"
#include "parley/checker/owned.hpp"
#include "parley/specs/model/check_platform.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace parley::checker {

/// Appends values of a run to bytes, objects by their names in the ledger: equal bytes are equal
/// values, whatever address an object has got. Nothing is read back from them.
class StateWriter : public Transfer<StateWriter> {
 public:
    using ObjectId = specs::model::ObjectId;

    /// `names`: by the number of an object.
    StateWriter(std::vector<std::byte>& to, std::span<const ObjectId> names)
        : to_(to), names_(names) {}

    void raw(const void* data, std::size_t size) {
        const auto* const bytes = static_cast<const std::byte*>(data);
        to_.insert(to_.end(), bytes, bytes + size);
    }
    /// An object that a party has the right to or, dead or alive, knows.
    template <class Header, class T>
    void object(const Object<Header, T>* object) {
        ObjectId id = object == nullptr ? ObjectId{} : names_[object->header.number];
        (*this)(id);
    }

 private:
    std::vector<std::byte>& to_;
    std::span<const ObjectId> names_;
};

}  // namespace parley::checker
