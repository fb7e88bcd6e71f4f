#pragma once

#include "parley/protocols/request_reply.hpp"

#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/always_room.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/exactly_once.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/specs/model/property.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

namespace parley::specs::request_reply {

namespace request_reply = protocols::request_reply;
namespace property = specs::model::property;
using parley::model::Platform;

inline constexpr std::string_view summary = "requests within a window, replies in any order";

struct Options {
    specs::model::Bound capacity{2, 1, 16};
    specs::model::Bound requests{8, 1, 100};
    specs::model::Bound window{8, 1, 8};  ///< the capacity is used where it is smaller

    /// For an engine that takes every execution of the memory model, over the real queue and over
    /// channels.
    static constexpr Options small() { return {.requests = {6}}; }
    static constexpr Options over_channels() { return {.requests = {8}}; }
};

/// What the server answers.
constexpr std::uint32_t answer_to(std::uint32_t argument) {
    return 2 * argument + 1;
}

/// Sends `requests` requests, numbered, as early as the window lets it.
template <class R = request_reply::Requester>
struct RequesterScript {
    R role;
    std::uint8_t requests = 0;
    std::array<std::uint8_t, request_reply::window_max> arguments{};  ///< by id, while open

    bool is_done(const Options& options) const {
        return requests == options.requests && role.open.is_empty();
    }
    bool can_act(const Options& options) const { return requests < options.requests; }
    void act(auto& port, const Options& options) {
        role.window = static_cast<std::uint8_t>(std::min<int>(options.window, options.capacity));
        const auto id = role.request(requests, port);
        if (id) arguments[*id] = requests++;
    }

    void receive(const request_reply::Reply& reply, auto& port, const Options&) {
        const bool is_open = role.open.has(reply.id);
        role.receive(reply, port);
        if (!is_open) return;
        port.expect(reply.result == answer_to(arguments[reply.id]),
                    "a reply answers the request with its id");
        arguments[reply.id] = 0;
    }
};

/// Answers one of the open requests, whichever.
template <class R = request_reply::Server>
struct ServerScript {
    R role;
    std::uint8_t replies = 0;

    bool is_done(const Options& options) const { return replies == options.requests; }
    bool can_act(const Options&) const { return !role.open.is_empty(); }
    void act(auto& port, const Options&) {
        const auto index = port.choose(static_cast<std::uint32_t>(role.open.size()));
        const auto id = static_cast<std::uint8_t>(role.open.at(static_cast<int>(index)));
        if (role.reply(id, answer_to(role.arguments[id]), port)) ++replies;
    }
};

template <Platform P>
struct Original {
    using Request = request_reply::Request;
    using Reply = request_reply::Reply;

    using Options = specs::request_reply::Options;
    using Left = RequesterScript<>;
    using Right = ServerScript<>;
    using OneReply = specs::model::ExactlyOnce<&Request::id, &Reply::id>;
    using ReplyFindsRoom = specs::model::AlwaysRoom<Reply>;
    using Monitors = std::tuple<OneReply, ReplyFindsRoom>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

/// Lets one request more out than the window says.
struct CountsWindowWrong : request_reply::Requester {
    using FieldsOf = request_reply::Requester;

    std::optional<std::uint8_t> request(std::uint32_t argument, auto& port) {
        ++window;
        const auto id = FieldsOf::request(argument, port);
        --window;
        return id;
    }
};

template <Platform P>
struct WindowTooWide : Original<P> {
    using Left = RequesterScript<CountsWindowWrong>;
    static constexpr specs::model::Mutant about{
        .name = "window_too_wide",
        .plants = "the requester lets one request more out than replies find room",
        .properties = {Original<P>::ReplyFindsRoom::name},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Takes a reply for sent that found the queue full.
struct DropsReply : request_reply::Server {
    using FieldsOf = request_reply::Server;

    bool reply(std::uint8_t id, std::uint32_t result, auto& port) {
        if (FieldsOf::reply(id, result, port)) return true;
        open.remove(id);
        arguments[id] = 0;
        return true;
    }
};

/// The window is too wide, which the server's second try would make good; that replies find room is
/// not promised here.
template <Platform P>
struct ReplyDroppedWhenFull : Original<P> {
    using Left = RequesterScript<CountsWindowWrong>;
    using Right = ServerScript<DropsReply>;
    using Monitors = std::tuple<typename Original<P>::OneReply>;
    static constexpr specs::model::Mutant about{
        .name = "reply_dropped_when_full",
        .plants = "the server does not try a reply again that found the queue full",
        .properties = {property::deadlock, property::hang, property::livelock,
                       Original<P>::OneReply::name},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Puts a neighbour's id on its replies.
struct MixesIdsUp : request_reply::Server {
    using FieldsOf = request_reply::Server;

    bool reply(std::uint8_t id, std::uint32_t result, auto& port) {
        const auto wrong = static_cast<std::uint8_t>(id ^ 1U);
        if (!port.send(request_reply::Reply{wrong, result})) return false;
        open.remove(id);
        arguments[id] = 0;
        return true;
    }
};

template <Platform P>
struct WrongId : Original<P> {
    using Right = ServerScript<MixesIdsUp>;
    static constexpr specs::model::Mutant about{
        .name = "wrong_id",
        .plants = "the server puts the id of another request on a reply",
        .properties = {Original<P>::OneReply::name, property::assertion,
                       property::unspecified_reception, property::conformance},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Replies and sends the same once more.
struct RepliesTwice : request_reply::Server {
    using FieldsOf = request_reply::Server;

    bool reply(std::uint8_t id, std::uint32_t result, auto& port) {
        if (!FieldsOf::reply(id, result, port)) return false;
        port.send(request_reply::Reply{id, result});
        return true;
    }
};

template <Platform P>
struct DoubleReply : Original<P> {
    using Right = ServerScript<RepliesTwice>;
    static constexpr specs::model::Mutant about{
        .name = "double_reply",
        .plants = "the server replies twice to a request",
        .properties = {Original<P>::OneReply::name, Original<P>::ReplyFindsRoom::name,
                       property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Has no room for a second request while one is open.
struct ForgetsSecondRequest : request_reply::Server {
    using FieldsOf = request_reply::Server;

    void receive(const request_reply::Request& request, auto& port) {
        if (open.is_empty()) FieldsOf::receive(request, port);
    }
};

template <Platform P>
struct RequestForgotten : Original<P> {
    using Right = ServerScript<ForgetsSecondRequest>;
    static constexpr specs::model::Mutant about{
        .name = "request_forgotten",
        .plants = "the server forgets a request that comes while another one is open",
        .properties = {property::deadlock, property::hang, property::livelock,
                       Original<P>::OneReply::name},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

/// Uses an id again that is still open.
struct ReusesOpenId : request_reply::Requester {
    using FieldsOf = request_reply::Requester;

    std::optional<std::uint8_t> request(std::uint32_t argument, auto& port) {
        if (!can_request() || !port.send(request_reply::Request{0, argument})) return std::nullopt;
        open.add(0);
        return std::uint8_t{0};
    }
};

template <Platform P>
struct IdReused : Original<P> {
    using Left = RequesterScript<ReusesOpenId>;
    static constexpr specs::model::Mutant about{
        .name = "id_reused",
        .plants = "the requester uses an id again before its reply has come",
        .properties = {Original<P>::OneReply::name, property::unspecified_reception},
        .seen_by_explore = true,
        .seen_by_relacy = true,
        .seen_by_rc11 = true,
        .seen_by_stress = true,
        .seen_by_tsan = true};
};

using Variants = specs::model::VariantList<Original, WindowTooWide, ReplyDroppedWhenFull, WrongId,
                                           DoubleReply, RequestForgotten, IdReused>;

}  // namespace parley::specs::request_reply
