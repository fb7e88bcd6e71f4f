#pragma once

#include "parley/protocols/subscription.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/in_order.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/specs/model/only_when_asked.hpp"
#include "parley/specs/model/property.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

namespace parley::specs::subscription {

namespace subscription = protocols::subscription;
namespace property = specs::model::property;
using parley::model::Platform;

inline constexpr std::string_view summary = "notifications until the final acknowledgement";

struct Options {
    specs::model::Bound capacity{2, 1, 16};
    specs::model::Bound sessions{4, 1, 100};
    specs::model::Bound notifications{5, 1, 100};  ///< at most, in one session

    /// For an engine that takes every execution of the memory model, over the real queue and over
    /// channels.
    static constexpr Options small() { return {.sessions = {2}, .notifications = {3}}; }
    static constexpr Options over_channels() { return {.sessions = {6}, .notifications = {5}}; }
};

/// The object that travels: the publisher counts in it what it has sent.
struct Context {
    std::uint8_t session = 0;
    std::uint8_t published = 0;
};

/// Subscribes `sessions` times, each time with a new context, and unsubscribes while it handles the
/// notification that it has chosen, with more under way, or at any time if it has chosen none.
template <Platform P, class R = subscription::Subscriber<Context, P>>
struct SubscriberScript {
    R role;
    typename R::Owned context;
    std::uint8_t patience = 0;

    bool is_done(const Options& options) const {
        return role.session == options.sessions && role.state == R::State::idle && !role.context;
    }
    bool can_act(const Options& options) const {
        if (role.state == R::State::subscribed) return role.count >= patience;
        return role.state == R::State::idle && !is_done(options);
    }
    void act(auto& port, const Options& options) {
        if (role.state == R::State::subscribed) {
            role.unsubscribe(port);
            return;
        }
        if (!context) context = port.template make<Context>();
        port.access(context).session = static_cast<std::uint8_t>(role.session + 1);
        if (!role.subscribe(context, port)) return;
        const auto patience_max = static_cast<unsigned>(options.notifications);
        patience = static_cast<std::uint8_t>(port.choose(patience_max + 1));
    }

    void receive(const subscription::Notification& notification, auto& port, const Options&) {
        role.receive(notification, port);
        if (role.state == R::State::subscribed && role.count == patience) role.unsubscribe(port);
    }
    void receive(subscription::Acknowledged<Context, P>&& ack, auto& port, const Options&) {
        role.receive(std::move(ack), port);
        if (role.state != R::State::idle) return;
        patience = 0;
        auto back = role.take_context();
        port.expect(static_cast<bool>(back), "the context comes back with the acknowledgement");
        if (!back) return;
        port.expect(port.access(back).session == role.session,
                    "the context is that of the session");
        port.expect(port.access(back).published == role.count,
                    "all notifications have come before the acknowledgement");
        port.destroy(std::move(back));
    }
};

/// Notifies up to `notifications` times in a session.
template <Platform P, class R = subscription::Publisher<Context, P>>
struct PublisherScript {
    R role;

    bool is_done(const Options& options) const {
        return role.session == options.sessions && role.state == R::State::idle;
    }
    bool can_act(const Options& options) const {
        return role.can_publish() && static_cast<int>(role.count) < options.notifications;
    }
    void act(auto& port, const Options&) {
        if (!role.publish(role.count * 10, port) || !role.context) return;
        ++port.access(role.context).published;
    }
};

template <Platform P>
using Subscriber = subscription::Subscriber<Context, P>;
template <Platform P>
using Publisher = subscription::Publisher<Context, P>;

template <Platform P>
struct Original {
    using Subscribe = subscription::Subscribe<Context, specs::model::CheckPlatform>;
    using Unsubscribe = subscription::Unsubscribe;
    using Notification = subscription::Notification;
    using Acknowledged = subscription::Acknowledged<Context, specs::model::CheckPlatform>;

    using Options = specs::subscription::Options;
    using Left = SubscriberScript<P>;
    using Right = PublisherScript<P>;
    using NotificationsInOrder = specs::model::InOrder<&Notification::number, Subscribe>;
    using AckOnRequest = specs::model::OnlyWhenAsked<&Unsubscribe::session, &Acknowledged::session>;
    using Monitors = std::tuple<NotificationsInOrder, AckOnRequest>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

/// Sends one more notification after the acknowledgement.
template <Platform P>
struct NotifiesAfterAck : Publisher<P> {
    using FieldsOf = Publisher<P>;
    using FieldsOf::receive;

    void receive(const subscription::Unsubscribe& unsubscribe, auto& port) {
        FieldsOf::receive(unsubscribe, port);
        if (!this->has_pending()) {
            port.send(subscription::Notification{this->session, this->count, 0});
        }
    }
};

template <Platform P>
struct NotifyAfterAck : Original<P> {
    using Right = PublisherScript<P, NotifiesAfterAck<P>>;
    static constexpr specs::model::Mutant about{
        .name = "notify_after_ack",
        .plants = "the publisher sends a notification after the acknowledgement",
        .properties = {property::conformance, property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Ends the subscription and says nothing.
template <Platform P>
struct EndsSilently : Publisher<P> {
    using FieldsOf = Publisher<P>;
    using FieldsOf::receive;

    void receive(const subscription::Unsubscribe&, auto& port) {
        this->state = FieldsOf::State::idle;
        port.destroy(std::move(this->context));
    }
};

template <Platform P>
struct MissingAck : Original<P> {
    using Right = PublisherScript<P, EndsSilently<P>>;
    static constexpr specs::model::Mutant about{
        .name = "missing_ack",
        .plants = "the publisher does not acknowledge Unsubscribe",
        .properties = {property::deadlock, property::hang, property::livelock},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Tries to acknowledge once.
template <Platform P>
struct AcksOnce : Publisher<P> {
    using FieldsOf = Publisher<P>;
    using FieldsOf::receive;

    void receive(const subscription::Unsubscribe& unsubscribe, auto& port) {
        FieldsOf::receive(unsubscribe, port);
        if (!this->has_pending()) return;
        this->state = FieldsOf::State::idle;
        port.destroy(std::move(this->context));
    }
};

template <Platform P>
struct AckDroppedWhenFull : Original<P> {
    using Right = PublisherScript<P, AcksOnce<P>>;
    static constexpr specs::model::Mutant about{
        .name = "ack_dropped_when_full",
        .plants = "the publisher drops an acknowledgement that finds the queue full",
        .properties = {property::deadlock, property::hang, property::livelock},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Keeps a second name for the context and frees it when it unsubscribes.
template <Platform P>
struct FreesContextAtUnsubscribe : Subscriber<P> {
    using FieldsOf = Subscriber<P>;
    using Owned = typename FieldsOf::Owned;

    bool subscribe(Owned& object, auto& port) {
        const auto alias = object.alias();
        if (!FieldsOf::subscribe(object, port)) return false;
        this->context = Owned::adopt(alias);
        return true;
    }
    bool unsubscribe(auto& port) {
        if (!FieldsOf::unsubscribe(port)) return false;
        port.destroy(std::move(this->context));
        return true;
    }
};

template <Platform P>
struct ContextFreedAtUnsubscribe : Original<P> {
    using Left = SubscriberScript<P, FreesContextAtUnsubscribe<P>>;
    static constexpr specs::model::Mutant about{
        .name = "context_freed_at_unsubscribe",
        .plants = "the subscriber frees the context without waiting for the acknowledgement",
        .properties = {property::ownership, property::use_after_free, property::data_race,
                       property::crash},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Does not expect that a notification crosses its Unsubscribe.
template <Platform P>
struct ExpectsNoCrossing : Subscriber<P> {
    using FieldsOf = Subscriber<P>;
    using FieldsOf::receive;

    void receive(const subscription::Notification& notification, auto& port) {
        if (this->state == FieldsOf::State::unsubscribing) return port.reject(notification);
        FieldsOf::receive(notification, port);
    }
};

template <Platform P>
struct CrossingNotExpected : Original<P> {
    using Left = SubscriberScript<P, ExpectsNoCrossing<P>>;
    static constexpr specs::model::Mutant about{
        .name = "crossing_not_expected",
        .plants = "the subscriber rejects a notification that crosses its Unsubscribe",
        .properties = {property::unspecified_reception, property::assertion},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Takes its own Unsubscribe for the end of the subscription.
template <Platform P>
struct DoesNotAwaitAck : Subscriber<P> {
    using FieldsOf = Subscriber<P>;

    bool unsubscribe(auto& port) {
        if (!FieldsOf::unsubscribe(port)) return false;
        this->state = FieldsOf::State::idle;
        return true;
    }
};

template <Platform P>
struct AckNotAwaited : Original<P> {
    using Left = SubscriberScript<P, DoesNotAwaitAck<P>>;
    static constexpr specs::model::Mutant about{
        .name = "ack_not_awaited",
        .plants = "the subscriber goes on without waiting for the acknowledgement",
        .properties = {property::conformance, property::unspecified_reception,
                       property::orphan_message, Original<P>::NotificationsInOrder::name,
                       property::leak},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Counts a notification that did not find room.
template <Platform P>
struct CountsUnsent : Publisher<P> {
    using FieldsOf = Publisher<P>;

    bool publish(std::uint32_t value, auto& port) {
        if (!FieldsOf::publish(value, port)) ++this->count;
        return true;
    }
};

template <Platform P>
struct NotificationLostWhenFull : Original<P> {
    using Right = PublisherScript<P, CountsUnsent<P>>;
    static constexpr specs::model::Mutant about{
        .name = "notification_lost_when_full",
        .plants = "the publisher drops a notification when the queue is full and reports success",
        .properties = {Original<P>::NotificationsInOrder::name, property::assertion,
                       property::unspecified_reception, property::deadlock},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Takes a subscription for an order of one notification.
template <Platform P>
struct NotifiesOnce : Publisher<P> {
    using FieldsOf = Publisher<P>;

    bool publish(std::uint32_t value, auto& port) {
        if (!FieldsOf::publish(value, port)) return false;
        this->state = FieldsOf::State::closing;
        this->flush(port);
        return true;
    }
};

template <Platform P>
struct AckUnasked : Original<P> {
    using Right = PublisherScript<P, NotifiesOnce<P>>;
    static constexpr specs::model::Mutant about{
        .name = "ack_unasked",
        .plants = "the publisher ends a subscription by itself after one notification",
        .properties = {Original<P>::AckOnRequest::name, property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

using Variants = specs::model::VariantList<Original, NotifyAfterAck, MissingAck, AckDroppedWhenFull,
                                           ContextFreedAtUnsubscribe, CrossingNotExpected,
                                           AckNotAwaited, NotificationLostWhenFull, AckUnasked>;

}  // namespace parley::specs::subscription
