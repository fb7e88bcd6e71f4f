#pragma once

#include <concepts>
#include <type_traits>

/// Monitors are told which messages they watch, and by which number messages belong together, with
/// pointers to members: `&Request::id` is "a Request, by its id".
namespace parley::specs::model {

/// Stands for a message that a protocol does not have.
struct NoMessage {};

namespace traits {

template <class Pointer>
struct MemberPointer;
template <class M, class F>
struct MemberPointer<F M::*> {
    using Message = M;
};

}  // namespace traits

/// The message that a pointer to one of its members belongs to.
template <auto Field>
using MessageOf = typename traits::MemberPointer<std::remove_const_t<decltype(Field)>>::Message;

template <class M, class... Ms>
concept OneOf = (std::same_as<M, Ms> || ...);

/// Whether one of the pointers belongs to `M`.
template <class M, auto... Fields>
concept KeyedBy = OneOf<M, MessageOf<Fields>...>;

/// The number that the pointer which belongs to `M` points at.
template <auto Field, auto... Fields, class M>
constexpr unsigned key_of(const M& message) {
    if constexpr (std::same_as<M, MessageOf<Field>>) {
        return static_cast<unsigned>(message.*Field);
    } else {
        return key_of<Fields...>(message);
    }
}

}  // namespace parley::specs::model
