#pragma once

#include "parley/protocols/cancelable_one_shot.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/exactly_once.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/specs/model/only_when_asked.hpp"
#include "parley/specs/model/property.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

namespace parley::specs::cancelable_one_shot {

namespace one_shot = protocols::cancelable_one_shot;
using parley::model::Platform;

inline constexpr std::string_view summary = "arm, then fired or cancelled; cancel may cross fired";

struct Options {
    specs::model::Bound capacity{2, 1, 16};
    specs::model::Bound rounds{8, 1, 100};  ///< how often the requester arms

    /// For an engine that takes every execution of the memory model, over the real queue and over
    /// channels.
    static constexpr Options small() { return {.rounds = {4}}; }
    static constexpr Options over_channels() { return {.rounds = {8}}; }
};

/// The object that travels: the requester writes `asked`, the notifier answers with the same.
struct Completion {
    std::uint8_t asked = 0;
    std::uint8_t answered = 0;
};

/// Arms `rounds` times with one completion object, and cancels or does not.
template <Platform P, class R = one_shot::Requester<Completion, P>>
struct RequesterScript {
    R role;
    typename R::Owned completion;
    bool wants_cancel = false;

    bool is_done(const Options& options) const {
        return role.round == options.rounds && role.state == R::State::idle && !completion;
    }
    bool can_act(const Options& options) const {
        if (role.state == R::State::armed) return wants_cancel;
        return role.state == R::State::idle && !is_done(options);
    }
    void act(auto& port, const Options&) {
        if (role.state == R::State::armed) {
            role.cancel(port);
            return;
        }
        if (!completion) completion = port.template make<Completion>();
        port.access(completion).asked = static_cast<std::uint8_t>(role.round + 1);
        if (!role.arm(completion, port)) return;
        wants_cancel = port.choose(2) == 1;
    }

    template <class Message>
    void receive(Message&& message, auto& port, const Options& options) {
        role.receive(std::forward<Message>(message), port);
        if (role.state != R::State::idle) return;
        completion = role.take_completion();
        port.expect(static_cast<bool>(completion), "the completion comes back with the outcome");
        if (!completion) return;
        port.expect(port.access(completion).answered == role.round,
                    "the completion holds what the notifier wrote for this arm");
        if (role.round == options.rounds) port.destroy(std::move(completion));
    }
};

/// Fires whenever it is armed; how soon is up to the schedule. It cannot know whether a late Cancel
/// is still to come, so it may be left idle.
template <Platform P, class R = one_shot::Notifier<Completion, P>>
struct NotifierScript {
    R role;

    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return role.state == R::State::idle; }
    bool can_act(const Options&) const { return role.can_fire(); }
    void act(auto& port, const Options&) { role.fire(port); }

    void receive(one_shot::Arm<Completion, P>&& arm, auto& port, const Options&) {
        role.receive(std::move(arm), port);
        if (!role.completion) return;
        Completion& completion = port.access(role.completion);
        port.expect(completion.asked == role.round,
                    "the completion holds what the requester wrote for this arm");
        completion.answered = role.round;
    }
};

template <Platform P>
struct Original {
    using Arm = one_shot::Arm<Completion, specs::model::CheckPlatform>;
    using Fired = one_shot::Fired<Completion, specs::model::CheckPlatform>;
    using Cancelled = one_shot::Cancelled<Completion, specs::model::CheckPlatform>;

    using Options = cancelable_one_shot::Options;
    using Left = RequesterScript<P>;
    using Right = NotifierScript<P>;
    using OneOutcome = specs::model::ExactlyOnce<&Arm::round, &Fired::round, &Cancelled::round>;
    using CancelsOwnArm = specs::model::OnlyWhenAsked<&one_shot::Cancel::round, &Cancelled::round>;
    using Monitors = std::tuple<OneOutcome, CancelsOwnArm>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

template <Platform P>
using Requester = one_shot::Requester<Completion, P>;
template <Platform P>
using Notifier = one_shot::Notifier<Completion, P>;

/// Remembers a Cancel that comes when nothing is armed, and uses it up on the next arm.
template <Platform P>
struct RemembersLateCancel : Notifier<P> {
    using FieldsOf = Notifier<P>;
    using State = typename FieldsOf::State;

    void receive(one_shot::Arm<Completion, P>&& arm, auto& port) {
        const bool is_cancelled = std::exchange(this->state, State::idle) == State::cancelling;
        FieldsOf::receive(std::move(arm), port);
        if (is_cancelled) FieldsOf::receive(one_shot::Cancel{this->round}, port);
    }
    void receive(const one_shot::Cancel& cancel, auto& port) {
        if (this->state == State::armed) return FieldsOf::receive(cancel, port);
        this->state = State::cancelling;
    }
    bool has_pending() const { return FieldsOf::has_pending() && this->completion; }
};

template <Platform P>
struct LateCancelHitsNextArm : Original<P> {
    using Right = NotifierScript<P, RemembersLateCancel<P>>;
    static constexpr specs::model::Mutant about{
        .name = "late_cancel_hits_next_arm",
        .plants = "the notifier keeps a late Cancel for the next arm",
        .properties = {Original<P>::CancelsOwnArm::name,
                       specs::model::property::unspecified_reception,
                       specs::model::property::deadlock, specs::model::property::livelock},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Answers every Cancel, also one that has crossed Fired.
template <Platform P>
struct AnswersLateCancel : Notifier<P> {
    using FieldsOf = Notifier<P>;
    using FieldsOf::receive;

    void receive(const one_shot::Cancel& cancel, auto& port) {
        this->round = cancel.round;
        this->state = FieldsOf::State::cancelling;
        this->flush(port);
    }
};

template <Platform P>
struct BothOutcomes : Original<P> {
    using Right = NotifierScript<P, AnswersLateCancel<P>>;
    static constexpr specs::model::Mutant about{
        .name = "both_outcomes",
        .plants = "the notifier answers a Cancel that has crossed Fired with Cancelled",
        .properties = {Original<P>::OneOutcome::name,
                       specs::model::property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Forgets to disarm when it says Cancelled.
template <Platform P>
struct StaysArmed : Notifier<P> {
    using FieldsOf = Notifier<P>;
    using FieldsOf::receive;

    void receive(const one_shot::Cancel& cancel, auto& port) {
        FieldsOf::receive(cancel, port);
        if (cancel.round == this->round) this->state = FieldsOf::State::armed;
    }
};

template <Platform P>
struct FiredAfterCancelled : Original<P> {
    using Right = NotifierScript<P, StaysArmed<P>>;
    static constexpr specs::model::Mutant about{
        .name = "fired_after_cancelled",
        .plants = "the notifier stays armed when it says Cancelled",
        .properties = {Original<P>::OneOutcome::name,
                       specs::model::property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Waits for Cancelled once it has sent Cancel, and takes a Fired for a stale one.
template <Platform P>
struct IgnoresFiredWhileCancelling : Requester<P> {
    using FieldsOf = Requester<P>;
    using FieldsOf::receive;

    void receive(one_shot::Fired<Completion, P>&& fired, auto& port) {
        if (this->state == FieldsOf::State::cancelling)
            return port.destroy(std::move(fired.completion));
        FieldsOf::receive(std::move(fired), port);
    }
};

template <Platform P>
struct OutcomeLostInCrossing : Original<P> {
    using Left = RequesterScript<P, IgnoresFiredWhileCancelling<P>>;
    static constexpr specs::model::Mutant about{
        .name = "outcome_lost_in_crossing",
        .plants = "the requester drops a Fired that crosses its Cancel",
        .properties = {specs::model::property::deadlock, specs::model::property::hang,
                       specs::model::property::livelock, Original<P>::OneOutcome::name},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Says Cancelled and keeps the completion object.
template <Platform P>
struct KeepsCompletion : Notifier<P> {
    using FieldsOf = Notifier<P>;
    using FieldsOf::receive;

    void receive(const one_shot::Cancel& cancel, auto& port) {
        if (this->state == FieldsOf::State::idle || cancel.round != this->round) return;
        if (port.send(one_shot::Cancelled<Completion, P>{this->round, {}})) {
            this->state = FieldsOf::State::idle;
        }
    }
};

template <Platform P>
struct CompletionLostOnCancel : Original<P> {
    using Right = NotifierScript<P, KeepsCompletion<P>>;
    static constexpr specs::model::Mutant about{
        .name = "completion_lost_on_cancel",
        .plants = "Cancelled comes without the completion object",
        .properties = {specs::model::property::assertion, specs::model::property::leak},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Writes to the completion object after it has been handed over.
template <Platform P>
struct TouchesArmedCompletion : Requester<P> {
    using FieldsOf = Requester<P>;

    bool arm(typename FieldsOf::Owned& object, auto& port) {
        const auto alias = object.alias();
        if (!FieldsOf::arm(object, port)) return false;
        port.access(alias).asked = this->round;
        return true;
    }
};

template <Platform P>
struct CompletionTouchedWhileArmed : Original<P> {
    using Left = RequesterScript<P, TouchesArmedCompletion<P>>;
    static constexpr specs::model::Mutant about{
        .name = "completion_touched_while_armed",
        .plants = "the requester writes to the completion object after arm",
        .properties = {specs::model::property::ownership, specs::model::property::data_race,
                       specs::model::property::use_after_free, specs::model::property::crash},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

using Variants = specs::model::VariantList<Original, LateCancelHitsNextArm, BothOutcomes,
                                           FiredAfterCancelled, OutcomeLostInCrossing,
                                           CompletionLostOnCancel, CompletionTouchedWhileArmed>;

}  // namespace parley::specs::cancelable_one_shot
