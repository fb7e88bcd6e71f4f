#pragma once

#include "parley/protocols/request_response_acknowledge.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/at_least_once.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/specs/model/not_after.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/specs/model/same_again.hpp"
#include "parley/specs/model/transport.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>

namespace parley::specs::request_response_acknowledge {

namespace rra = protocols::request_response_acknowledge;
namespace property = specs::model::property;
using parley::model::Platform;

inline constexpr std::string_view summary = "calls that are executed once over any transport";

struct Options {
    specs::model::Bound capacity{2, 1, 16};
    specs::model::Bound requests{3, 1, 15};
    specs::model::Bound copies{0, 0, 15};  ///< of each message, by its sender; 0: any number

    bool allows(int sent_again) const { return copies == 0 || sent_again < copies; }
    /// After one more copy. What has no limit is not counted: there would be no end of states.
    std::uint8_t counted(std::uint8_t sent_again) const {
        return static_cast<std::uint8_t>(sent_again + (copies == 0 ? 0 : 1));
    }

    /// For an engine that takes every execution of the memory model, over the real queue and over
    /// channels.
    static constexpr Options small() { return {.requests = {2}, .copies = {1}}; }
    static constexpr Options over_channels() { return {.requests = {6}, .copies = {1}}; }
};

/// What the server answers to the request `id`.
constexpr std::uint32_t result_of(std::uint32_t id, std::uint32_t argument) {
    return 16 * id + argument;
}

/// Asks `requests` times. Its patience is up to the schedule: it may ask again at any time. When it
/// has its last response it has no reason to stay, so copies may come too late for it.
template <class R = rra::Client>
struct ClientScript {
    static constexpr bool leaves_messages = true;

    R role;
    std::uint8_t copies = 0;  ///< of the request that is open

    bool is_done(const Options& options) const {
        return static_cast<int>(role.id) == options.requests && role.state == R::State::idle &&
               !role.has_pending();
    }
    bool can_act(const Options& options) const {
        if (role.state == R::State::waiting) return options.allows(copies);
        return static_cast<int>(role.id) < options.requests;
    }
    void act(auto& port, const Options& options) {
        if (role.state == R::State::waiting) {
            if (role.retransmit(port)) copies = options.counted(copies);
        } else if (role.request(role.id % 2, port)) {
            copies = 0;
        }
    }

    void receive(const rra::Response& response, auto& port, const Options&) {
        const bool was_waiting = role.state == R::State::waiting;
        role.receive(response, port);
        if (!was_waiting || role.state != R::State::idle) return;
        port.expect(role.result == result_of(role.id, role.argument),
                    "a response answers the request that is open");
    }
};

/// Executes what it is asked, and sends a response again whenever it likes.
template <class R = rra::Server>
struct ServerScript {
    R role;
    std::uint32_t executed = 0;  ///< the newest request that has been
    std::uint8_t copies = 0;     ///< of the response that is kept

    bool is_done(const Options&) const { return false; }
    /// Nobody can tell it that the last acknowledgement will not come any more.
    bool may_end(const Options&) const { return !role.is_working(); }
    bool can_act(const Options& options) const {
        return role.is_working() || (role.state == R::State::responded && options.allows(copies));
    }
    void act(auto& port, const Options& options) {
        if (!role.is_working()) {
            if (role.retransmit(port)) copies = options.counted(copies);
            return;
        }
        const std::uint32_t id = role.id;
        if (!role.respond(result_of(id, role.argument), port)) return;
        copies = 0;
        port.expect(id > executed, "a request is executed once");
        executed = id;
    }
};

template <Platform P>
struct Original {
    using Request = rra::Request;
    using Response = rra::Response;
    using Acknowledge = rra::Acknowledge;

    using Options = specs::request_response_acknowledge::Options;
    using Left = ClientScript<>;
    using Right = ServerScript<>;
    using Answered = specs::model::AtLeastOnce<&Request::id, &Response::id>;
    using SameResponse = specs::model::SameAgain<&Response::id, &Response::result>;
    using Forgotten = specs::model::NotAfter<&Response::id, &Acknowledge::id>;
    using Monitors = std::tuple<Answered, SameResponse, Forgotten>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

/// Takes a copy of a request for a new one once it has responded.
struct TakesCopies : rra::Server {
    using FieldsOf = rra::Server;
    using FieldsOf::receive;

    void receive(const rra::Request& request, auto& port) {
        if (request.id == id && state != State::working) --id;
        FieldsOf::receive(request, port);
    }
};

template <Platform P>
struct ExecutedTwice : Original<P> {
    using Right = ServerScript<TakesCopies>;
    static constexpr specs::model::Mutant about{
        .name = "executed_twice",
        .plants = "the server executes a copy of a request",
        .properties = {property::assertion, Original<P>::Forgotten::name, property::conformance,
                       property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Forgets a response as soon as it has been sent, and makes another one up when it is asked again.
struct KeepsNothing : rra::Server {
    using FieldsOf = rra::Server;

    bool respond(std::uint32_t its_result, auto& port) {
        if (!FieldsOf::respond(its_result, port)) return false;
        result = 0;
        return true;
    }
};

template <Platform P>
struct ResponseNotKept : Original<P> {
    using Right = ServerScript<KeepsNothing>;
    static constexpr specs::model::Mutant about{
        .name = "response_not_kept",
        .plants = "the server does not keep its response for copies of the request",
        .properties = {Original<P>::SameResponse::name, property::assertion},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Goes on with its response when it has been acknowledged.
struct NeverForgets : rra::Server {
    using FieldsOf = rra::Server;
    using FieldsOf::receive;

    void receive(const rra::Acknowledge& acknowledge, auto& port) {
        if (acknowledge.id > id) port.reject(acknowledge);
    }
};

template <Platform P>
struct ResponseAfterAcknowledge : Original<P> {
    using Right = ServerScript<NeverForgets>;
    static constexpr specs::model::Mutant about{
        .name = "response_after_acknowledge",
        .plants = "the server does not forget a response that has been acknowledged",
        .properties = {Original<P>::Forgotten::name},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Takes whatever response comes for the one that it waits for.
struct TakesLateResponse : rra::Client {
    using FieldsOf = rra::Client;

    void receive(const rra::Response& response, auto& port) {
        FieldsOf::receive(rra::Response{id, response.result}, port);
    }
};

template <Platform P>
struct LateResponseTaken : Original<P> {
    using Left = ClientScript<TakesLateResponse>;
    static constexpr specs::model::Mutant about{
        .name = "late_response_taken",
        .plants = "the client takes a copy of an earlier response for the one that it waits for",
        .properties = {property::assertion, property::conformance},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Asks once, and waits.
struct NeverRetransmits : rra::Client {
    using FieldsOf = rra::Client;

    bool retransmit(auto&) { return false; }
};

/// The bounds of a variant that shows its bug only when something is lost.
struct LossyOptions : Options {
    using FieldsOf = Options;

    specs::model::Transport transport() const { return {specs::model::Transport::Kind::lossy, 1}; }
};

template <Platform P>
struct RequestNotRepeated : Original<P> {
    using Options = LossyOptions;
    using Left = ClientScript<NeverRetransmits>;
    static constexpr specs::model::Mutant about{
        .name = "request_not_repeated",
        .plants = "the client does not ask again when a request is lost",
        .properties = {property::deadlock},
        .seen_by_explore = true};
};

using Variants =
    specs::model::VariantList<Original, ExecutedTwice, ResponseNotKept, ResponseAfterAcknowledge,
                              LateResponseTaken, RequestNotRepeated>;

}  // namespace parley::specs::request_response_acknowledge
