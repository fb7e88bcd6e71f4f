#pragma once

#include "parley/protocols/model/fields.hpp"
#include "parley/specs/model/key.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace parley::specs::model {

/// To what each of the values 0, 1, 2, ... is renamed; values from its size on stay what they are.
using Renaming = std::span<const std::uint8_t>;

template <class Set>
concept SetOfValues = requires(Set set, std::uint8_t value) {
    { set.has(value) } -> std::same_as<bool>;
    set.add(value);
    set.remove(value);
};

/// Renames a value.
template <class Value>
    requires(std::is_integral_v<Value> && !std::same_as<Value, bool>)
constexpr void rename(Value& value, Renaming to) {
    if (std::cmp_less(value, to.size()) && std::cmp_greater_equal(value, 0)) {
        value = static_cast<Value>(to[static_cast<std::size_t>(value)]);
    }
}

/// Renames the values of a set: a bit of each.
template <SetOfValues Set>
constexpr void rename(Set& set, Renaming to) {
    const Set old = set;
    const auto count = static_cast<std::uint8_t>(to.size());
    for (std::uint8_t value = 0; value < count; ++value) {
        if (old.has(value)) set.remove(value);
    }
    for (std::uint8_t value = 0; value < count; ++value) {
        if (old.has(value)) set.add(to[value]);
    }
}

/// Renames the indices of an array.
template <class T, std::size_t N>
constexpr void rename(std::array<T, N>& values, Renaming to) {
    const std::array<T, N> old = values;
    for (std::size_t value = 0; value < to.size() && value < N; ++value) {
        if (to[value] < N) values[to[value]] = old[value];
    }
}

/// Says that the values 0 to `Count` - 1 are names and no more: whoever swaps two of them in a
/// state changes nothing but their names in all that can happen from there (a scalarset: Ip and
/// Dill, "Better verification through symmetry", Formal Methods in System Design 9, 1996).
///
/// `Count` is a bound, as in `&Options::lanes`, or a member function of the options. `Fields` are
/// pointers to all members that hold such values, in messages, roles, scripts and monitors:
/// numbers, sets of them (`has`, `add`, `remove`), or arrays with such an index. A spec that has
/// them says
///
///     using Symmetry = specs::model::Interchangeable<&Options::lanes, &Open::lane,
///     &Server::lanes>;
///
/// in its variants. What objects under check hold is not renamed. Explore holds the code to what is
/// said here; see NumberedSystem.
template <auto Count, auto... Fields>
struct Interchangeable {
    template <class Options>
    static constexpr int count(const Options& options) {
        return std::invoke(Count, options);
    }

    /// Renames what `value` holds in members of its own.
    template <class T>
    static constexpr void rename_members(T& value, Renaming to) {
        (rename_member<Fields>(value, to), ...);
    }

    /// Whether a member of that name holds such values in some message or role.
    static bool has_member(std::string_view name) { return (is_named<Fields>(name) || ...); }

 private:
    template <auto Field, class T>
    static constexpr void rename_member(T& value, Renaming to) {
        if constexpr (std::is_base_of_v<MessageOf<Field>, T>) rename(value.*Field, to);
    }

    template <auto Field>
    static bool is_named(std::string_view name) {
        using Owner = MessageOf<Field>;
        const Owner owner{};
        std::size_t index = 0;
        bool is_it = false;
        parley::model::for_each_field(owner, [&](const auto& field) {
            const std::string_view its_name = parley::model::field_names<Owner>[index++];
            is_it |= its_name == name && static_cast<const void*>(&field) == &(owner.*Field);
        });
        return is_it;
    }
};

}  // namespace parley::specs::model
