#pragma once

#include "parley/protocols/send.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/in_order.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/specs/model/property.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

namespace parley::specs::send {

using parley::model::Platform;
namespace property = specs::model::property;

inline constexpr std::string_view summary = "items in order with their buffers, then the end";

struct Options {
    specs::model::Bound capacity{2, 1, 16};
    specs::model::Bound items{6};
    specs::model::Bound losses{
        1, 1, 100};  ///< buffers that the sender gives up when it finds the queue full

    /// For an engine that takes every execution of the memory model, over the real queue and over
    /// channels.
    static constexpr Options small() { return {.items = {4}}; }
    static constexpr Options over_channels() { return {.items = {8}}; }
};

/// What a buffer holds: the number of its item.
struct Buffer {
    std::uint32_t number = 0;
};

/// Fills a buffer for each item and sends it, then ends the stream. A buffer that does not find
/// room is tried again or, `losses` times, lost.
template <Platform P, class R = protocols::send::Sender<Buffer, P>>
struct SenderScript {
    R role;
    typename R::Owned buffer;

    bool is_done(const Options&) const { return role.state == R::State::ended; }
    bool can_act(const Options& options) const { return !is_done(options); }
    void act(auto& port, const Options& options) {
        if (static_cast<int>(role.count) == options.items) {
            role.end(port);
            return;
        }
        if (!buffer) buffer = port.template make<Buffer>();
        port.access(buffer).number = role.count;
        if (static_cast<int>(role.lost) < options.losses && port.choose(2) == 1) {
            role.offer(std::move(buffer), port);
        } else {
            role.send(buffer, port);
        }
    }
};

/// Takes or refuses the item that it holds; while it has not yet done so, what comes is refused.
template <Platform P, class R = protocols::send::Receiver<Buffer, P>>
struct ReceiverScript {
    R role;

    bool is_done(const Options&) const { return role.state == R::State::ended && !role.has_item(); }
    bool can_act(const Options&) const { return role.has_item(); }
    void act(auto& port, const Options&) {
        if (port.choose(2) == 0) {
            port.destroy(role.take());
        } else {
            role.refuse(port);
        }
    }

    void receive(protocols::send::Item<Buffer, P>&& item, auto& port, const Options&) {
        port.expect(static_cast<bool>(item.buffer), "an item comes with its buffer");
        if (!item.buffer) return;
        port.expect(port.access(item.buffer).number == item.number,
                    "the buffer holds what the sender wrote for this item");
        role.receive(std::move(item), port);
    }
    void receive(const protocols::send::End& end, auto& port, const Options& options) {
        role.receive(end, port);
        port.expect(static_cast<int>(role.count) == options.items, "the end comes after all items");
    }
};

template <Platform P>
using Sender = protocols::send::Sender<Buffer, P>;
template <Platform P>
using Receiver = protocols::send::Receiver<Buffer, P>;

template <Platform P>
struct Original {
    using Item = protocols::send::Item<Buffer, specs::model::CheckPlatform>;

    using Options = send::Options;
    using Left = SenderScript<P>;
    using Right = ReceiverScript<P>;
    using ItemsInOrder = specs::model::InOrder<&Item::number>;
    using Monitors = std::tuple<ItemsInOrder>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

/// A queue with other memory orders.
template <class T, Platform P, parley::model::QueueOrders Orders>
using QueueWith = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P, Orders>;

template <Platform P>
struct RelaxedPublish : Original<P> {
    template <class T>
    using Queue = QueueWith<T, P, {.publish = std::memory_order_relaxed}>;
    static constexpr specs::model::Mutant about{
        .name = "relaxed_publish",
        .plants = "the queue's producer hands elements over with a relaxed store",
        .properties = {property::data_race},
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_tsan = true};
};

template <Platform P>
struct RelaxedObserve : Original<P> {
    template <class T>
    using Queue = QueueWith<T, P, {.observe = std::memory_order_relaxed}>;
    static constexpr specs::model::Mutant about{
        .name = "relaxed_observe",
        .plants = "the queue's consumer looks for elements with a relaxed load",
        .properties = {property::data_race},
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_tsan = true};
};

template <Platform P>
struct RelaxedVacate : Original<P> {
    template <class T>
    using Queue = QueueWith<T, P, {.vacate = std::memory_order_relaxed}>;
    static constexpr specs::model::Mutant about{
        .name = "relaxed_vacate",
        .plants = "the queue's consumer gives room back with a relaxed store",
        .properties = {property::data_race},
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_tsan = true};
};

template <Platform P>
struct RelaxedReclaim : Original<P> {
    template <class T>
    using Queue = QueueWith<T, P, {.reclaim = std::memory_order_relaxed}>;
    static constexpr specs::model::Mutant about{
        .name = "relaxed_reclaim",
        .plants = "the queue's producer looks for room with a relaxed load",
        .properties = {property::data_race},
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_tsan = true};
};

/// A queue that takes one element more than it has room for.
template <class T, Platform P>
struct OverfullQueue : parley::model::SpscQueue<T, parley::model::dynamic_capacity, P> {
    explicit OverfullQueue(std::size_t capacity)
        : parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>(capacity, capacity + 1) {}
};

template <Platform P>
struct OffByOneFull : Original<P> {
    template <class T>
    using Queue = OverfullQueue<T, P>;
    static constexpr specs::model::Mutant about{
        .name = "off_by_one_full",
        .plants = "the queue's check for full is off by one",
        .properties = {property::data_race, property::capacity, Original<P>::ItemsInOrder::name,
                       property::crash, property::delivery, property::hang, property::deadlock,
                       property::use_after_free},
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Looks into a buffer after it has been sent.
template <Platform P>
struct ReadsSentBuffer : Sender<P> {
    using FieldsOf = Sender<P>;

    bool send(typename FieldsOf::Owned& buffer, auto& port) {
        const auto alias = buffer.alias();
        if (!FieldsOf::send(buffer, port)) return false;
        return port.access(alias).number < this->count;
    }
};

template <Platform P>
struct UseAfterSend : Original<P> {
    using Left = SenderScript<P, ReadsSentBuffer<P>>;
    static constexpr specs::model::Mutant about{
        .name = "use_after_send",
        .plants = "the sender reads a buffer that it has sent",
        .properties = {property::ownership, property::use_after_free, property::data_race,
                       property::crash},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Frees an item that it refuses twice.
template <Platform P>
struct FreesRefusedTwice : Receiver<P> {
    using FieldsOf = Receiver<P>;

    void refuse(auto& port) {
        const auto alias = this->buffer.alias();
        FieldsOf::refuse(port);
        port.destroy(FieldsOf::Owned::adopt(alias));
    }
};

template <Platform P>
struct DoubleFree : Original<P> {
    using Right = ReceiverScript<P, FreesRefusedTwice<P>>;
    static constexpr specs::model::Mutant about{
        .name = "double_free",
        .plants = "the receiver frees a refused buffer twice",
        .properties = {property::double_free, property::use_after_free, property::ownership,
                       property::crash},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Frees a buffer that it has handed over.
template <Platform P>
struct FreesSentBuffer : Sender<P> {
    using FieldsOf = Sender<P>;

    bool send(typename FieldsOf::Owned& buffer, auto& port) {
        const auto alias = buffer.alias();
        if (!FieldsOf::send(buffer, port)) return false;
        port.destroy(FieldsOf::Owned::adopt(alias));
        return true;
    }
};

template <Platform P>
struct FreeAfterSend : Original<P> {
    using Left = SenderScript<P, FreesSentBuffer<P>>;
    static constexpr specs::model::Mutant about{
        .name = "free_after_send",
        .plants = "the sender frees a buffer that it has sent",
        .properties = {property::ownership, property::double_free, property::use_after_free,
                       property::crash, property::data_race},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Counts an item that did not find room as lost and does not free it.
template <Platform P>
struct KeepsLost : Sender<P> {
    using FieldsOf = Sender<P>;

    void offer(typename FieldsOf::Owned&& buffer, auto& port) {
        if (this->send(buffer, port)) return;
        ++this->lost;
        buffer.release();
    }
};

template <Platform P>
struct LeakWhenFull : Original<P> {
    using Left = SenderScript<P, KeepsLost<P>>;
    static constexpr specs::model::Mutant about{
        .name = "leak_when_full",
        .plants = "the sender does not free an item that it gives up on a full queue",
        .properties = {property::leak},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Says that an item has been sent when the queue was full.
template <Platform P>
struct SaysSentWhenFull : Sender<P> {
    using FieldsOf = Sender<P>;

    bool send(typename FieldsOf::Owned& buffer, auto& port) {
        if (FieldsOf::send(buffer, port)) return true;
        port.destroy(std::move(buffer));
        ++this->count;
        return true;
    }
};

template <Platform P>
struct FullNotReported : Original<P> {
    using Left = SenderScript<P, SaysSentWhenFull<P>>;
    static constexpr specs::model::Mutant about{
        .name = "full_not_reported",
        .plants = "the sender drops an item when the queue is full and reports success",
        .properties = {Original<P>::ItemsInOrder::name, property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Ends the stream and does not notice.
template <Platform P>
struct EndsAgain : Sender<P> {
    using FieldsOf = Sender<P>;

    bool end(auto& port) {
        const bool is_first = port.send(protocols::send::End{this->count});
        return FieldsOf::end(port) && is_first;
    }
};

template <Platform P>
struct EndTwice : Original<P> {
    using Left = SenderScript<P, EndsAgain<P>>;
    static constexpr specs::model::Mutant about{
        .name = "end_twice",
        .plants = "the sender ends the stream twice",
        .properties = {property::conformance, property::orphan_message,
                       property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Counts an item that it refuses and does not free it.
template <Platform P>
struct KeepsRefused : Receiver<P> {
    using FieldsOf = Receiver<P>;

    void refuse(auto&) {
        this->buffer.release();
        ++this->refused;
    }
};

template <Platform P>
struct LeakWhenRefused : Original<P> {
    using Right = ReceiverScript<P, KeepsRefused<P>>;
    static constexpr specs::model::Mutant about{
        .name = "leak_when_refused",
        .plants = "the receiver does not free an item that it refuses",
        .properties = {property::leak},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

using Variants =
    specs::model::VariantList<Original, RelaxedPublish, RelaxedObserve, RelaxedVacate,
                              RelaxedReclaim, OffByOneFull, UseAfterSend, DoubleFree, FreeAfterSend,
                              LeakWhenFull, FullNotReported, EndTwice, LeakWhenRefused>;

}  // namespace parley::specs::send
