#pragma once

#include "parley/protocols/model/platform.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

/// Subscription with a final acknowledgement: an observer, a periodic timer, a stream of updates.
///
///     subscriber                  publisher
///         |-- Subscribe(1) --------->|
///         |<----- Notification(1,0) -|
///         |<----- Notification(1,1) -|
///         |-- Unsubscribe(1) ------->|  crosses Notification(1,2), which is delivered
///         |<----- Notification(1,2) -|
///         |<------ Acknowledged(1) --|  nothing comes after it
///         |-- Subscribe(2) --------->|
///
/// Crossing: notifications that the publisher has sent before it receives Unsubscribe arrive after
/// the subscriber has sent it, and are still good. Only the acknowledgement makes sure that no more
/// come; from then on the subscriber may subscribe again.
///
/// Ownership: the context of the notifications belongs to the publisher from Subscribe until the
/// subscriber has received the acknowledgement, which carries it back.
///
/// Failure modes: subscribe, unsubscribe and publish report a full queue and then nothing has
/// happened; a publisher may leave that value out. An acknowledgement that finds no room is kept
/// and sent by flush.
///
/// Source: Bencina, "A brief meditation on two-party message exchange", 2013 (subscription).
namespace parley::protocols::subscription {

template <class T, model::Platform P = model::StdPlatform>
struct Subscribe {
    std::uint8_t session = 0;
    typename P::template Owned<T> context;
};

struct Unsubscribe {
    std::uint8_t session = 0;
};

struct Notification {
    std::uint8_t session = 0;
    std::uint32_t number = 0;  ///< within the session, counted from 0
    std::uint32_t value = 0;
};

template <class T, model::Platform P = model::StdPlatform>
struct Acknowledged {
    std::uint8_t session = 0;
    typename P::template Owned<T> context;
};

/// The party that is told. `T` is the context of the notifications.
template <class T, model::Platform P = model::StdPlatform>
struct Subscriber {
    static constexpr std::string_view name = "subscriber";
    using Inbox = std::variant<Notification, Acknowledged<T, P>>;
    using Outbox = std::variant<Subscribe<T, P>, Unsubscribe>;
    using Owned = typename P::template Owned<T>;
    enum class State : std::uint8_t { idle, subscribed, unsubscribing };

    State state = State::idle;
    std::uint8_t session = 0;  ///< the last one, counted from 1
    std::uint32_t count = 0;   ///< notifications received in it
    std::uint32_t value = 0;   ///< of the last notification
    Owned context;             ///< came back with the acknowledgement; take it to subscribe again

    bool can_subscribe() const { return state == State::idle && !context; }

    /// Hands `object` over until the acknowledgement. False: the queue is full or can_subscribe()
    /// is not given, and nothing has happened.
    bool subscribe(Owned& object, auto& port) {
        if (!can_subscribe()) return false;
        Subscribe<T, P> message{static_cast<std::uint8_t>(session + 1), std::move(object)};
        if (!port.send(std::move(message))) {
            object = std::move(message.context);
            return false;
        }
        state = State::subscribed;
        ++session;
        count = 0;
        return true;
    }

    /// Asks for the acknowledgement; until it comes there may be more notifications. False: the
    /// queue is full or there is no subscription, and nothing has happened.
    bool unsubscribe(auto& port) {
        if (state != State::subscribed || !port.send(Unsubscribe{session})) return false;
        state = State::unsubscribing;
        return true;
    }

    /// The context that came back, or nothing.
    Owned take_context() { return std::move(context); }

    void receive(const Notification& notification, auto& port) {
        const bool is_expected =
            state != State::idle && notification.session == session && notification.number == count;
        if (!is_expected) return port.reject(notification);
        ++count;
        value = notification.value;
    }
    void receive(Acknowledged<T, P>&& ack, auto& port) {
        if (state != State::unsubscribing || ack.session != session) return port.reject(ack);
        state = State::idle;
        context = std::move(ack.context);
    }
};

/// The party that tells. `T` is the context of the notifications.
template <class T, model::Platform P = model::StdPlatform>
struct Publisher {
    static constexpr std::string_view name = "publisher";
    using Inbox = std::variant<Subscribe<T, P>, Unsubscribe>;
    using Outbox = std::variant<Notification, Acknowledged<T, P>>;
    using Owned = typename P::template Owned<T>;
    enum class State : std::uint8_t { idle, active, closing };

    State state = State::idle;
    std::uint8_t session = 0;  ///< the last one
    std::uint32_t count = 0;   ///< notifications sent in it
    Owned context;             ///< while active or closing

    bool can_publish() const { return state == State::active; }

    /// Notifies the subscriber. False: the queue is full or nobody has subscribed, and nothing has
    /// happened.
    bool publish(std::uint32_t value, auto& port) {
        if (!can_publish() || !port.send(Notification{session, count, value})) return false;
        ++count;
        return true;
    }

    void receive(Subscribe<T, P>&& subscribe, auto& port) {
        if (state != State::idle) return port.reject(subscribe);
        state = State::active;
        session = subscribe.session;
        count = 0;
        context = std::move(subscribe.context);
    }
    void receive(const Unsubscribe& unsubscribe, auto& port) {
        if (state != State::active || unsubscribe.session != session) {
            return port.reject(unsubscribe);
        }
        state = State::closing;
        flush(port);
    }

    bool has_pending() const { return state == State::closing; }
    void flush(auto& port) {
        if (!has_pending()) return;
        Acknowledged<T, P> message{session, std::move(context)};
        if (port.send(std::move(message))) {
            state = State::idle;
        } else {
            context = std::move(message.context);
        }
    }
};

}  // namespace parley::protocols::subscription
