#include "parley/checker/explore.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/subject.hpp"
#include "parley/checker/world.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/tests/checker/small_check.hpp"
#include "parley/tests/checker/small_protocols.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

namespace parley::tests {

using checker::CheckOptions;
using checker::Report;
using checker::Verdict;

/// A sender whose queue may be full for a moment. Something is wrong when an item finds no room
/// (`is_noticed`), or else when the last one is taken.
template <bool is_noticed>
struct Meeting {
    struct Item {
        std::uint8_t number = 0;
        std::uint8_t colour = 0;
    };
    struct Sender {
        static constexpr std::string_view name = "sender";
        using Inbox = std::variant<std::monostate>;
        using Outbox = std::variant<Item>;
        std::uint8_t sent = 0;
    };
    struct Taker {
        static constexpr std::string_view name = "taker";
        using Inbox = std::variant<Item>;
        using Outbox = std::variant<std::monostate>;
        std::uint8_t taken = 0;
        void receive(const Item& item, auto& port) {
            if (!is_noticed && item.number == 2) port.reject(item);
            ++taken;
        }
    };
    struct Options {
        specs::model::Bound capacity{2, 1, 16};
    };
    struct Left {
        Sender role;
        bool can_act(const Options&) const { return role.sent < 3; }
        void act(auto& port, const Options&) {
            const auto colour = static_cast<std::uint8_t>(port.choose(2));
            if (port.send(Item{role.sent, colour})) {
                ++role.sent;
            } else {
                port.expect(!is_noticed, "there is room");
            }
        }
        bool is_done(const Options&) const { return role.sent == 3; }
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

/// A sender that gives up, or turns round for ever once it has sent what the other party must not
/// get.
struct Turning {
    struct Item {};
    struct Sender {
        static constexpr std::string_view name = "sender";
        using Inbox = std::variant<std::monostate>;
        using Outbox = std::variant<Item>;
        bool has_sent = false;
        bool has_given_up = false;
        std::uint8_t turns = 0;
    };
    struct Taker {
        static constexpr std::string_view name = "taker";
        using Inbox = std::variant<Item>;
        using Outbox = std::variant<std::monostate>;
        bool has_item = false;
        void receive(const Item&, auto&) { has_item = true; }
    };
    struct Options {
        specs::model::Bound capacity{2, 1, 16};
    };
    struct Left {
        Sender role;
        bool can_act(const Options&) const { return true; }
        void act(auto& port, const Options&) {
            if (role.has_sent) {
                role.turns = static_cast<std::uint8_t>((role.turns + 1) % 3);
            } else if (port.choose(2) == 0) {
                role.has_given_up = true;
            } else {
                role.has_sent = port.send(Item{});
            }
        }
        bool is_done(const Options&) const { return role.has_given_up; }
    };
    struct Right {
        Taker role;
        bool can_act(const Options&) const { return role.has_item; }
        void act(auto& port, const Options&) { port.expect(false, "there is no item"); }
        bool is_done(const Options&) const { return false; }
        bool may_end(const Options&) const { return true; }
    };
    using Monitors = std::tuple<>;
};

/// A sender that gives up or sends, where the third item is one too many; and a taker with so many
/// ways to pass the time that a search would rather take the steps of the sender.
struct Crowded {
    struct Item {
        std::uint8_t number = 0;
    };
    struct Sender {
        static constexpr std::string_view name = "sender";
        using Inbox = std::variant<std::monostate>;
        using Outbox = std::variant<Item>;
        std::uint8_t sent = 0;
        bool has_given_up = false;
    };
    struct Taker {
        static constexpr std::string_view name = "taker";
        using Inbox = std::variant<Item>;
        using Outbox = std::variant<std::monostate>;
        std::uint8_t colour = 0;
        bool has_chosen = false;
        void receive(const Item& item, auto& port) {
            if (item.number == 2) port.reject(item);
        }
    };
    struct Options {
        specs::model::Bound capacity{2, 1, 16};
    };
    struct Left {
        Sender role;
        bool can_act(const Options&) const { return !is_over(); }
        void act(auto& port, const Options&) {
            if (port.choose(2) == 0) {
                role.has_given_up = true;
            } else if (port.send(Item{role.sent})) {
                ++role.sent;
            }
        }
        bool is_over() const { return role.sent == 3 || role.has_given_up; }
        bool is_done(const Options&) const { return is_over(); }
    };
    struct Right {
        Taker role;
        bool can_act(const Options&) const { return !role.has_chosen; }
        void act(auto& port, const Options&) {
            role.has_chosen = true;
            role.colour = static_cast<std::uint8_t>(port.choose(4));
        }
        bool is_done(const Options&) const { return false; }
        bool may_end(const Options&) const { return true; }
    };
    using Monitors = std::tuple<>;
};

/// A party that takes a message only after it has done something, and one that may send it before.
struct Early {
    struct Item {};
    struct Taker {
        static constexpr std::string_view name = "taker";
        using Inbox = std::variant<Item>;
        using Outbox = std::variant<std::monostate>;
        bool is_ready = false;
        void receive(const Item& item, auto& port) {
            if (!is_ready) port.reject(item);
        }
    };
    struct Sender {
        static constexpr std::string_view name = "sender";
        using Inbox = std::variant<std::monostate>;
        using Outbox = std::variant<Item>;
        bool has_sent = false;
    };
    struct Options {
        specs::model::Bound capacity{2, 1, 16};
    };
    struct Left {
        Taker role;
        bool can_act(const Options&) const { return !role.is_ready; }
        void act(auto&, const Options&) { role.is_ready = true; }
        bool is_done(const Options&) const { return false; }
        bool may_end(const Options&) const { return true; }
    };
    struct Right {
        Sender role;
        bool can_act(const Options&) const { return !role.has_sent; }
        void act(auto& port, const Options&) { role.has_sent = port.send(Item{}); }
        bool is_done(const Options&) const { return role.has_sent; }
    };
    using Monitors = std::tuple<>;
};

namespace {

CheckOptions reduced(bool is_safety_only) {
    CheckOptions check;
    check.is_safety_only = is_safety_only;
    check.is_reduced = true;
    return check;
}

/// Whether a reduced search of `V` for safety leaves the verdict to a search of all, whichever
/// party goes first.
template <class V>
bool is_left_to_all() {
    const CheckOptions check = reduced(true);
    const checker::Subject subject = checker::subject_of<V>("small", check);
    for (const model::Party first : {model::Party::left, model::Party::right}) {
        checker::WorldSystem<V> system{typename V::Options{}};
        if (checker::Explorer{system, subject, check}.run_reduced(first)) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("reduction: what is wrong is found whichever party goes first", "[explore]") {
    CHECK(is_left_to_all<Turning>());
    CHECK(is_left_to_all<Meeting<false>>());
    CHECK(is_left_to_all<Meeting<true>>());
    CHECK(is_left_to_all<Early>());
    CHECK(is_left_to_all<Crowded>());
}

TEST_CASE("reduction: a party that turns round for ever does not put off the other one",
          "[explore]") {
    CHECK(explored<Turning>({}, reduced(true)).verdict == Verdict::violated);
    CHECK(explored<Meeting<false>>({}, reduced(true)).verdict == Verdict::violated);
}

TEST_CASE("reduction: a message that may come is not put off", "[explore]") {
    CHECK(explored<Early>({}, reduced(true)).verdict == Verdict::violated);
}

TEST_CASE("reduction: a party whose queue is full waits for the one that empties it", "[explore]") {
    CHECK(explored<Crowded>({}, reduced(true)).verdict == Verdict::violated);
}

TEST_CASE("reduction: a queue that is full for a moment is not left out where that is noticed",
          "[explore]") {
    CHECK(explored<Meeting<true>>({}, reduced(true)).verdict == Verdict::violated);
    const Report roomy = explored<Meeting<true>>({{"capacity", 4}}, reduced(true));
    CHECK(roomy.verdict != Verdict::violated);
    CHECK_FALSE(roomy.is_reduced);
}

TEST_CASE("reduction: three threads find what one does, with it and without", "[explore]") {
    for (const bool is_reduced : {false, true}) {
        CheckOptions check;
        check.is_reduced = is_reduced;
        const std::map<std::string, int> bounds{{"capacity", 16}, {"sessions", 30}};
        const Report one = explored<CountedSubscription<>>(bounds, check);
        check.threads = 3;
        const Report three = explored<CountedSubscription<>>(bounds, check);
        CHECK(one.verdict == Verdict::verified);
        CHECK(three.verdict == Verdict::verified);
        CHECK(three.is_reduced == one.is_reduced);
        CHECK(three.count("states") > 10'000);
        if (is_reduced) continue;
        CHECK(three.count("states") == one.count("states"));
        CHECK(three.count("transitions") == one.count("transitions"));
    }
}

}  // namespace parley::tests
