#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

/// Compile-time reflection over plain aggregates: how many fields, which, and their names.
///
/// Limits: at most `fields_max` fields, no base classes with fields of their own beside the
/// aggregate's. A derived role that adds behaviour and no field says so with
/// `using FieldsOf = Base;`. Names come from the compiler's spelling of a pointer to a member of a
/// variable that is never defined (clang 16 and g++ 11 or newer).
namespace parley::model {

inline constexpr std::size_t fields_max = 12;

namespace reflection {

struct Anything {
    template <class T>
    operator T() const;  // never defined: only asks whether a brace initialiser fits
};

template <class T, class... Args>
consteval std::size_t count() {
    if constexpr (requires { T{Args{}..., Anything{}}; }) {
        return count<T, Args..., Anything>();
    } else {
        return sizeof...(Args);
    }
}

template <class T>
struct Holder {
    T value;
};

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif
template <class T>
extern const Holder<T> nowhere;

template <auto* Member>
consteval std::string_view spelling() {
    return __PRETTY_FUNCTION__;
}

/// All values in one text, since a function for each of them takes the compiler far longer.
template <auto... Values>
consteval std::string_view spelling_of_values() {
    return __PRETTY_FUNCTION__;
}

template <class T>
consteval std::string_view type_spelling() {
    return __PRETTY_FUNCTION__;
}

/// The identifier that ends at the last of the spelling's closing marks.
consteval std::string_view last_identifier(std::string_view text, std::string_view end_marks) {
    const auto end = text.find_last_not_of(end_marks) + 1;
    const auto begin = text.substr(0, end).find_last_of(":. &)(") + 1;
    return text.substr(begin, end - begin);
}

/// Of value number `index`; "" when it has no enumerator and is spelled as a cast. To be called
/// when the program runs: the compiler would take longer for it than for all else in this file.
[[gnu::noinline]] constexpr std::string_view enumerator_in(std::string_view text,
                                                           std::size_t index) {
    std::size_t at = text.find("Values = ") + sizeof "Values = ";  // and the opening mark
    std::size_t begin = at;
    for (int depth = 0;; ++at) {
        const char c = text[at];
        if (depth == 0 && (c == ',' || c == '>' || c == '}') && index-- == 0) break;
        if (c == '<' || c == '(') ++depth;
        if (c == '>' || c == ')') --depth;
        if (c == ':' || c == ' ' || c == ')') begin = at + 1;
    }
    const bool is_cast = text[begin] >= '0' && text[begin] <= '9';
    return is_cast ? std::string_view{} : text.substr(begin, at - begin);
}

}  // namespace reflection

template <class T>
inline constexpr std::size_t field_count = reflection::count<std::remove_cvref_t<T>>();

/// Calls `function` with references to the fields of an aggregate, in order, and returns what it
/// does.
template <class T, class Function>
constexpr decltype(auto) with_fields(T& object, Function&& function) {
    using Plain = std::remove_cv_t<T>;
    if constexpr (requires { typename Plain::FieldsOf; }) {
        using Base = typename Plain::FieldsOf;
        static_assert(sizeof(Base) == sizeof(Plain), "FieldsOf: the derived type adds a field");
        using ConstBase = std::conditional_t<std::is_const_v<T>, const Base, Base>;
        return with_fields(static_cast<ConstBase&>(object), function);
    } else {
        static_assert(std::is_aggregate_v<Plain>, "only plain aggregates can be looked into");
        constexpr std::size_t count = field_count<Plain>;
        static_assert(count <= fields_max, "more fields than fields_max: group some in a struct");
        if constexpr (count == 0) {
            return function();
        } else if constexpr (count == 1) {
            auto& [a] = object;
            return function(a);
        } else if constexpr (count == 2) {
            auto& [a, b] = object;
            return function(a, b);
        } else if constexpr (count == 3) {
            auto& [a, b, c] = object;
            return function(a, b, c);
        } else if constexpr (count == 4) {
            auto& [a, b, c, d] = object;
            return function(a, b, c, d);
        } else if constexpr (count == 5) {
            auto& [a, b, c, d, e] = object;
            return function(a, b, c, d, e);
        } else if constexpr (count == 6) {
            auto& [a, b, c, d, e, f] = object;
            return function(a, b, c, d, e, f);
        } else if constexpr (count == 7) {
            auto& [a, b, c, d, e, f, g] = object;
            return function(a, b, c, d, e, f, g);
        } else if constexpr (count == 8) {
            auto& [a, b, c, d, e, f, g, h] = object;
            return function(a, b, c, d, e, f, g, h);
        } else if constexpr (count == 9) {
            auto& [a, b, c, d, e, f, g, h, i] = object;
            return function(a, b, c, d, e, f, g, h, i);
        } else if constexpr (count == 10) {
            auto& [a, b, c, d, e, f, g, h, i, j] = object;
            return function(a, b, c, d, e, f, g, h, i, j);
        } else if constexpr (count == 11) {
            auto& [a, b, c, d, e, f, g, h, i, j, k] = object;
            return function(a, b, c, d, e, f, g, h, i, j, k);
        } else {
            auto& [a, b, c, d, e, f, g, h, i, j, k, l] = object;
            return function(a, b, c, d, e, f, g, h, i, j, k, l);
        }
    }
}

/// References to the fields of an aggregate, in order.
template <class T>
constexpr auto tie_fields(T& object) {
    return with_fields(object, [](auto&... fields) { return std::tie(fields...); });
}

/// Calls `function(field)` for each field of `object`, in order.
template <class T, class Function>
constexpr void for_each_field(T& object, Function&& function) {
    with_fields(object, [&](auto&... fields) { (function(fields), ...); });
}

namespace reflection {

template <class T, std::size_t Index>
consteval std::string_view field_name() {
    constexpr auto text = spelling<&std::get<Index>(tie_fields(nowhere<T>.value))>();
#if defined(__clang__)
    return last_identifier(text, "]");
#else
    return last_identifier(text.substr(0, text.find(");")), ")");
#endif
}

template <class T, std::size_t... Indices>
consteval auto field_names(std::index_sequence<Indices...>) {
    return std::array<std::string_view, sizeof...(Indices)>{field_name<T, Indices>()...};
}

template <class T>
consteval auto all_field_names() {
    if constexpr (requires { typename T::FieldsOf; }) {
        return all_field_names<typename T::FieldsOf>();
    } else {
        return field_names<T>(std::make_index_sequence<field_count<T>>{});
    }
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

}  // namespace reflection

/// The names of the fields of an aggregate, in order.
template <class T>
inline constexpr auto field_names = reflection::all_field_names<std::remove_cvref_t<T>>();

namespace reflection {

/// In the spelling of a type, as type_spelling() has it.
consteval std::string_view type_name_in(std::string_view text) {
    const auto first = text.find("T = ") + 4;
    std::size_t begin = first;
    std::size_t end = first;
    int depth = 0;
    for (std::size_t i = first; i < text.size() && (depth > 0 || text[i] != ';'); ++i) {
        if (text[i] == '<' && depth++ == 0) end = i;
        if (text[i] == '>') --depth;
        if (text[i] == ':' && depth == 0) begin = end = i + 1;
        if (depth == 0 && text[i] != '>' && text[i] != ']' && text[i] != ':') end = i + 1;
    }
    return text.substr(begin, end - begin);
}

/// Worked out once for each type, wherever it is asked for.
template <class T>
inline constexpr std::string_view type_name = type_name_in(type_spelling<T>());

}  // namespace reflection

/// The name of a type without its namespaces, enclosing types and template arguments.
template <class T>
consteval std::string_view type_name() {
    return reflection::type_name<T>;
}

/// The name of an enumerator with a value from 0 to 31, or "" if it has none.
template <class Enum>
constexpr std::string_view enum_name(Enum value) {
    constexpr std::size_t values_max = 32;
    constexpr std::string_view text = []<std::size_t... Is>(std::index_sequence<Is...>) {
        return reflection::spelling_of_values<static_cast<Enum>(Is)...>();
    }(std::make_index_sequence<values_max>{});
    const auto index = static_cast<std::size_t>(value);
    return index < values_max ? reflection::enumerator_in(text, index) : std::string_view{};
}

/// An object that travels: `P::Owned<T>` of any platform.
template <class T>
concept OwnedObject = requires(T owned) {
    owned.alias();
    owned.release();
};

/// Calls `function(owned)` for the field of a message that carries an object, if it has one.
/// A message carries at most one.
template <class Message, class Function>
constexpr void for_owned_field(Message& message, Function&& function) {
    for_each_field(message, [&](auto& field) {
        if constexpr (OwnedObject<std::remove_cvref_t<decltype(field)>>) function(field);
    });
}

}  // namespace parley::model
