#pragma once

#include "parley/protocols/unreliable_send.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/specs/model/new_numbers.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/specs/model/transport.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::unreliable_send {

namespace unreliable = protocols::unreliable_send;
namespace property = specs::model::property;
using parley::model::Platform;
using specs::model::Transport;

inline constexpr std::string_view summary = "at most once and in order, over any transport";

struct Options {
    specs::model::Bound capacity{2, 1, 16};
    specs::model::Bound messages{6};

    /// For an engine that takes every execution of the memory model, over the real queue and over
    /// channels.
    static constexpr Options small() { return {.messages = {4}}; }
    static constexpr Options over_channels() { return {.messages = {8}}; }
};

/// A value that shows which message it comes from.
using Value = std::uint32_t;
constexpr Value value_of(std::uint32_t number) {
    return 2 * number + 1;
}

/// Sends `messages` messages and does not look back.
template <class R = unreliable::Sender<Value>>
struct SenderScript {
    R role;
    std::uint32_t sends = 0;

    bool is_done(const Options& options) const {
        return static_cast<int>(sends) == options.messages;
    }
    bool can_act(const Options& options) const { return !is_done(options); }
    void act(auto& port, const Options&) {
        ++sends;
        role.send(value_of(sends), port);
        port.expect(role.number == sends, "every message takes a number, also one that is lost");
    }
};

/// Takes or refuses what it holds; while it has not yet done so, what comes is refused.
template <class R = unreliable::Receiver<Value>>
struct ReceiverScript {
    R role;
    std::uint32_t taken = 0;
    Value last = 0;

    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return !role.has_value; }
    bool can_act(const Options&) const { return role.has_value; }
    void act(auto& port, const Options&) {
        if (port.choose(2) == 1) {
            role.refuse();
        } else {
            const Value value = role.take();
            port.expect(value > last, "messages are processed in order, each at most once");
            last = value;
            ++taken;
        }
        account(port);
    }

    void receive(const unreliable::Datagram<Value>& datagram, auto& port, const Options&) {
        const bool is_free = !role.has_value;
        role.receive(datagram, port);
        if (is_free && role.has_value) {
            port.expect(role.value == value_of(role.number), "a message comes with its value");
        }
        account(port);
    }

 private:
    void account(auto& port) const {
        const std::uint32_t held = role.has_value ? 1 : 0;
        port.expect(taken + held + role.refused + role.missed == role.number,
                    "every number is processed, refused or missed");
    }
};

template <Platform P>
struct Original {
    using Datagram = unreliable::Datagram<Value>;

    using Options = specs::unreliable_send::Options;
    using Left = SenderScript<>;
    using Right = ReceiverScript<>;
    using OwnNumbers = specs::model::NewNumbers<&Datagram::number>;
    using Monitors = std::tuple<OwnNumbers>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

/// The bounds of a variant that shows its bug over one kind of transport only.
template <Transport::Kind kind>
struct OptionsOver : Options {
    using FieldsOf = unreliable_send::Options;

    Transport transport() const { return {kind, 1}; }
};

using Sender = unreliable::Sender<Value>;
using Receiver = unreliable::Receiver<Value>;

/// Gives the number of a message that found no room to the next one.
struct ReusesNumber : Sender {
    using FieldsOf = Sender;

    bool send(const Value& value, auto& port) {
        const bool is_sent = FieldsOf::send(value, port);
        if (!is_sent) --number;
        return is_sent;
    }
};

template <Platform P>
struct LossHidden : Original<P> {
    using Left = SenderScript<ReusesNumber>;
    static constexpr specs::model::Mutant about{
        .name = "loss_hidden",
        .plants = "a message that finds no room takes no number, so that no gap shows",
        .properties = {property::assertion},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Does not look for gaps.
struct IgnoresGaps : Receiver {
    using FieldsOf = Receiver;

    void receive(const unreliable::Datagram<Value>& datagram, auto& port) {
        FieldsOf::receive(datagram, port);
        missed = 0;
    }
};

template <Platform P>
struct GapNotCounted : Original<P> {
    using Right = ReceiverScript<IgnoresGaps>;
    static constexpr specs::model::Mutant about{
        .name = "gap_not_counted",
        .plants = "the receiver does not count what it has missed",
        .properties = {property::assertion},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Writes a new message over one that has not been processed.
struct Overwrites : Receiver {
    using FieldsOf = Receiver;

    void receive(const unreliable::Datagram<Value>& datagram, auto& port) {
        has_value = false;
        FieldsOf::receive(datagram, port);
    }
};

template <Platform P>
struct MessageOverwritten : Original<P> {
    using Right = ReceiverScript<Overwrites>;
    static constexpr specs::model::Mutant about{
        .name = "message_overwritten",
        .plants = "the receiver writes a new message over one that is not processed yet",
        .properties = {property::assertion},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Takes the last number for a new one.
struct TakesCopies : Receiver {
    using FieldsOf = Receiver;

    void receive(const unreliable::Datagram<Value>& datagram, auto& port) {
        if (datagram.number == number) --number;
        FieldsOf::receive(datagram, port);
    }
};

template <Platform P>
struct CopyDelivered : Original<P> {
    using Options = OptionsOver<Transport::Kind::duplicating>;
    using Right = ReceiverScript<TakesCopies>;
    static constexpr specs::model::Mutant about{
        .name = "copy_delivered",
        .plants = "the receiver delivers a message that the transport has doubled twice",
        .properties = {property::assertion},
        .seen_by_explore = true};
};

/// Takes what comes for the next.
struct TakesLate : Receiver {
    using FieldsOf = Receiver;

    void receive(const unreliable::Datagram<Value>& datagram, auto& port) {
        if (datagram.number < number) {
            missed -= 1;
            refused += has_value ? 1 : 0;
            has_value = true;
            value = datagram.value;
        } else {
            FieldsOf::receive(datagram, port);
        }
    }
};

template <Platform P>
struct LateDelivered : Original<P> {
    using Options = OptionsOver<Transport::Kind::reordering>;
    using Right = ReceiverScript<TakesLate>;
    static constexpr specs::model::Mutant about{
        .name = "late_delivered",
        .plants = "the receiver delivers a message that has been overtaken",
        .properties = {property::assertion},
        .seen_by_explore = true};
};

using Variants = specs::model::VariantList<Original, LossHidden, GapNotCounted, MessageOverwritten,
                                           CopyDelivered, LateDelivered>;

}  // namespace parley::specs::unreliable_send
