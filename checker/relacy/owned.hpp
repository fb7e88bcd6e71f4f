#pragma once

#include "parley/checker/owned.hpp"
#include "parley/checker/relacy/object_heap.hpp"
#include "parley/checker/relacy/session.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <source_location>
#include <utility>

namespace parley::checker::relacy {

/// In the heap of the simulation.
template <class T>
using Object = checker::Object<ObjectHeader, T>;
template <class T>
using Owned = checker::Owned<ObjectHeader, T>;

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
