#pragma once

#include "parley/protocols/nondeterministic_exchange.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/monitor.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/specs/model/property.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::nondeterministic_exchange {

namespace exchange = protocols::nondeterministic_exchange;
namespace property = specs::model::property;
using parley::model::Platform;

inline constexpr std::string_view summary = "either opens, or both at once; one conclusion";

struct Options {
    specs::model::Bound capacity{2, 1, 16};
    specs::model::Bound conclusions{4};

    /// For an engine that takes every execution of the memory model, over the real queue and over
    /// channels.
    static constexpr Options small() { return {.conclusions = {3}}; }
    static constexpr Options over_channels() { return {.conclusions = {8}}; }
};

/// What a peer offers: nobody else has the same value for the same number.
template <class R>
constexpr std::uint32_t value_of(std::uint32_t number) {
    return 2 * number + (R::name == exchange::Impolite::name ? 0 : 1);
}

/// Makes an offer whenever it can, until there are `conclusions` of them.
template <class R>
struct PeerScript {
    R role;

    bool is_last(const Options& options) const {
        return static_cast<int>(role.number) == options.conclusions &&
               role.state == R::State::stable;
    }
    bool can_act(const Options& options) const { return role.can_offer() && !is_last(options); }
    void act(auto& port, const Options&) { role.offer(value_of<R>(role.number + 1), port); }

    template <class Message>
    void receive(const Message& message, auto& port, const Options&) {
        const std::uint32_t before = role.number;
        role.receive(message, port);
        if (role.number == before) return;
        port.expect(role.value == message.value, "both peers conclude the same");
    }
};

/// May still have an offer to ignore when all is concluded.
template <class R = exchange::Impolite>
struct ImpoliteScript : PeerScript<R> {
    using FieldsOf = PeerScript<R>;

    bool is_done(const Options&) const { return false; }
    bool may_end(const Options& options) const { return this->is_last(options); }
};

template <class R = exchange::Polite>
struct PoliteScript : PeerScript<R> {
    using FieldsOf = PeerScript<R>;

    bool is_done(const Options& options) const { return this->is_last(options); }
};

/// For each number one answer is sent, by one of the peers, and it is received. Hot in between.
struct OneConclusion {
    static constexpr std::string_view name = "one conclusion";
    static constexpr std::string_view owes = "every answer is received";

    std::uint32_t answered = 0;
    std::uint32_t concluded = 0;

    bool operator==(const OneConclusion&) const = default;

    void watch(const specs::model::Sent<exchange::Answer>& event, specs::model::Judge& judge) {
        answer(event.message.number, judge);
    }
    void watch(const specs::model::Sent<exchange::PoliteAnswer>& event,
               specs::model::Judge& judge) {
        answer(event.message.number, judge);
    }
    void watch(const specs::model::Received<exchange::Answer>& event, specs::model::Judge&) {
        concluded = event.message.number;
    }
    void watch(const specs::model::Received<exchange::PoliteAnswer>& event, specs::model::Judge&) {
        concluded = event.message.number;
    }

    void answer(std::uint32_t number, specs::model::Judge& judge) {
        judge.require(number == answered + 1, "one answer is sent for each number, in order");
        answered = number;
    }

    bool is_hot() const { return answered != concluded; }
};

template <Platform P>
struct Original {
    using Options = specs::nondeterministic_exchange::Options;
    using Left = ImpoliteScript<>;
    using Right = PoliteScript<>;
    using Monitors = std::tuple<OneConclusion>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

/// Gives way like the polite peer.
struct GivesWayToo : exchange::Impolite {
    using FieldsOf = exchange::Impolite;
    using FieldsOf::receive;

    void receive(const exchange::PoliteOffer& offer, auto& port) { accept(offer, port); }
};

template <Platform P>
struct BothGiveWay : Original<P> {
    using Left = ImpoliteScript<GivesWayToo>;
    static constexpr specs::model::Mutant about{
        .name = "both_give_way",
        .plants = "both peers withdraw their offer when two cross",
        .properties = {OneConclusion::name, property::unspecified_reception, property::conformance},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Insists on its own offer.
struct Insists : exchange::Polite {
    using FieldsOf = exchange::Polite;
    using FieldsOf::receive;

    void receive(const exchange::Offer& offer, auto& port) {
        if (state != State::offering) FieldsOf::receive(offer, port);
    }
};

template <Platform P>
struct NeitherGivesWay : Original<P> {
    using Right = PoliteScript<Insists>;
    static constexpr specs::model::Mutant about{
        .name = "neither_gives_way",
        .plants = "neither peer withdraws its offer when two cross",
        .properties = {property::deadlock, property::livelock, property::hang},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Answers for the other's offer and keeps its own in mind.
struct KeepsItsOwn : exchange::Polite {
    using FieldsOf = exchange::Polite;
    using FieldsOf::receive;

    void receive(const exchange::Offer& offer, auto& port) {
        const bool was_offering = state == State::offering;
        const std::uint32_t mine = offered;
        FieldsOf::receive(offer, port);
        if (was_offering) value = mine;
    }
};

template <Platform P>
struct ConclusionsDiffer : Original<P> {
    using Right = PoliteScript<KeepsItsOwn>;
    static constexpr specs::model::Mutant about{
        .name = "conclusions_differ",
        .plants = "the polite peer gives way and concludes what it had offered itself",
        .properties = {property::assertion},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Is polite and says so: answers an offer that crosses its own, which stands all the same.
struct AnswersIgnored : exchange::Impolite {
    using FieldsOf = exchange::Impolite;
    using FieldsOf::receive;

    void receive(const exchange::PoliteOffer& offer, auto& port) {
        if (state == State::offering) {
            port.send(exchange::Answer{offer.number, offer.value});
        } else {
            FieldsOf::receive(offer, port);
        }
    }
};

template <Platform P>
struct IgnoredOfferAnswered : Original<P> {
    using Left = ImpoliteScript<AnswersIgnored>;
    static constexpr specs::model::Mutant about{
        .name = "ignored_offer_answered",
        .plants = "the impolite peer answers an offer that it ignores",
        .properties = {OneConclusion::name, property::conformance, property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

using Variants = specs::model::VariantList<Original, BothGiveWay, NeitherGivesWay,
                                           ConclusionsDiffer, IgnoredOfferAnswered>;

}  // namespace parley::specs::nondeterministic_exchange
