#pragma once

#include "parley/protocols/stream.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/in_order.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/specs/model/within_demand.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

namespace parley::specs::stream {

namespace stream = protocols::stream;
namespace property = specs::model::property;
using parley::model::Platform;

inline constexpr std::string_view summary = "items on demand, then completed, failed or cancelled";

struct Options {
    specs::model::Bound capacity{2, 1, 16};
    specs::model::Bound items{4};          ///< as many are asked for at most
    specs::model::Bound window{2, 1, 16};  ///< the capacity is used where it is smaller

    /// For an engine that takes every execution of the memory model, over the real queue and over
    /// channels.
    static constexpr Options small() { return {.items = {3}}; }
    static constexpr Options over_channels() { return {.items = {8}}; }
};

/// What a buffer holds: the number of its item.
struct Buffer {
    std::uint32_t number = 0;
};

/// Asks for items, within the window, and cancels or does not. Takes an item before it looks for
/// the next message.
template <Platform P, class R = stream::Sink<Buffer, P>>
struct SinkScript {
    R role;

    bool is_done(const Options&) const { return role.state == R::State::ended && !role.has_item(); }
    bool can_receive(const Options&) const { return !role.has_item(); }
    bool can_act(const Options&) const { return role.has_item() || role.state == R::State::open; }
    void act(auto& port, const Options& options) {
        if (role.has_item()) {
            port.destroy(role.take());
        } else if (can_request(options) && port.choose(2) == 0) {
            role.request(1, port);
        } else {
            role.cancel(port);
        }
    }

    void receive(stream::Next<Buffer, P>&& next, auto& port, const Options&) {
        port.expect(static_cast<bool>(next.buffer), "an item comes with its buffer");
        if (!next.buffer) return;
        port.expect(port.access(next.buffer).number == next.number,
                    "the buffer holds what the source wrote for this item");
        role.receive(std::move(next), port);
    }

 private:
    bool can_request(const Options& options) const {
        return static_cast<int>(role.demand) < std::min<int>(options.window, options.capacity) &&
               static_cast<int>(role.demand + role.count) < options.items;
    }
};

/// Gives what it is asked for, and ends the stream or not: it draws at the beginning whether the
/// stream has an end of its own. It cannot know what has crossed its end.
template <Platform P, class R = stream::Source<Buffer, P>>
struct SourceScript {
    enum class Kind : std::uint8_t { undecided, finite, infinite };

    R role;
    typename R::Owned buffer;  ///< of an item that has found no room
    Kind kind = Kind::undecided;

    bool is_open() const { return role.state == R::State::open; }
    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return role.state == R::State::ended && !buffer; }
    bool can_act(const Options&) const {
        return is_open() ? kind != Kind::infinite || role.demand > 0 : static_cast<bool>(buffer);
    }
    void act(auto& port, const Options&) {
        if (!is_open()) {
            port.destroy(std::move(buffer));
            return;
        }
        if (kind == Kind::undecided) {
            kind = port.choose(2) == 0 ? Kind::finite : Kind::infinite;
            return;
        }
        const auto what = kind == Kind::infinite ? 0 : port.choose(3);
        if (what == 0) {
            give(port);
        } else if (what == 1) {
            role.complete(port);
        } else {
            role.fail(1, port);
        }
    }

 private:
    void give(auto& port) {
        if (role.demand == 0) return;
        if (!buffer) buffer = port.template make<Buffer>();
        port.access(buffer).number = role.count;
        role.next(buffer, port);
    }
};

template <Platform P>
using Sink = stream::Sink<Buffer, P>;
template <Platform P>
using Source = stream::Source<Buffer, P>;

template <Platform P>
struct Original {
    using Next = stream::Next<Buffer, specs::model::CheckPlatform>;

    using Options = specs::stream::Options;
    using Left = SinkScript<P>;
    using Right = SourceScript<P>;
    using ItemsInOrder = specs::model::InOrder<&Next::number>;
    using OnDemand = specs::model::WithinDemand<&stream::Request::count, Next>;
    using Monitors = std::tuple<ItemsInOrder, OnDemand>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

/// Gives one item more than it is asked for.
template <Platform P>
struct CountsDemandWrong : Source<P> {
    using FieldsOf = Source<P>;
    using FieldsOf::receive;

    void receive(const stream::Request& request, auto& port) {
        const bool is_first = this->count == 0 && this->demand == 0;
        FieldsOf::receive(stream::Request{request.count + (is_first ? 1 : 0)}, port);
    }
};

template <Platform P>
struct DemandExceeded : Original<P> {
    using Right = SourceScript<P, CountsDemandWrong<P>>;
    static constexpr specs::model::Mutant about{
        .name = "demand_exceeded",
        .plants = "the source gives one item more than the sink has asked for",
        .properties = {Original<P>::OnDemand::name, property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Answers Cancel also when the stream has ended.
template <Platform P>
struct AnswersEveryCancel : Source<P> {
    using FieldsOf = Source<P>;
    using FieldsOf::receive;

    void receive(const stream::Cancel& cancel, auto& port) {
        if (this->state == FieldsOf::State::ended) port.send(stream::Cancelled{this->count});
        FieldsOf::receive(cancel, port);
    }
};

template <Platform P>
struct TwoEnds : Original<P> {
    using Right = SourceScript<P, AnswersEveryCancel<P>>;
    static constexpr specs::model::Mutant about{
        .name = "two_ends",
        .plants = "the source answers a Cancel that has crossed its end",
        .properties = {property::conformance, property::orphan_message,
                       property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Does not look at Cancel.
template <Platform P>
struct IgnoresCancel : Source<P> {
    using FieldsOf = Source<P>;
    using FieldsOf::receive;

    void receive(const stream::Cancel&, auto&) {}
};

template <Platform P>
struct CancelIgnored : Original<P> {
    using Right = SourceScript<P, IgnoresCancel<P>>;
    static constexpr specs::model::Mutant about{
        .name = "cancel_ignored",
        .plants = "the source of an infinite stream ignores Cancel",
        .properties = {property::deadlock, property::livelock, property::hang,
                       property::conformance},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Tries once to say that the stream has ended.
template <Platform P>
struct EndsOnce : Source<P> {
    using FieldsOf = Source<P>;
    using FieldsOf::receive;

    bool has_pending() const { return false; }
};

template <Platform P>
struct EndDroppedWhenFull : Original<P> {
    using Right = SourceScript<P, EndsOnce<P>>;
    static constexpr specs::model::Mutant about{
        .name = "end_dropped_when_full",
        .plants = "the source does not try an end again that found the queue full",
        .properties = {property::deadlock, property::livelock, property::hang},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Has no use for items once it has cancelled.
template <Platform P>
struct DropsLateItems : Sink<P> {
    using FieldsOf = Sink<P>;
    using FieldsOf::receive;

    void receive(stream::Next<Buffer, P>&& next, auto& port) {
        FieldsOf::receive(std::move(next), port);
        if (this->state == FieldsOf::State::cancelling) this->buffer.release();
    }
};

template <Platform P>
struct LateItemLeaked : Original<P> {
    using Left = SinkScript<P, DropsLateItems<P>>;
    static constexpr specs::model::Mutant about{
        .name = "late_item_leaked",
        .plants = "the sink does not free an item that crosses its Cancel",
        .properties = {property::leak},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Ends the stream for itself as soon as it has cancelled.
template <Platform P>
struct EndsAtCancel : Sink<P> {
    using FieldsOf = Sink<P>;

    bool cancel(auto& port) {
        if (!FieldsOf::cancel(port)) return false;
        this->state = FieldsOf::State::ended;
        this->end = stream::End::cancelled;
        return true;
    }
};

template <Platform P>
struct EndNotAwaited : Original<P> {
    using Left = SinkScript<P, EndsAtCancel<P>>;
    static constexpr specs::model::Mutant about{
        .name = "end_not_awaited",
        .plants = "the sink takes its Cancel for the end of the stream",
        .properties = {property::orphan_message, property::leak, property::conformance,
                       Original<P>::ItemsInOrder::name, property::deadlock, property::hang},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

using Variants = specs::model::VariantList<Original, DemandExceeded, TwoEnds, CancelIgnored,
                                           EndDroppedWhenFull, LateItemLeaked, EndNotAwaited>;

}  // namespace parley::specs::stream
