#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/monitor.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

/// A parcel goes to and fro. What the parties know of it is not in their scripts: it is in the
/// parcel, with the monitor, or in the middle of a step.
namespace parley::tests::courier {

using parley::model::Platform;
using specs::model::Judge;

enum class Wrong : std::uint8_t {
    nothing,
    contents,  ///< on every trip something was put into the parcel
    watched,   ///< on every trip it was called heavy
    local,     ///< it held two things when it was emptied, in the step that sends it back
    endless,   ///< a note takes the room of each parcel that is to go back
};

struct Options {
    specs::model::Bound capacity{1, 1, 16};
    specs::model::Bound trips{3};
};

struct Contents {
    std::uint8_t things = 0;
};

template <Platform P>
struct Parcel {
    typename P::template Owned<Contents> contents;
    bool is_heavy = false;
};
template <Platform P>
struct Back {
    typename P::template Owned<Contents> contents;
};
struct Note {};

template <Platform P>
struct Giver {
    static constexpr std::string_view name = "giver";
    using Inbox = std::variant<Back<P>, Note>;
    using Outbox = std::variant<Parcel<P>>;

    typename P::template Owned<Contents> contents;
    std::uint8_t trips = 0;

    void receive(Back<P>&& back, auto&) {
        contents = std::move(back.contents);
        ++trips;
    }
    void receive(const Note&, auto&) {}
};

template <Platform P>
struct Taker {
    static constexpr std::string_view name = "taker";
    using Inbox = std::variant<Parcel<P>>;
    using Outbox = std::variant<Back<P>, Note>;

    typename P::template Owned<Contents> contents;
    std::uint8_t trips = 0;
    bool has_emptied = false;

    void receive(Parcel<P>&& parcel, auto&) { contents = std::move(parcel.contents); }
};

template <Platform P, Wrong wrong>
struct GiverScript {
    Giver<P> role;
    bool is_packed = false;

    bool is_done(const Options& options) const {
        return role.trips == options.trips && !role.contents;
    }
    bool can_act(const Options& options) const {
        return role.trips == 0 ? !is_packed || role.contents
                               : !is_done(options) && static_cast<bool>(role.contents);
    }
    void act(auto& port, const Options& options) {
        if (role.trips == options.trips) return end(port, options);
        if (!is_packed) {
            if (!role.contents) role.contents = port.template make<Contents>();
            port.access(role.contents).things +=
                static_cast<std::uint8_t>(port.choose(wrong == Wrong::local ? 3 : 2));
            is_packed = true;
        }
        Parcel<P> parcel{std::move(role.contents), port.choose(2) == 1};
        if (!port.send(std::move(parcel))) role.contents = std::move(parcel.contents);
    }
    void receive(Back<P>&& back, auto& port, const Options&) {
        is_packed = false;
        role.receive(std::move(back), port);
    }

 private:
    void end(auto& port, const Options& options) {
        port.expect(wrong != Wrong::contents || port.access(role.contents).things < options.trips,
                    "some trip was empty");
        port.destroy(std::move(role.contents));
    }
};

template <Platform P, Wrong wrong>
struct TakerScript {
    Taker<P> role;

    bool is_done(const Options& options) const { return role.trips == options.trips; }
    bool can_act(const Options&) const { return static_cast<bool>(role.contents); }
    void act(auto& port, const Options&) {
        std::uint8_t things = 0;
        if (wrong == Wrong::endless || (wrong == Wrong::local && !role.has_emptied)) {
            things = std::exchange(port.access(role.contents).things, 0);
            role.has_emptied = true;
            port.send(Note{});
        }
        Back<P> back{std::move(role.contents)};
        if (port.send(std::move(back))) {
            role.has_emptied = false;
            port.expect(wrong != Wrong::local || things != 2, "it has not held two things");
            ++role.trips;
        } else {
            role.contents = std::move(back.contents);
        }
    }
};

/// Not every parcel may be heavy.
struct NotAllHeavy {
    using Message = Parcel<specs::model::CheckPlatform>;
    static constexpr std::string_view name = "not all heavy";

    std::uint8_t heavy = 0;

    bool operator==(const NotAllHeavy&) const = default;

    void watch(const specs::model::Received<Message>& event, Judge& judge) {
        if (event.message.is_heavy) ++heavy;
        judge.require(heavy < 3, "some parcel is light");
    }
};

template <Platform P, Wrong wrong>
struct Courier {
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;

    using Options = courier::Options;
    using Left = GiverScript<P, wrong>;
    using Right = TakerScript<P, wrong>;
    using Monitors =
        std::conditional_t<wrong == Wrong::watched, std::tuple<NotAllHeavy>, std::tuple<>>;
};

template <Platform P>
using Sound = Courier<P, Wrong::nothing>;
template <Platform P>
using ContentsFail = Courier<P, Wrong::contents>;
template <Platform P>
using WatchedFails = Courier<P, Wrong::watched>;
template <Platform P>
using LocalFails = Courier<P, Wrong::local>;
template <Platform P>
using Endless = Courier<P, Wrong::endless>;

}  // namespace parley::tests::courier
