#pragma once

#include "parley/protocols/model/fields.hpp"
#include "parley/specs/model/check_platform.hpp"

#include <cstddef>
#include <tuple>
#include <utility>
#include <variant>

namespace parley::specs::model {

/// The position of `Message` among the alternatives of a variant.
template <class Message, class Variant>
inline constexpr std::size_t alternative_index = [] {
    return []<class... Ms>(std::type_identity<std::variant<Ms...>>) {
        std::size_t index = 0;
        const bool found = ((std::is_same_v<Message, Ms> || (++index, false)) || ...);
        return found ? index : sizeof...(Ms);
    }(std::type_identity<Variant>{});
}();

/// What monitors see of a message of another platform: the same fields, its object by name.
/// `CheckMessage` is the same alternative of the role's outbox under CheckPlatform.
template <class CheckMessage, class Message>
CheckMessage shadow(const Message& message, ObjectId object) {
    if constexpr (std::is_same_v<CheckMessage, Message>) {
        return message;
    } else {
        CheckMessage copy{};
        auto to = parley::model::tie_fields(copy);
        auto from = parley::model::tie_fields(message);
        [&]<std::size_t... Is>(std::index_sequence<Is...>) {
            const auto assign = [&](auto& target, const auto& source) {
                using Target = std::remove_cvref_t<decltype(target)>;
                if constexpr (parley::model::OwnedObject<Target>) {
                    target = Target::named(object);
                } else {
                    target = static_cast<Target>(source);
                }
            };
            (assign(std::get<Is>(to), std::get<Is>(from)), ...);
        }(std::make_index_sequence<std::tuple_size_v<decltype(to)>>{});
        return copy;
    }
}

}  // namespace parley::specs::model
