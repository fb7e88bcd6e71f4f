#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/protocols/model/role.hpp"
#include "parley/protocols/model/spsc_queue.hpp"

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

namespace parley::model {

/// A message that a party with this outbox may send.
template <class Message, class Outbox>
concept MessageOf = traits::IsVariant<Outbox>::value && requires {
    std::in_place_type<std::remove_cvref_t<Message>>;
} && std::constructible_from<Outbox, std::in_place_type_t<std::remove_cvref_t<Message>>, Message>;

/// The production port of a party: one queue to the other party, one from it.
///
/// Everything is resolved at compile time: no virtual call, and no allocation but in make(). A
/// message is constructed in its slot of the queue, and taken out of it before the receiving role
/// handles it: it costs two moves and the queue. So whoever gets an answer knows that the slot of
/// what it answers is free.
///
/// Belongs to the thread that its party runs on at the moment; the queues outlive it. Its party may
/// move to another thread when the user orders the two.
template <class OutboxVariant, class InboxVariant, class OutQueue = SpscQueue<OutboxVariant>,
          class InQueue = SpscQueue<InboxVariant>>
class Endpoint {
 public:
    using Outbox = OutboxVariant;
    using Inbox = InboxVariant;
    template <class T>
    using Owned = StdPlatform::Owned<T>;

    Endpoint(OutQueue& out, InQueue& in) noexcept : out_(out), in_(in) {}
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    /// False: the queue is full and nothing has happened; `message` is moved from only on success.
    template <MessageOf<Outbox> Message>
    bool send(Message&& message) {
        return out_.try_emplace(std::in_place_type<std::remove_cvref_t<Message>>,
                                std::forward<Message>(message));
    }

    /// Lets `role` send what it owes, then hands it up to `messages_max` messages, oldest first.
    /// Returns the number of messages handled. `role.receive` must not call poll(). When it throws,
    /// the exception passes through, and its message is gone.
    template <class Receiver>
    std::size_t poll(Receiver& role, std::size_t messages_max) {
        if constexpr (HasPending<Receiver>) {
            if (role.has_pending()) role.flush(*this);
        }
        std::size_t handled = 0;
        while (handled < messages_max) {
            Inbox* const oldest = in_.front();
            if (oldest == nullptr) break;
            Inbox message(std::move(*oldest));
            in_.pop();
            deliver<0>(message, role);
            ++handled;
        }
        return handled;
    }

    /// Whether poll() would hand over a message now.
    bool has_message() { return in_.front() != nullptr; }

    /// A new object that belongs to this party. The only operation that allocates.
    template <class T, class... Args>
        requires std::constructible_from<T, Args...>
    static Owned<T> make(Args&&... args) {
        return Owned<T>::adopt(new T(std::forward<Args>(args)...));
    }

    /// The object behind an owner or an alias, which must not be empty.
    template <class T>
    static T& access(const Owned<T>& owned) noexcept {
        return *owned.alias();
    }
    template <class T>
    static T& access(T* alias) noexcept {
        return *alias;
    }

    template <class T>
    static void destroy(Owned<T>&& owned) noexcept {
        delete owned.release();
    }

    /// A role's word that a message is not expected in its state. It is counted and dropped.
    template <class Message>
    void reject(const Message&) noexcept {
        ++rejected_;
    }

    /// How many messages have been rejected.
    std::size_t rejected() const noexcept { return rejected_; }

 private:
    /// std::visit without its test for a variant without value: none gets into a queue.
    template <std::size_t index, class Receiver>
    void deliver(Inbox& message, Receiver& role) {
        if constexpr (index + 1 < std::variant_size_v<Inbox>) {
            if (message.index() != index) return deliver<index + 1>(message, role);
        }
        // A direction in which nothing is ever sent has this one alternative.
        if constexpr (!std::is_same_v<std::variant_alternative_t<index, Inbox>, std::monostate>) {
            role.receive(std::move(*std::get_if<index>(&message)), *this);
        }
    }

    OutQueue& out_;
    InQueue& in_;
    std::size_t rejected_ = 0;
};

}  // namespace parley::model
