#pragma once

#include "parley/protocols/multi_reply.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/exactly_once.hpp"
#include "parley/specs/model/increasing.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/specs/model/property.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::multi_reply {

namespace multi_reply = protocols::multi_reply;
namespace property = specs::model::property;
using parley::model::Platform;

inline constexpr std::string_view summary = "progress in phase order, then one final reply";

struct Options {
    specs::model::Bound capacity{2, 1, 16};
    specs::model::Bound rounds{4, 1, 100};
    specs::model::Bound phases{5, 1, 100};  ///< at most, of one request

    /// For an engine that takes every execution of the memory model, over the real queue and over
    /// channels.
    static constexpr Options small() { return {.rounds = {2}, .phases = {4}}; }
    static constexpr Options over_channels() { return {.rounds = {6}, .phases = {5}}; }
};

/// What the worker answers after so many phases.
constexpr std::uint32_t answer_to(std::uint32_t argument, std::uint32_t phases) {
    return 100 * argument + phases;
}

/// Asks `rounds` times.
template <class R = multi_reply::Requester>
struct RequesterScript {
    R role;

    bool is_done(const Options& options) const {
        return role.round == options.rounds && role.can_request();
    }
    bool can_act(const Options& options) const { return role.can_request() && !is_done(options); }
    void act(auto& port, const Options&) { role.request(role.round + 1U, port); }

    void receive(const multi_reply::Final& final, auto& port, const Options&) {
        role.receive(final, port);
        port.expect(final.result == answer_to(role.round, final.phases),
                    "the final reply answers the open request");
    }
};

/// Goes on by a phase or finishes; at most `phases` phases.
template <class R = multi_reply::Worker>
struct WorkerScript {
    R role;

    bool is_done(const Options& options) const {
        return role.round == options.rounds && role.state == R::State::idle;
    }
    bool can_act(const Options&) const { return role.is_working(); }
    void act(auto& port, const Options& options) {
        if (static_cast<int>(role.phase) < options.phases && port.choose(2) == 0) {
            role.advance(port);
        } else {
            role.finish(answer_to(role.argument, role.phase), port);
        }
    }
};

template <Platform P>
struct Original {
    using Request = multi_reply::Request;
    using Progress = multi_reply::Progress;
    using Final = multi_reply::Final;

    using Options = specs::multi_reply::Options;
    using Left = RequesterScript<>;
    using Right = WorkerScript<>;
    using PhasesInOrder = specs::model::Increasing<&Progress::phase, Request>;
    using OneFinal = specs::model::ExactlyOnce<&Request::round, &Final::round>;
    using Monitors = std::tuple<PhasesInOrder, OneFinal>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

/// Reports once more when it has finished.
struct ReportsAfterFinal : multi_reply::Worker {
    using FieldsOf = multi_reply::Worker;

    void finish(std::uint32_t outcome, auto& port) {
        FieldsOf::finish(outcome, port);
        port.send(multi_reply::Progress{round, phase + 1});
    }
};

template <Platform P>
struct ProgressAfterFinal : Original<P> {
    using Right = WorkerScript<ReportsAfterFinal>;
    static constexpr specs::model::Mutant about{
        .name = "progress_after_final",
        .plants = "the worker reports progress after its final reply",
        .properties = {property::conformance, property::unspecified_reception,
                       property::orphan_message},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Tries to send its final reply once.
struct SendsFinalOnce : multi_reply::Worker {
    using FieldsOf = multi_reply::Worker;

    void finish(std::uint32_t outcome, auto& port) {
        FieldsOf::finish(outcome, port);
        state = State::idle;
    }
};

template <Platform P>
struct FinalDroppedWhenFull : Original<P> {
    using Right = WorkerScript<SendsFinalOnce>;
    static constexpr specs::model::Mutant about{
        .name = "final_dropped_when_full",
        .plants = "the worker drops a final reply that finds the queue full",
        .properties = {property::deadlock, property::hang, property::livelock,
                       Original<P>::OneFinal::name},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Sends its final reply twice.
struct SendsFinalTwice : multi_reply::Worker {
    using FieldsOf = multi_reply::Worker;

    void finish(std::uint32_t outcome, auto& port) {
        port.send(multi_reply::Final{round, phase, outcome});
        FieldsOf::finish(outcome, port);
    }
};

template <Platform P>
struct FinalTwice : Original<P> {
    using Right = WorkerScript<SendsFinalTwice>;
    static constexpr specs::model::Mutant about{
        .name = "final_twice",
        .plants = "the worker sends its final reply twice",
        .properties = {property::conformance, Original<P>::OneFinal::name,
                       property::unspecified_reception, property::orphan_message},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Makes up for progress that found the queue full, when newer progress may have been sent.
struct CatchesUp : multi_reply::Worker {
    using FieldsOf = multi_reply::Worker;

    void advance(auto& port) {
        ++phase;
        if (port.send(multi_reply::Progress{round, phase}) && reported + 1 == phase) ++reported;
    }
    void flush(auto& port) {
        if (state != State::working) return FieldsOf::flush(port);
        if (port.send(multi_reply::Progress{round, reported + 1})) ++reported;
    }
};

template <Platform P>
struct PhasesOutOfOrder : Original<P> {
    using Right = WorkerScript<CatchesUp>;
    static constexpr specs::model::Mutant about{
        .name = "phases_out_of_order",
        .plants = "the worker sends old progress that found no room after newer progress",
        .properties = {Original<P>::PhasesInOrder::name, property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Does not note which phase it has reported, so that flush reports it again.
struct ForgetsReported : multi_reply::Worker {
    using FieldsOf = multi_reply::Worker;

    void advance(auto& port) {
        ++phase;
        port.send(multi_reply::Progress{round, phase});
    }
};

template <Platform P>
struct ProgressRepeated : Original<P> {
    using Right = WorkerScript<ForgetsReported>;
    static constexpr specs::model::Mutant about{
        .name = "progress_repeated",
        .plants = "the worker reports a phase twice",
        .properties = {Original<P>::PhasesInOrder::name, property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Puts the number of the request before on its final reply.
struct AnswersRequestBefore : multi_reply::Worker {
    using FieldsOf = multi_reply::Worker;

    void finish(std::uint32_t outcome, auto& port) {
        --round;
        FieldsOf::finish(outcome, port);
    }
};

template <Platform P>
struct FinalOfOtherRound : Original<P> {
    using Right = WorkerScript<AnswersRequestBefore>;
    static constexpr specs::model::Mutant about{
        .name = "final_of_other_round",
        .plants = "the worker puts the number of the request before on its final reply",
        .properties = {Original<P>::OneFinal::name, property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

using Variants =
    specs::model::VariantList<Original, ProgressAfterFinal, FinalDroppedWhenFull, FinalTwice,
                              PhasesOutOfOrder, ProgressRepeated, FinalOfOtherRound>;

}  // namespace parley::specs::multi_reply
