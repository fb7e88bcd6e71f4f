#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <variant>

namespace parley::model {

/// One of the two ends of a protocol; `left` is drawn first.
enum class Party : std::uint8_t { left, right };

constexpr Party other(Party party) {
    return party == Party::left ? Party::right : Party::left;
}
constexpr std::size_t index_of(Party party) {
    return static_cast<std::size_t>(party);
}

namespace traits {

template <class T>
struct IsVariant : std::false_type {};
template <class... Ts>
struct IsVariant<std::variant<Ts...>> : std::true_type {};

}  // namespace traits

/// The state machine of a party: a plain aggregate with a name, an inbox and an outbox (each a
/// `std::variant` of small message structs) and one `receive(Message&&, auto& port)` for each
/// alternative of its inbox. Its commands and queries are its own. A direction in which nothing is
/// ever sent is `std::variant<std::monostate>`.
///
/// A role's only window on the world is the port it is handed:
/// - `bool send(M&&)`: false when the queue is full, and then nothing has happened.
/// - `make<T>(args...)`, `access(owned)`, `destroy(std::move(owned))`: its objects.
/// - `reject(m)`: `m` is not expected in this state (unspecified reception).
///
/// What it could not send from inside `receive` it keeps: `has_pending()` says so, `flush(port)`
/// tries again; Endpoint::poll() and the engines call it.
template <class R>
concept Role = requires {
    { R::name } -> std::convertible_to<std::string_view>;
    requires traits::IsVariant<typename R::Inbox>::value;
    requires traits::IsVariant<typename R::Outbox>::value;
};

/// A role that may owe messages that it could not send yet.
template <class R>
concept HasPending = requires(const R& role) {
    { role.has_pending() } -> std::same_as<bool>;
};

}  // namespace parley::model
