#pragma once

#include "parley/checker/rc11/protocol/machine.hpp"

#include <array>
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
    std::array<std::uint32_t, parties> uses{};
};

/// An object of a run. Its room is used again by the next run only, so that whoever touches it
/// after its end is always found out.
template <class T>
struct Object {
    ObjectHeader header;
    alignas(T) std::byte bytes[sizeof(T)];

    T& value() { return *std::launder(reinterpret_cast<T*>(bytes)); }
};

/// The right to one object, as StdPlatform::Owned. It only carries the right: an object ends by
/// destroy() and no other way.
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
