#pragma once

#include "parley/checker/owned.hpp"
#include "parley/checker/rc11/protocol/machine.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <source_location>
#include <utility>

namespace parley::rc11 {

/// What is known of an object, in front of it.
struct ObjectHeader {
    std::uint32_t number = 0;  ///< in the order in which the run makes them
    bool is_alive = true;
    Uses uses{};
};

/// Its room is used again by the next run only, so that whoever touches it after its end is always
/// found out.
template <class T>
using Object = checker::Object<ObjectHeader, T>;
template <class T>
using Owned = checker::Owned<ObjectHeader, T>;

/// Fails the run if the object is gone or the other thread may be at it. `header` may be null.
void touch_object(ObjectHeader* header, checker::MemoryOperation operation,
                  const std::source_location& where);

template <class T, class... Args>
Object<T>* make_object(const std::source_location& where, Args&&... args) {
    Machine& machine = Machine::current();
    void* const room = machine.allocate(sizeof(Object<T>), alignof(Object<T>));
    auto* const object = ::new (room) Object<T>{};
    object->header.number = machine.make_object();
    touch_object(&object->header, checker::MemoryOperation::make_object, where);
    ::new (static_cast<void*>(object->bytes)) T{std::forward<Args>(args)...};
    return object;
}

template <class T>
T& access_object(Object<T>* object, const std::source_location& where) {
    touch_object(object == nullptr ? nullptr : &object->header,
                 checker::MemoryOperation::access_object, where);
    Machine::current().touch(object->bytes);
    return object->value();
}

template <class T>
void destroy_object(Object<T>* object, const std::source_location& where) {
    touch_object(object == nullptr ? nullptr : &object->header,
                 checker::MemoryOperation::destroy_object, where);
    object->value().~T();
    object->header.is_alive = false;
}

}  // namespace parley::rc11
