#pragma once

#include "parley/checker/raw_bytes.hpp"
#include "parley/protocols/model/fields.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

/// Worlds as bytes: equal worlds have equal bytes, whatever padding they carry, and bytes can be
/// turned back into the world.
namespace parley::checker {

/// Walks a value down to its bytes; what is done with them is the `Archive`'s.
template <class Archive>
struct Transfer {
    template <class T>
    void operator()(T& value) {
        auto& archive = static_cast<Archive&>(*this);
        if constexpr (requires { value.transfer(archive); }) {
            value.transfer(archive);
        } else if constexpr (requires { archive.object(value); }) {
            archive.object(value);
        } else if constexpr (model::OwnedObject<T>) {
            auto id = value.id();
            (*this)(id);
            value = T::named(id);
        } else if constexpr (std::is_empty_v<T>) {
            // nothing to know
        } else if constexpr (RawBytes<T>) {
            archive.raw(&value, sizeof(T));
        } else {
            parts(value);
        }
    }

 private:
    template <class T>
    void parts(T& value) {
        static_assert(!std::is_pointer_v<T> && !std::is_reference_v<T>, "a pointer is no state");
        static_assert(!std::is_floating_point_v<T>, "a floating-point number is no exact state");
        model::for_each_field(value, *this);
    }
    template <class T, std::size_t N>
    void parts(std::array<T, N>& values) {
        for (T& value : values) (*this)(value);
    }
    template <class... Ts>
    void parts(std::tuple<Ts...>& values) {
        std::apply([&](auto&... each) { ((*this)(each), ...); }, values);
    }
    template <class T>
    void parts(std::optional<T>& value) {
        std::uint8_t has = value ? 1 : 0;
        (*this)(has);
        if (has != 0 && !value) value.emplace();
        if (has == 0) value.reset();
        if (value) (*this)(*value);
    }
    template <class... Ts>
    void parts(std::variant<Ts...>& value) {
        auto index = static_cast<std::uint8_t>(value.index());
        (*this)(index);
        if (index != value.index()) emplace(value, index, std::index_sequence_for<Ts...>{});
        std::visit([&](auto& alternative) { (*this)(alternative); }, value);
    }
    template <class Variant, std::size_t... Is>
    static void emplace(Variant& value, std::size_t index, std::index_sequence<Is...>) {
        ((index == Is ? static_cast<void>(value.template emplace<Is>()) : void()), ...);
    }
};

class Writer : public Transfer<Writer> {
 public:
    explicit Writer(std::byte* to) : begin_(to), end_(to) {}

    void raw(void* data, std::size_t size) {
        std::memcpy(end_, data, size);
        end_ += size;
    }
    std::span<const std::byte> written() const { return {begin_, end_}; }

 private:
    std::byte* begin_;
    std::byte* end_;
};

class Reader : public Transfer<Reader> {
 public:
    explicit Reader(std::span<const std::byte> from) : next_(from.data()) {}

    void raw(void* data, std::size_t size) {
        std::memcpy(data, next_, size);
        next_ += size;
    }

 private:
    const std::byte* next_;
};

}  // namespace parley::checker
