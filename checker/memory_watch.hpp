#pragma once

#include "parley/checker/campaign.hpp"
#include "parley/checker/conformance.hpp"
#include "parley/checker/describe.hpp"
#include "parley/checker/memory_text.hpp"
#include "parley/checker/state_writer.hpp"
#include "parley/protocols/model/fields.hpp"
#include "parley/protocols/model/role.hpp"
#include "parley/specs/model/ownership.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/specs/model/shadow.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parley::checker {

/// What looks on at one run over real queues: tells the witness `W` what the parties do, and ends
/// the run when it has seen a violation. `LeftOutbox`, `RightOutbox`: the messages of the run, for
/// which the witness has its own; `M`: the engine (see MemoryRun). It knows nothing of scripts, so
/// that mutants share it.
template <class W, class LeftOutbox, class RightOutbox, class M>
class MemoryWatch {
 public:
    using Engine = M;
    using ObjectId = specs::model::ObjectId;

    /// `page`: what the roles must conform to, or null.
    MemoryWatch(std::size_t capacity, Campaign& campaign, const Conformance* page)
        : campaign_(campaign), judged_([&] {
              return Judged{W{capacity,
                              campaign.recorder,
                              {page, campaign.coverage ? &*campaign.coverage : nullptr}}};
          }) {}

    /// The queues are there.
    template <class LeftQueue, class RightQueue>
    void begin(const LeftQueue& left_to_right, const RightQueue& right_to_left,
               const QueueNames& names) {
        M::outside([&] {
            M::note_queues(left_to_right, right_to_left);
            campaign_.names = names;
        });
    }

    /// `message` is about to be pushed. Returns what the witness sees of it.
    template <model::Party party, class Message>
    auto offer(const Message& message) {
        return M::outside([&] {
            auto seen = shadow_of<party>(message);
            campaign_.take_down();
            judged_->witness.offer(party, seen);
            return seen;
        });
    }
    /// What has become of an offer.
    template <class Seen>
    void settle(model::Party party, bool is_sent, const Seen& seen) {
        M::outside([&] {
            campaign_.take_down();
            if (is_sent) {
                judged_->witness.offer_taken(party, seen);
            } else {
                judged_->witness.offer_refused(party, seen);
            }
            stop_if_violated();
        });
    }

    template <model::Party party, class Message>
    void received(const Message& message) {
        M::outside([&] {
            campaign_.take_down();
            auto seen = shadow_of<model::other(party)>(message);
            judged_->witness.received(party, seen);
            note_answer(seen);
            stop_if_violated();
        });
    }

    template <class Object>
    void made(model::Party party, const Object* object) {
        M::outside([&] { name_object(object, judged_->witness.made(party)); });
    }
    template <class OwnedOrAlias>
    void accessed(model::Party party, const OwnedOrAlias& object) {
        M::outside([&] { judged_->witness.accessed(party, object_named(object)); });
    }
    template <class Owned>
    void destroyed(model::Party party, const Owned& object) {
        M::outside([&] { judged_->witness.destroyed(party, object_named(object)); });
    }

    /// An expectation of a script does not hold. The text must outlive the run.
    void failed(std::string_view sentence) {
        M::outside([&] {
            judged_->witness.fail(specs::model::property::assertion, sentence, {});
            stop_if_violated();
        });
    }

    /// A step of `party` is over; `role` is asked for its state only when that is taken down.
    template <class Role>
    void end_step(model::Party party, const Role& role) {
        if (campaign_.recorder == nullptr) [[likely]]
            return;
        M::outside([&] {
            campaign_.take_down();
            if (!campaign_.recorder->is_in_step(party)) return;
            campaign_.recorder->end_step(party, describe_state(role));
        });
    }

    // What follows is called from outside of the code under check.

    /// Whether nothing is under way to the party.
    bool is_inbox_empty(model::Party party) const { return judged_->witness.is_inbox_empty(party); }

    /// `state`: of the role to which the message has come.
    template <model::Party party, class Message>
    void rejected(const Message& message, const std::string& state) {
        judged_->witness.rejected(party, shadow_of<model::other(party)>(message), state);
        stop_if_violated();
    }

    /// Both parties have come to their end.
    void end() {
        judged_->witness.end();
        campaign_.sent_kinds |= judged_->witness.sent_kinds();
        ++campaign_.ends;
        stop_if_violated();
    }
    /// No party can move any more, and not both have come to their end; what each of them does.
    void stuck(std::array<bool, 2> is_done, const std::string& left, const std::string& right) {
        judged_->witness.stuck(is_done, fmt::format("{}, {}", left, right));
        stop_if_violated();
    }

    /// Ends the run if the witness has seen a violation.
    void stop_if_violated() {
        if (!judged_->witness.is_violated()) [[likely]]
            return;
        campaign_.violation = judged_->witness.violation();
        M::fail(campaign_.violation->sentence);
    }

    // For an engine that keeps states.

    std::span<const ObjectId> names() const { return judged_->names; }
    void write_witness(std::vector<std::byte>& to) {
        StateWriter writer(to, judged_->names);
        writer(judged_->witness);
        for (ObjectId& name : judged_->names) writer(name);
    }
    /// What belongs to no thread: what is in the queues, objects, and what the witness knows.
    void write(std::vector<std::byte>& to) {
        StateWriter writer(to, judged_->names);
        writer(judged_->witness);
        std::size_t slots = judged_->contents.size();
        writer(slots);
        for (std::size_t slot = 0; slot < slots; ++slot) {
            auto object = judged_->witness.ownership().objects[slot];
            writer(object);
            const bool is_alive = object.owner != specs::model::Ownership::Owner::nobody;
            if (is_alive)
                writer.raw(judged_->contents[slot].data(), judged_->contents[slot].size());
        }
    }

 private:
    struct Judged {
        W witness;
        std::vector<ObjectId> names = {};                       ///< by the object's number
        std::vector<std::span<const std::byte>> contents = {};  ///< by the slot of its name
    };

    template <model::Party sender, class Message>
    auto shadow_of(const Message& message) {
        constexpr bool is_left = sender == model::Party::left;
        using Outbox = std::conditional_t<is_left, LeftOutbox, RightOutbox>;
        using Seen = std::conditional_t<is_left, typename W::LeftOutbox, typename W::RightOutbox>;
        constexpr std::size_t index = specs::model::alternative_index<Message, Outbox>;
        ObjectId object;
        model::for_owned_field(message, [&](const auto& owned) {
            if (owned) object = object_named(owned);
        });
        return specs::model::shadow<std::variant_alternative_t<index, Seen>>(message, object);
    }

    template <class Object>
    void name_object(const Object* object, ObjectId id) {
        const auto number = M::number_of(object);
        auto& names = judged_->names;
        if (names.size() <= number) names.resize(number + 1U);
        names[number] = id;
        if constexpr (M::has_states) {
            auto& contents = judged_->contents;
            if (contents.size() < id.slot) contents.resize(id.slot);
            contents[id.slot - 1U] = object->bytes;
        }
    }
    template <class OwnedOrAlias>
    ObjectId object_named(const OwnedOrAlias& object) const {
        if constexpr (requires { object.alias(); }) {
            return object_named(object.alias());
        } else {
            if (object == nullptr) return {};
            const auto number = M::number_of(object);
            return number < judged_->names.size() ? judged_->names[number] : ObjectId{};
        }
    }

    /// What the rest of a step depends on, for an engine that keeps states.
    template <class Message>
    void note_answer(Message& message) {
        if constexpr (requires { M::answers(); }) {
            if (auto* const to = M::answers()) StateWriter{*to, judged_->names}(message);
        }
    }

    Campaign& campaign_;
    typename M::template Kept<Judged> judged_;
};

}  // namespace parley::checker
