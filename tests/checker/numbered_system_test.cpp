#include "parley/checker/numbered_system.hpp"

#include "parley/checker/move_cache.hpp"
#include "parley/checker/world.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/tests/checker/small_protocols.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

namespace parley::tests {

using checker::Fairness;
using checker::MoveCache;
using checker::NumberedState;
using checker::NumberedSystem;
using checker::OdometerChooser;
using checker::State;
using checker::StepContext;
using checker::Transport;
using checker::WorldSystem;

// Types whose fields are looked at by name have a name for the linker.

/// A sender whose step sends several messages at once, fewer where there is no room, and remembers
/// how many it was.
struct Burst {
    struct Item {
        std::uint8_t number = 0;
    };
    struct Sender {
        static constexpr std::string_view name = "sender";
        using Inbox = std::variant<std::monostate>;
        using Outbox = std::variant<Item>;
        std::uint8_t bursts = 0;
        std::uint8_t sent = 0;
    };
    struct Taker {
        static constexpr std::string_view name = "taker";
        using Inbox = std::variant<Item>;
        using Outbox = std::variant<std::monostate>;
        std::uint8_t taken = 0;
        void receive(const Item& item, auto& port) {
            if (item.number != taken) port.reject(item);
            ++taken;
        }
    };
    struct Options {
        specs::model::Bound capacity{8, 1, 16};
        specs::model::Bound bursts{3};
        specs::model::Bound size{4};
        /// The last burst fails when it is complete; each may be of one message; none is numbered.
        specs::model::Bound fails{0, 0, 1};
    };
    struct Left {
        Sender role;
        bool can_act(const Options& options) const { return role.bursts < options.bursts; }
        void act(auto& port, const Options& options) {
            const int size = options.fails && port.choose(2) == 0 ? 1 : options.size;
            int sent = 0;
            for (; sent < size && port.send(Item{role.sent}); ++sent) {
                if (!options.fails) ++role.sent;
            }
            port.expect(!options.fails || role.bursts < 2 || sent < options.size,
                        "the last burst is not complete");
            ++role.bursts;
        }
        bool is_done(const Options& options) const { return role.bursts == options.bursts; }
    };
    struct Right {
        Taker role;
        bool can_act(const Options&) const { return false; }
        void act(auto&, const Options&) {}
        bool is_done(const Options&) const { return false; }
        bool may_end(const Options&) const { return true; }
    };
    using Monitors = std::tuple<>;
};

/// A sender of objects with a monitor that counts. The taker destroys them but forgets every third.
/// The sender stops at the first one that finds no room, or hoards these until there are too many.
struct Objects {
    struct Box {
        specs::model::CheckPlatform::Owned<std::uint8_t> content;
    };
    struct Sender {
        static constexpr std::string_view name = "sender";
        using Inbox = std::variant<std::monostate>;
        using Outbox = std::variant<Box>;
        std::uint8_t sent = 0;
        bool has_failed = false;
    };
    struct Taker {
        static constexpr std::string_view name = "taker";
        using Inbox = std::variant<Box>;
        using Outbox = std::variant<std::monostate>;
        std::uint8_t taken = 0;
        void receive(Box&& box, auto& port) {
            if (++taken % 3 != 0) port.destroy(std::move(box.content));
        }
    };
    struct Options {
        specs::model::Bound capacity{3, 1, 16};
        specs::model::Bound items{8};
        specs::model::Bound hoards{0, 0, 1};
    };
    struct Left {
        Sender role;
        bool can_act(const Options& options) const {
            return role.sent < options.items && !role.has_failed;
        }
        void act(auto& port, const Options& options) {
            role.has_failed = false;
            auto content = port.template make<std::uint8_t>(role.sent);
            Box box{std::move(content)};
            if (port.send(std::move(box))) {
                ++role.sent;
            } else if (!options.hoards) {
                port.destroy(std::move(box.content));
                role.has_failed = true;
            }
        }
        bool is_done(const Options& options) const { return role.sent == options.items; }
    };
    struct Right {
        Taker role;
        bool can_act(const Options&) const { return false; }
        void act(auto&, const Options&) {}
        bool is_done(const Options&) const { return false; }
    };
    struct Counts {
        static constexpr std::string_view name = "counts";
        static constexpr std::string_view owes = "what was sent arrives";
        std::uint8_t open = 0;
        void watch(const specs::model::Sent<Box>&, specs::model::Judge&) { ++open; }
        void watch(const specs::model::Received<Box>&, specs::model::Judge&) { --open; }
        bool is_hot() const { return open > 0; }
    };
    using Monitors = std::tuple<Counts>;
};

namespace {

/// A step of a state, with the bytes of the state that it leads to.
struct Taken {
    std::uint32_t step;
    std::vector<std::vector<std::byte>> to;

    bool operator==(const Taken&) const = default;
};

std::vector<std::vector<std::byte>> bytes_of(State state) {
    std::vector<std::vector<std::byte>> parts;
    for (std::size_t i = 0; i < state.size(); ++i) {
        parts.emplace_back(state[i].begin(), state[i].end());
    }
    return parts;
}

/// The steps of the system's current state that change it, taken one by one, up to one that fails.
std::vector<Taken> taken_from_current(checker::TransitionSystem& system, bool& is_failing) {
    std::vector<Taken> taken;
    OdometerChooser odometer;
    is_failing = false;
    for (std::uint32_t step = 0;; ++step) {
        specs::model::Judge judge;
        StepContext context{odometer, judge};
        try {
            if (!system.step(context)) return taken;
        } catch (const checker::LimitReached&) {
            is_failing = true;
        }
        is_failing = is_failing || judge.is_violated();
        if (is_failing) return taken;
        if (system.current() != system.next()) taken.push_back({step, bytes_of(system.next())});
        if (!odometer.advance()) return taken;
    }
}

/// The same as a MoveCache knows them, without their numbers; up to a step that fails.
std::vector<NumberedState> cached_moves(NumberedSystem& numbers, MoveCache& cache, MoveCache::Id id,
                                        const NumberedState& from) {
    std::vector<NumberedState> reached;
    for (const model::Party party : {model::Party::left, model::Party::right}) {
        MoveCache::Moves moves;
        REQUIRE(cache.find(party, id, from, true, moves));
        for (const checker::PartyMove& move : moves.moves) {
            reached.push_back(cache.after(party, from, move));
        }
        if (moves.is_failing) return reached;
    }
    numbers.for_each_fault(from, [&](const NumberedState& to) {
        if (to != from) reached.push_back(to);
    });
    return reached;
}

/// Compares the moves in numbers with the steps of the system in every state. Returns the number
/// of states; states with a step that fails are counted in `failing`.
template <class V>
std::size_t check_moves(const typename V::Options& options, Transport transport = {},
                        std::size_t steps_kept_max = NumberedSystem::steps_kept_max,
                        std::size_t* failing = nullptr) {
    WorldSystem<V> system{options, transport};
    WorldSystem<V> other{options, transport};
    NumberedSystem numbers{system, Fairness::action, steps_kept_max};
    MoveCache cache{numbers};
    std::vector<NumberedState> states{numbers.begin()};
    other.begin();
    REQUIRE(bytes_of(numbers.state_of(states[0])) == bytes_of(other.current()));
    std::set<std::array<std::uint64_t, 2>> seen{states[0].halves};
    for (std::size_t id = 0; id < states.size(); ++id) {
        const NumberedState from = states[id];
        std::vector<Taken> moves;
        std::vector<NumberedState> reached;
        const bool is_sound = numbers.for_each_move(
            from, [&](std::uint32_t step, const NumberedState& to, checker::ActionTable::Action) {
                moves.push_back({step, bytes_of(numbers.state_of(to))});
                reached.push_back(to);
                if (seen.insert(to.halves).second) states.push_back(to);
            });
        other.load(numbers.state_of(from));
        bool is_failing = false;
        REQUIRE(taken_from_current(other, is_failing) == moves);
        REQUIRE(is_sound == !is_failing);
        REQUIRE(numbers.owed(from) == other.owed());
        if (failing != nullptr && is_failing) ++*failing;
        cache.refresh();
        const auto number = static_cast<MoveCache::Id>(id);
        REQUIRE(cached_moves(numbers, cache, number, from) == reached);
        REQUIRE(cached_moves(numbers, cache, number, from) == reached);
        if (id + 1 < states.size()) cache.look_ahead(number + 1, states[id + 1]);
    }
    return states.size();
}

template <class Options>
Options with_capacity(int capacity) {
    Options options;
    options.capacity.value = capacity;
    return options;
}

}  // namespace

TEST_CASE("numbered system: every state has the steps that the system takes in it", "[explore]") {
    for (const int capacity : {1, 2, 4}) {
        CAPTURE(capacity);
        auto sends = with_capacity<CountedSend::Options>(capacity);
        sends.messages.value = 12;
        check_moves<CountedSend>(sends);
        auto rounds = with_capacity<CountedOneShot<0>::Options>(capacity);
        rounds.rounds.value = 4;
        check_moves<CountedOneShot<0>>(rounds);
        check_moves<CountedSubscription<true>>(
            with_capacity<CountedSubscription<true>::Options>(capacity));
    }
    CHECK(check_moves<CountedOneShot<0>>({}) == 13);
}

TEST_CASE("numbered system: up to a step that fails, as the system does", "[explore]") {
    std::size_t failing = 0;
    auto options = with_capacity<CountedOneShot<2>::Options>(2);
    options.rounds.value = 4;
    check_moves<CountedOneShot<2>>(options, {}, NumberedSystem::steps_kept_max, &failing);
    CHECK(failing > 0);
}

TEST_CASE("numbered system: the transport takes its steps", "[explore]") {
    using Kind = Transport::Kind;
    for (const Transport transport : {Transport{Kind::lossy, 2}, Transport{Kind::duplicating, 2},
                                      Transport{Kind::reordering, 0}}) {
        CAPTURE(static_cast<int>(transport.kind));
        auto options = with_capacity<CountedOneShot<0>::Options>(4);
        options.rounds.value = 3;
        std::size_t failing = 0;
        check_moves<CountedOneShot<0>>(options, transport, NumberedSystem::steps_kept_max,
                                       &failing);
    }
}

TEST_CASE("numbered system: how much room there is makes a difference where a step fills it",
          "[explore]") {
    for (const int capacity : {1, 2, 3, 5, 8, 16}) {
        for (const int size : {1, 2, 3, 5}) {
            CAPTURE(capacity, size);
            auto options = with_capacity<Burst::Options>(capacity);
            options.size.value = size;
            check_moves<Burst>(options);
        }
    }
}

TEST_CASE("numbered system: a step that fails for there is room does not where there is less",
          "[explore]") {
    auto options = with_capacity<Burst::Options>(7);
    options.fails.value = 1;
    std::size_t failing = 0;
    check_moves<Burst>(options, {}, NumberedSystem::steps_kept_max, &failing);
    CHECK(failing > 0);
}

TEST_CASE("numbered system: objects and monitors belong to what a step depends on", "[explore]") {
    auto options = with_capacity<Objects::Options>(3);
    CHECK(check_moves<Objects>(options) > 50);
    options.capacity.value = 1;
    options.hoards.value = 1;
    std::size_t failing = 0;
    options.items.value = 2;
    check_moves<Objects>(options, {}, NumberedSystem::steps_kept_max, &failing);
    CHECK(failing > 0);
}

TEST_CASE("numbered system: steps that were forgotten are taken again", "[explore]") {
    auto options = with_capacity<CountedSubscription<>::Options>(4);
    options.sessions.value = 3;
    const std::size_t states = check_moves<CountedSubscription<>>(options);
    CHECK(check_moves<CountedSubscription<>>(options, {}, 5) == states);
    CHECK(check_moves<CountedSubscription<>>(options, {}, 0) == states);
}

}  // namespace parley::tests
