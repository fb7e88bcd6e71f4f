#pragma once

#include "parley/checker/relacy/object_heap.hpp"
#include "parley/checker/relacy/session.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <source_location>
#include <utility>

namespace parley::checker::relacy {

/// An object in the heap of the simulation.
template <class T>
struct Object {
    ObjectHeader header;
    alignas(T) std::byte bytes[sizeof(T)];

    T& value() { return *std::launder(reinterpret_cast<T*>(bytes)); }
};

/// The right to one object of the simulation, as StdPlatform::Owned. It only carries the right:
/// an object ends by destroy() and no other way, and one that is alive at the end has leaked.
template <class T>
class Owned {
 public:
    using Alias = Object<T>*;

    Owned() noexcept = default;
    Owned(Owned&& other) noexcept : object_(other.release()) {}
    Owned& operator=(Owned&& other) noexcept {
        if (this != &other) object_ = other.release();
        return *this;
    }
    ~Owned() = default;

    static Owned adopt(Alias object) noexcept {
        Owned owned;
        owned.object_ = object;
        return owned;
    }

    explicit operator bool() const noexcept { return object_ != nullptr; }
    Alias alias() const noexcept { return object_; }
    Alias release() noexcept { return std::exchange(object_, nullptr); }

 private:
    Object<T>* object_ = nullptr;
};

/// Counts as a write to the object; ends the run if it is gone or another thread is at it.
void touch_object(ObjectHeader& header, MemoryOperation operation, FailureClass if_gone,
                  const std::source_location& where);

template <class T, class... Args>
Object<T>* make_object(const std::source_location& where, Args&&... args) {
    static_assert(alignof(Object<T>) <= alignof(std::max_align_t));
    auto* const object = reinterpret_cast<Object<T>*>(session.heap.make(sizeof(Object<T>)));
    record({.operation = MemoryOperation::make_object, .variable = object->header.number}, where);
    ::new (static_cast<void*>(object->bytes)) T(std::forward<Args>(args)...);
    return object;
}

template <class T>
T& access_object(Object<T>* object, const std::source_location& where) {
    if (object == nullptr)
        fail("a party touched an object through a right it no longer has", where);
    touch_object(object->header, MemoryOperation::access_object, FailureClass::freed_access, where);
    return object->value();
}

template <class T>
void destroy_object(Object<T>* object, const std::source_location& where) {
    if (object == nullptr) fail("a party destroyed an object without the right to it", where);
    touch_object(object->header, MemoryOperation::destroy_object, FailureClass::double_free, where);
    object->value().~T();
    object->header.is_alive = false;
}

}  // namespace parley::checker::relacy
