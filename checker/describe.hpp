#pragma once

#include "parley/protocols/model/deferred.hpp"
#include "parley/protocols/model/fields.hpp"
#include "parley/specs/model/check_platform.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

/// Texts of values for traces: "Arm(round=1, completion=#1)", "armed round=1".
namespace parley::checker {

std::string describe(specs::model::ObjectId id);

template <class T>
std::string describe(const T& value);

template <class T, std::size_t N>
std::string describe(const std::array<T, N>& values) {
    std::string text = "[";
    for (const T& value : values) text += (text.size() > 1 ? " " : "") + describe(value);
    return text + "]";
}

template <class T>
std::string describe(const std::optional<T>& value) {
    return value ? describe(*value) : "none";
}

template <class... Ts>
std::string describe(const std::variant<Ts...>& value) {
    return std::visit([](const auto& each) { return describe(each); }, value);
}

template <class Message, std::size_t Capacity>
std::string describe(const model::Deferred<Message, Capacity>& deferred) {
    std::string text = "[";
    for (std::size_t i = 0; i < deferred.count; ++i) {
        text += (i > 0 ? " " : "") + describe(deferred.messages[i]);
    }
    return text + "]";
}

/// Adds a field to "name=value, name=value"; one called `state` goes without its name.
void append_field(std::string& text, std::string_view separator, std::string_view name,
                  const std::string& value);

/// The fields of an aggregate as "name=value, name=value"; a field called `state` goes without.
template <class T>
std::string describe_fields(const T& object, std::string_view separator) {
    std::string text;
    const std::string_view* name = model::field_names<T>.data();
    model::for_each_field(object, [&](const auto& field) {
        append_field(text, separator, *name++, describe(field));
    });
    return text;
}

template <class T>
std::string describe(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        return value ? "yes" : "no";
    } else if constexpr (std::is_enum_v<T>) {
        const std::string_view name = model::enum_name(value);
        return name.empty() ? fmt::format("{}", static_cast<long long>(value)) : std::string{name};
    } else if constexpr (std::is_arithmetic_v<T>) {
        return fmt::format("{}", +value);
    } else if constexpr (model::OwnedObject<T>) {
        if constexpr (requires { value.id(); }) {
            return describe(value.id());
        } else {
            return value ? "held" : "none";
        }
    } else if constexpr (model::field_count<T> == 0) {
        return std::string{model::type_name<T>()};
    } else {
        return fmt::format("{}({})", model::type_name<T>(), describe_fields(value, ", "));
    }
}

/// A role's state in a few words.
template <class Role>
std::string describe_state(const Role& role) {
    return describe_fields(role, " ");
}

/// A role by name, and its state.
template <class Role>
std::string describe_role(const Role& role) {
    return fmt::format("{} ({})", role.name, describe_state(role));
}

/// What a role does in a run in which nothing moves any more.
template <class Role>
std::string describe_rest(const Role& role, bool is_over) {
    return fmt::format("{} {} ({})", role.name, is_over ? "has finished" : "waits",
                       describe_state(role));
}

}  // namespace parley::checker
