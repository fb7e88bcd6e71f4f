#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

/// A giver gives something and is done, or waits for thanks; the keeper may be left at any time,
/// although it could still do something with what it has got.
namespace parley::tests::keeper {

enum class Wish : std::uint8_t {
    look,            ///< the keeper destroys what it gets, and may have a look afterwards
    destroy,         ///< it destroys what it has got later, or never
    be_moved,        ///< as `look`, and the giver waits until it has been thanked
    forget,          ///< it destroys what it gets, and forgets memory of its own; the giver is done
    forget_at_rest,  ///< the same, and neither is ever done
    keep,            ///< its memory of its own goes with it; neither is ever done
    crash,           ///< it goes with a crash; neither is ever done
};

struct Options {
    specs::model::Bound capacity{1, 1, 16};
};

template <model::Platform P>
struct Gift {
    typename P::template Owned<int> owned;
};
struct Thanks {};

template <Wish wish>
using Answer = std::conditional_t<wish == Wish::be_moved, Thanks, std::monostate>;

template <model::Platform P, Wish wish>
struct Giver {
    static constexpr std::string_view name = "giver";
    using Inbox = std::variant<Answer<wish>>;
    using Outbox = std::variant<Gift<P>>;

    bool has_given = false;
    bool is_thanked = false;

    void receive(const Thanks&, auto&) { is_thanked = true; }
};

template <model::Platform P, Wish wish>
struct Keeper {
    static constexpr std::string_view name = "keeper";
    using Inbox = std::variant<Gift<P>>;
    using Outbox = std::variant<Answer<wish>>;

    typename P::template Owned<int> owned;
    bool has_got = false;
    std::uintptr_t memory = 0;  ///< of the heap, which only engines for compiled code see

    ~Keeper() = default;
    ~Keeper()
        requires(wish >= Wish::forget)
    {
        volatile int* volatile none = nullptr;
        if (wish == Wish::keep) delete reinterpret_cast<int*>(memory);
        if (wish == Wish::crash) *none = 1;
    }

    void receive(Gift<P>&& gift, auto&) {
        owned = std::move(gift.owned);
        has_got = true;
    }
};

template <model::Platform P, Wish wish>
struct GiverScript {
    static constexpr bool is_at_rest =
        wish == Wish::forget_at_rest || wish == Wish::keep || wish == Wish::crash;

    Giver<P, wish> role;

    bool is_done(const Options&) const {
        return role.has_given && !is_at_rest && (wish != Wish::be_moved || role.is_thanked);
    }
    bool may_end(const Options&) const
        requires(is_at_rest)
    {
        return role.has_given;
    }
    bool can_act(const Options&) const { return !role.has_given; }
    void act(auto& port, const Options&) {
        role.has_given = port.send(Gift<P>{port.template make<int>(1)});
    }
};

template <model::Platform P, Wish wish>
struct KeeperScript {
    Keeper<P, wish> role;
    bool has_acted = false;

    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return true; }
    bool can_act(const Options&) const { return role.has_got && !has_acted; }
    void act(auto& port, const Options&) {
        if (wish == Wish::destroy) port.destroy(std::move(role.owned));
        has_acted = true;
        if constexpr (wish == Wish::be_moved) has_acted = port.send(Thanks{});
    }
    void receive(Gift<P>&& gift, auto& port, const Options&) {
        role.receive(std::move(gift), port);
        if (wish != Wish::destroy) port.destroy(std::move(role.owned));
        if (wish >= Wish::forget) role.memory = reinterpret_cast<std::uintptr_t>(new int(1));
    }
};

template <model::Platform P, Wish wish>
struct Protocol {
    using Options = keeper::Options;
    using Left = GiverScript<P, wish>;
    using Right = KeeperScript<P, wish>;
    using Monitors = std::tuple<>;
    template <class T>
    using Queue = model::SpscQueue<T, model::dynamic_capacity, P>;
};

}  // namespace parley::tests::keeper
