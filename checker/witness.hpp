#pragma once

#include "parley/checker/conformance.hpp"
#include "parley/checker/describe.hpp"
#include "parley/checker/record.hpp"
#include "parley/checker/require.hpp"
#include "parley/protocols/model/fields.hpp"
#include "parley/protocols/model/role.hpp"
#include "parley/specs/model/monitor.hpp"
#include "parley/specs/model/ownership.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/specs/model/script.hpp"
#include "parley/specs/model/shadow.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parley::checker {

/// Judges the events of one run over real queues, in an order that agrees with happens-before: the
/// monitors, the page and the ledger of the spec, and that the queues deliver every message once,
/// in order, unchanged, and never hold more than their capacity.
///
/// Messages are those of CheckPlatform (see specs::model::shadow). With a recorder the events are
/// taken down as well. What may be left in a queue at the end: nothing, unless the party that it
/// leads to leaves messages (see specs::model::Script).
template <class LeftVariant, class RightVariant, class Monitors, bool left_leaves,
          bool right_leaves>
class Witness {
 public:
    using LeftOutbox = LeftVariant;
    using RightOutbox = RightVariant;
    using ObjectId = specs::model::ObjectId;

    /// What `page` refers to must outlive the witness.
    explicit Witness(std::size_t capacity, Recorder* recorder = nullptr, PageWatch page = {})
        : capacity_(capacity), recorder_(recorder), page_(page) {
        if (page.rules != nullptr) place_ = page.rules->begin();
    }

    bool is_violated() const { return judge_.is_violated(); }
    Violation violation() const {
        return {std::string{judge_.property()}, std::string{judge_.sentence()}, detail_};
    }
    const specs::model::Judge& judge() const { return judge_; }
    /// Bit 32 * party + alternative: such a message was sent.
    std::uint64_t sent_kinds() const { return sent_kinds_; }
    /// Whether a message was ever refused because the queue of `party` was full.
    bool was_full(model::Party party) const { return was_full_[index_of(party)]; }

    template <class Message>
    void sent(model::Party by, const Message& message) {
        model::for_owned_field(message, [&](const auto& owned) {
            if (owned) ownership_.send(by, owned.id(), judge_);
        });
        if (recorder_ != nullptr) recorder_->send(by, describe(message));
        note_kind(by, message);
        in_flight(message).push_back(message);
        count_sent(by, in_flight(message).size());
        judge_.require(in_flight(message).size() <= capacity_, specs::model::property::capacity,
                       "a queue never holds more messages than its capacity");
        const bool was_violated = judge_.is_violated();
        watch(specs::model::Sent<Message>{by, message});
        conform(by, specs::model::Direction::send, message, was_violated);
    }

    /// `message` is about to be pushed. Whether it was sent the queue decides, and the other party
    /// may see it before the push returns: then it counts as sent at once.
    template <class Message>
    void offer(model::Party by, const Message& message) {
        offer_to(in_flight(message)) = message;
        static_cast<void>(by);
    }
    /// The push has succeeded.
    template <class Message>
    void offer_taken(model::Party by, const Message& message) {
        commit_offer(by, in_flight(message));
    }
    /// The queue was full.
    template <class Message>
    void offer_refused(model::Party by, const Message& message) {
        offer_to(in_flight(message)).reset();
        refused(by, message);
    }

    template <class Message>
    void refused(model::Party by, const Message& message) {
        was_full_[index_of(by)] = true;
        add(by, EventKind::refuse, message);
        count_refused(by, message);
        watch(specs::model::Refused<Message>{by, message});
    }

    template <class Message>
    void received(model::Party by, const Message& message) {
        auto& queue = in_flight(message);
        if (queue.empty()) commit_offer(other(by), queue);
        const bool is_next =
            !queue.empty() && std::holds_alternative<Message>(queue.front()) &&
            model::tie_fields(std::get<Message>(queue.front())) == model::tie_fields(message);
        judge_.require(is_next, specs::model::property::delivery,
                       "a queue delivers each message once, in order and unchanged");
        if (!queue.empty()) queue.erase(queue.begin());
        if (page_.coverage != nullptr) page_.coverage->pop(other(by), queue.size());
        if (recorder_ != nullptr) recorder_->receive(by, describe(message));
        model::for_owned_field(message, [&](const auto& owned) {
            if (owned) ownership_.receive(by, owned.id());
        });
        const bool was_violated = judge_.is_violated();
        watch(specs::model::Received<Message>{by, message});
        conform(by, specs::model::Direction::receive, message, was_violated);
    }

    /// The name of a new object. Throws LimitReached when too many are alive.
    ObjectId made(model::Party by) {
        const std::optional<ObjectId> id = ownership_.make(by);
        if (!id) throw LimitReached{specs::model::Ownership::limit};
        add(by, EventKind::make, *id);
        return *id;
    }
    void accessed(model::Party by, ObjectId id) {
        add(by, EventKind::access, id);
        ownership_.access(by, id, judge_);
    }
    void destroyed(model::Party by, ObjectId id) {
        add(by, EventKind::destroy, id);
        ownership_.destroy(by, id, judge_);
    }

    template <class Message>
    void rejected(model::Party by, const Message& message, const std::string& state) {
        add(by, EventKind::reject, message);
        fail(specs::model::property::unspecified_reception,
             "a message arrives only in a state that expects it",
             fmt::format("{} got {}", state, describe(message)));
    }

    /// A property fails for a reason that monitors do not know. Texts must outlive the witness.
    void fail(std::string_view property, std::string_view sentence, std::string detail) {
        if (judge_.is_violated()) return;
        judge_.require(false, property, sentence);
        detail_ = std::move(detail);
    }

    void end_step(model::Party by, const std::string& state) {
        if (recorder_ != nullptr) recorder_->end_step(by, state);
    }
    bool is_recording() const { return recorder_ != nullptr; }
    const specs::model::Ownership& ownership() const { return ownership_; }
    Recorder* recorder() const { return recorder_; }

    bool is_inbox_empty(model::Party party) const {
        return party == model::Party::left ? right_to_left_.empty() : left_to_right_.empty();
    }

    /// Nothing can move any more, and not both parties have come to their end.
    void stuck(std::array<bool, 2> is_done, std::string detail) {
        const bool has_orphan = (is_done[0] && !left_leaves && !right_to_left_.empty()) ||
                                (is_done[1] && !right_leaves && !left_to_right_.empty());
        if (has_orphan) {
            return fail(specs::model::property::orphan_message,
                        "no message is left for a party that has finished", std::move(detail));
        }
        fail(specs::model::property::deadlock, "some party can move until both have finished",
             std::move(detail));
    }

    /// The run is over: nothing may be left in a queue, owed or alive.
    void end() {
        judge_.require(
            (right_leaves || left_to_right_.empty()) && (left_leaves || right_to_left_.empty()),
            specs::model::property::orphan_message,
            "no message is left for a party that has finished");
        watch_page_end(page_, place_, judge_, detail_);
        specs::model::judge_end(monitors_, judge_);
        ownership_.judge_end(judge_);
    }

    /// All that decides how it judges what is still to come, between the calls of parties and but
    /// for ownership() (see codec.hpp).
    template <class Archive>
    void transfer(Archive& archive) {
        PagePlace::OfParty left_place = place_.of(model::Party::left);
        PagePlace::OfParty right_place = place_.of(model::Party::right);
        archive(monitors_);
        archive(left_place);
        archive(right_place);
        archive(sent_kinds_);
        transfer_queue(left_to_right_, archive);
        transfer_queue(right_to_left_, archive);
    }

 private:
    template <class Outbox, class Archive>
    static void transfer_queue(std::vector<Outbox>& queue, Archive& archive) {
        auto size = static_cast<std::uint32_t>(queue.size());
        archive(size);
        queue.resize(size);
        for (Outbox& message : queue) archive(message);
    }

    template <class Message>
    auto& in_flight(const Message&) {
        constexpr bool is_left =
            specs::model::alternative_index<Message, LeftOutbox> < std::variant_size_v<LeftOutbox>;
        constexpr bool is_right = specs::model::alternative_index<Message, RightOutbox> <
                                  std::variant_size_v<RightOutbox>;
        static_assert(is_left != is_right, "a message type belongs to one direction");
        if constexpr (is_left) {
            return left_to_right_;
        } else {
            return right_to_left_;
        }
    }

    auto& offer_to(const std::vector<LeftOutbox>&) { return left_offer_; }
    auto& offer_to(const std::vector<RightOutbox>&) { return right_offer_; }

    template <class Outbox>
    void commit_offer(model::Party by, std::vector<Outbox>& queue) {
        auto& offer = offer_to(queue);
        if (!offer) return;
        const Outbox message = *std::exchange(offer, std::nullopt);
        std::visit([&](const auto& each) { sent(by, each); }, message);
    }

    template <class Message>
    void note_kind(model::Party by, const Message&) {
        constexpr std::size_t as_left = specs::model::alternative_index<Message, LeftOutbox>;
        constexpr std::size_t as_right = specs::model::alternative_index<Message, RightOutbox>;
        sent_kinds_ |= std::uint64_t{1} << (by == model::Party::left ? as_left : 32 + as_right);
    }

    template <class Event>
    void watch(const Event& event) {
        specs::model::watch_all(monitors_, event, judge_);
    }

    template <class Message>
    void conform(model::Party by, specs::model::Direction direction, const Message& message,
                 bool was_violated) {
        constexpr bool is_left =
            specs::model::alternative_index<Message, LeftOutbox> < std::variant_size_v<LeftOutbox>;
        using Outbox = std::conditional_t<is_left, LeftOutbox, RightOutbox>;
        watch_page<Outbox>(page_, place_, by, direction, message, was_violated, judge_, detail_);
    }

    /// The slots of a queue are used in turn.
    void count_sent(model::Party by, std::size_t in_flight) {
        if (page_.coverage == nullptr) return;
        page_.coverage->push(by, in_flight);
        if (++sent_[index_of(by)] == capacity_ + 1) page_.coverage->wrap(by);
    }

    template <class Message>
    void count_refused(model::Party by, const Message& message) {
        constexpr bool is_left =
            specs::model::alternative_index<Message, LeftOutbox> < std::variant_size_v<LeftOutbox>;
        using Outbox = std::conditional_t<is_left, LeftOutbox, RightOutbox>;
        watch_refused<Outbox>(page_, place_, by, message);
    }

    template <class What>
    void add(model::Party by, EventKind kind, const What& what) {
        if (recorder_ != nullptr) recorder_->add(by, kind, describe(what));
    }

    std::size_t capacity_;
    Recorder* recorder_;
    PageWatch page_;
    PagePlace place_;
    specs::model::Judge judge_;
    std::string detail_;
    Monitors monitors_{};
    specs::model::Ownership ownership_{};
    std::vector<LeftOutbox> left_to_right_;
    std::vector<RightOutbox> right_to_left_;
    std::optional<LeftOutbox> left_offer_;
    std::optional<RightOutbox> right_offer_;
    std::array<bool, 2> was_full_{};
    std::array<std::size_t, 2> sent_{};  ///< in this run, by sender
    std::uint64_t sent_kinds_ = 0;
};

/// The witness of a variant `C` under CheckPlatform; mutants share their original's.
template <class C>
using WitnessOf =
    Witness<typename decltype(C::Left::role)::Outbox, typename decltype(C::Right::role)::Outbox,
            typename C::Monitors, specs::model::leaves_messages<typename C::Left>,
            specs::model::leaves_messages<typename C::Right>>;

}  // namespace parley::checker
