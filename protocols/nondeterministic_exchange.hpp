#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// Non-deterministic exchange: either of two peers may open, both may do so at once, and both come
/// to the same conclusion.
///
///     impolite            polite
///         |-- Offer(1, a) --->|
///         |<- PoliteAnswer(1) |  both conclude a
///         |<- PoliteOffer(2,b)|
///         |-- Answer(2) ----->|  both conclude b
///         |-- Offer(3, c) -.  |
///         |<- PoliteOffer(3,d)|  crosses Offer(3, c): ignored
///         |                `->|  gives way: its own offer is withdrawn
///         |<- PoliteAnswer(3) |  both conclude c
///
/// Crossing: two offers that cross are known at both ends, each of which gets an offer while its
/// own is open. The impolite peer ignores what it gets, the polite one withdraws its own and
/// answers; so there is one conclusion and no further message is needed to find it. An offer that
/// was ignored is before the answer in the queue. What was withdrawn may be offered again.
///
/// Conclusions are numbered from 1. One is open at a time: a peer that has not sent its answer yet
/// makes no offer.
///
/// Failure modes: an offer reports a full queue, and then nothing has happened. An answer that
/// finds no room is kept and sent by flush.
///
/// Source: Bencina, "A brief meditation on two-party message exchange", 2013 (non-deterministic
/// exchange). Telephony calls the crossing a glare (IETF RFC 3261, section 14, for SIP); the rule
/// with a polite peer is that of W3C, "WebRTC: Real-time communication in browsers" (perfect
/// negotiation).
namespace parley::protocols::nondeterministic_exchange {

struct Offer {
    std::uint32_t number = 0;
    std::uint32_t value = 0;
};

struct Answer {
    std::uint32_t number = 0;
    std::uint32_t value = 0;  ///< of the offer
};

struct PoliteOffer {
    std::uint32_t number = 0;
    std::uint32_t value = 0;
};

struct PoliteAnswer {
    std::uint32_t number = 0;
    std::uint32_t value = 0;  ///< of the offer
};

/// What both peers have in common: offers and answers of their own types, and those of the other.
template <class MyOffer, class MyAnswer, class YourAnswer>
struct Peer {
    enum class State : std::uint8_t { stable, offering, answering };

    State state = State::stable;
    std::uint32_t number = 0;   ///< of the last conclusion
    std::uint32_t value = 0;    ///< the last conclusion
    std::uint32_t offered = 0;  ///< while offering

    bool can_offer() const { return state == State::stable; }

    /// Opens the next exchange. False: the queue is full or one is open, and nothing has happened.
    bool offer(std::uint32_t its_value, auto& port) {
        if (!can_offer() || !port.send(MyOffer{number + 1, its_value})) return false;
        state = State::offering;
        offered = its_value;
        return true;
    }

    void receive(const YourAnswer& answer, auto& port) {
        if (state != State::offering || answer.number != number + 1) return port.reject(answer);
        state = State::stable;
        conclude(answer.number, offered);
    }

    bool has_pending() const { return state == State::answering; }
    void flush(auto& port) {
        if (has_pending() && port.send(MyAnswer{number, value})) state = State::stable;
    }

    void accept(const auto& its_offer, auto& port) {
        if (state == State::answering || its_offer.number != number + 1) {
            return port.reject(its_offer);
        }
        state = State::answering;
        conclude(its_offer.number, its_offer.value);
        flush(port);
    }

    void conclude(std::uint32_t its_number, std::uint32_t its_value) {
        number = its_number;
        value = its_value;
        offered = 0;
    }
};

/// The peer whose offer stands.
struct Impolite : Peer<Offer, Answer, PoliteAnswer> {
    static constexpr std::string_view name = "impolite";
    using FieldsOf = Peer<Offer, Answer, PoliteAnswer>;
    using Inbox = std::variant<PoliteOffer, PoliteAnswer>;
    using Outbox = std::variant<Offer, Answer>;
    using FieldsOf::receive;

    void receive(const PoliteOffer& its_offer, auto& port) {
        if (state != State::offering) accept(its_offer, port);
    }
};

/// The peer that gives way.
struct Polite : Peer<PoliteOffer, PoliteAnswer, Answer> {
    static constexpr std::string_view name = "polite";
    using FieldsOf = Peer<PoliteOffer, PoliteAnswer, Answer>;
    using Inbox = std::variant<Offer, Answer>;
    using Outbox = std::variant<PoliteOffer, PoliteAnswer>;
    using FieldsOf::receive;

    void receive(const Offer& its_offer, auto& port) { accept(its_offer, port); }
};

}  // namespace parley::protocols::nondeterministic_exchange
