#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace parley::checker {

/// An object of a run under an engine, with what the engine knows of it in front.
template <class Header, class T>
struct Object {
    Header header;
    alignas(T) std::byte bytes[sizeof(T)];

    T& value() { return *std::launder(reinterpret_cast<T*>(bytes)); }
};

/// The right to one object, as StdPlatform::Owned. It only carries the right: an object ends by
/// destroy() and no other way, and one that is alive at the end has leaked.
template <class Header, class T>
class Owned {
 public:
    using Alias = Object<Header, T>*;

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

    /// See codec.hpp and state_writer.hpp.
    void transfer(auto& archive) { archive.object(object_); }

 private:
    Alias object_ = nullptr;
};

}  // namespace parley::checker
