#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"

#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

/// Small protocols for which it counts in which order a party does what it may, and when a run is
/// over: all engines have to agree about them. `property`: what is violated, or "".
/// `differs_in_room`: only where a party finds room, or none, other than in explore, whose steps
/// are whole and whose parties know at once what room there is.
namespace parley::tests::ends {

template <int slots>
struct Slots {
    specs::model::Bound capacity{slots, 1, 16};
};

struct Ask {};
struct Answer {};

struct Near {
    static constexpr std::string_view name = "near";
    using Inbox = std::variant<Answer>;
    using Outbox = std::variant<Ask>;

    std::uint8_t got = 0;
    std::uint8_t sent = 0;
    bool has_acted = false;

    void receive(const Answer&, auto&) { ++got; }
};
struct Far {
    static constexpr std::string_view name = "far";
    using Inbox = std::variant<Ask>;
    using Outbox = std::variant<Answer>;

    std::uint8_t got = 0;
    std::uint8_t sent = 0;

    void receive(const Ask&, auto&) { ++got; }
};

template <model::Platform P, int slots = 1>
struct Base {
    using Options = Slots<slots>;
    using Monitors = std::tuple<>;
    static constexpr bool differs_in_room = false;
    template <class T>
    using Queue = model::SpscQueue<T, model::dynamic_capacity, P>;
};

/// Far sends once, and may be done before it is heard.
struct FarSpeaks {
    Far role;

    bool is_done(const auto&) const { return role.sent == 1; }
    bool can_act(const auto&) const { return role.sent == 0; }
    void act(auto& port, const auto&) { role.sent = port.send(Answer{}) ? 1 : 0; }
};

/// Far sends once, and hears once.
struct FarSpeaksAndHears : FarSpeaks {
    using FieldsOf = FarSpeaks;

    bool is_done(const auto&) const { return role.got == 1; }
};

/// Far answers the first question that it gets.
struct FarAnswers {
    Far role;

    bool can_act(const auto&) const { return false; }
    void act(auto&, const auto&) {}
    void receive(const Ask& ask, auto& port, const auto&) {
        role.receive(ask, port);
        if (role.got == 1) port.send(Answer{});
    }
};

/// Near asks once.
struct NearAsks {
    Near role;

    bool can_act(const auto&) const { return role.sent == 0; }
    void act(auto& port, const auto&) { role.sent = port.send(Ask{}) ? 1 : 0; }
};

/// Near owes a question for the first answer that it gets.
struct Owing : Near {
    using FieldsOf = Near;

    bool has_pending() const { return got >= 1 && sent == 0; }
    void flush(auto& port) { sent = port.send(Ask{}) ? 1 : 0; }
};

/// Who gets an answer from within receive() finds room for what it asks next.
template <model::Platform P>
struct FreesSlot : Base<P> {
    static constexpr std::string_view property = "";
    struct Left : NearAsks {
        using FieldsOf = NearAsks;

        bool is_done(const auto&) const { return role.sent == 2; }
        void receive(const Answer& answer, auto& port, const auto&) {
            role.receive(answer, port);
            port.expect(port.send(Ask{}), "the slot of what was answered is free");
            role.sent = 2;
        }
    };
    struct Right : FarAnswers {
        using FieldsOf = FarAnswers;

        bool is_done(const auto&) const { return role.got == 2; }
    };
};

/// What it owes brings near to its end, after which it does nothing.
template <model::Platform P>
struct DoneByFlush : Base<P> {
    static constexpr std::string_view property = "";
    struct Left {
        Owing role;

        bool is_done(const auto&) const { return role.sent == 1; }
        bool can_act(const auto&) const { return role.got == 1 && role.sent == 1; }
        void act(auto& port, const auto&) { port.expect(false, "who is done does not act"); }
    };
    using Right = FarSpeaksAndHears;
};

/// Near may be left, but what comes to it stays unread until it has acted.
template <model::Platform P>
struct DeafAtFirst : Base<P> {
    static constexpr std::string_view property = "";
    struct Left : NearAsks {
        using FieldsOf = NearAsks;

        bool is_done(const auto&) const { return false; }
        bool may_end(const auto&) const { return true; }
        bool can_receive(const auto&) const { return role.sent == 1; }
    };
    struct Right : FarSpeaks {
        using FieldsOf = FarSpeaks;
        static constexpr bool leaves_messages = true;
    };
};

/// Near may be left, but destroys with what it owes an object that would leak.
template <model::Platform P>
struct OwesObject : Base<P> {
    static constexpr std::string_view property = "";
    struct Owner {
        static constexpr std::string_view name = "near";
        using Inbox = std::variant<Answer>;
        using Outbox = std::variant<Ask>;

        typename P::template Owned<int> owned;

        void receive(const Answer&, auto& port) { owned = port.template make<int>(1); }
        bool has_pending() const { return static_cast<bool>(owned); }
        void flush(auto& port) {
            if (port.send(Ask{})) port.destroy(std::move(owned));
        }
    };
    struct Left {
        Owner role;

        bool is_done(const auto&) const { return false; }
        bool may_end(const auto&) const { return true; }
        bool can_act(const auto&) const { return false; }
        void act(auto&, const auto&) {}
    };
    struct Right : FarSpeaks {
        using FieldsOf = FarSpeaks;
        static constexpr bool leaves_messages = true;
    };
};

/// Near waits for nothing, and far goes one way or another.
template <model::Platform P>
struct GoesOnOrNot : Base<P> {
    static constexpr std::string_view property = "";
    struct Chooser {
        static constexpr std::string_view name = "far";
        using Inbox = std::variant<Ask>;
        using Outbox = std::variant<std::monostate>;

        std::uint8_t chosen = 0;

        void receive(const Ask&, auto&) {}
    };
    struct Speaker {
        static constexpr std::string_view name = "near";
        using Inbox = std::variant<std::monostate>;
        using Outbox = std::variant<Ask>;

        bool has_sent = false;
    };
    struct Left {
        Speaker role;

        bool is_done(const auto&) const { return false; }
        bool may_end(const auto&) const { return true; }
        bool can_act(const auto&) const { return !role.has_sent; }
        void act(auto& port, const auto&) { role.has_sent = port.send(Ask{}); }
    };
    struct Right {
        static constexpr bool leaves_messages = true;
        Chooser role;

        bool is_done(const auto&) const { return role.chosen != 0; }
        bool can_act(const auto&) const { return role.chosen == 0; }
        void act(auto& port, const auto&) {
            role.chosen = static_cast<std::uint8_t>(1 + port.choose(2));
        }
    };
};

/// Far may be left, but never where something is left for it that near waits to be answered.
template <model::Platform P>
struct LeftUnread : Base<P> {
    static constexpr std::string_view property = "deadlock";
    struct Left : NearAsks {
        using FieldsOf = NearAsks;

        bool is_done(const auto&) const { return role.sent == 1 && role.got == 1; }
    };
    struct Right : FarSpeaks {
        using FieldsOf = FarSpeaks;
        static constexpr bool leaves_messages = true;

        bool is_done(const auto&) const { return false; }
        bool may_end(const auto&) const { return true; }
        bool can_receive(const auto&) const { return false; }
    };
};

/// Between what near owes and its act something may come.
template <model::Platform P>
struct FlushesThenReceives : Base<P, 2> {
    static constexpr std::string_view property = "assertion";
    struct Left {
        Owing role;

        bool is_done(const auto&) const { return role.has_acted && role.got == 2; }
        bool can_act(const auto&) const { return role.sent == 1 && !role.has_acted; }
        void act(auto&, const auto&) { role.has_acted = true; }
        void receive(const Answer& answer, auto& port, const auto&) {
            port.expect(role.got == 0 || role.sent == 0 || role.has_acted,
                        "it acts at once when it has sent what it owes");
            role.receive(answer, port);
        }
    };
    struct Right {
        Far role;

        bool is_done(const auto&) const { return role.got == 1 && role.sent == 2; }
        bool can_act(const auto&) const { return role.sent < 2; }
        void act(auto& port, const auto&) {
            if (port.send(Answer{})) ++role.sent;
        }
    };
};

/// Near knows of an answer by the time that it can ask for the fourth time, and need not read it.
template <model::Platform P>
struct AsksBeforeItHears : Base<P> {
    static constexpr std::string_view property = "assertion";
    struct Left {
        Near role;

        bool is_done(const auto&) const { return role.sent == 4 && role.got == 1; }
        bool can_act(const auto&) const { return role.sent < 4; }
        void act(auto& port, const auto&) {
            port.expect(role.sent < 3 || role.got == 1, "it has heard before it asks again");
            if (port.send(Ask{})) ++role.sent;
        }
    };
    struct Right : FarAnswers {
        using FieldsOf = FarAnswers;

        bool is_done(const auto&) const { return role.got == 4; }
    };
};

/// Near has room for what it owes, and need not send it at once, nor after it has done something
/// that nobody sees.
template <model::Platform P>
struct ActsBeforeItFlushes : Base<P> {
    static constexpr std::string_view property = "assertion";
    struct Left {
        Owing role;
        std::uint8_t acts = 0;

        bool is_done(const auto&) const { return acts == 2 && role.sent == 1; }
        bool can_act(const auto&) const { return role.got == 1 && acts < 2; }
        void act(auto& port, const auto&) {
            port.expect(acts == 0 || role.sent == 1, "it sends what it owes before it acts again");
            ++acts;
        }
    };
    using Right = FarSpeaksAndHears;
};

/// Near drops its second question if it finds no room for it when it receives. Far sends again as
/// soon as there is room, which is before near has handled what it took, and takes questions only
/// then.
template <model::Platform P>
struct HandlesAfterItTakes : Base<P> {
    static constexpr std::string_view property = "assertion";
    static constexpr bool differs_in_room = true;
    struct Left : NearAsks {
        using FieldsOf = NearAsks;

        bool is_done(const auto&) const { return role.got == 2; }
        void receive(const Answer& answer, auto& port, const auto&) {
            role.receive(answer, port);
            if (role.got == 1 && role.sent == 1 && port.send(Ask{})) role.sent = 2;
        }
    };
    struct Right {
        Far role;
        bool has_sent_first = false;

        bool is_done(const auto&) const { return false; }
        bool may_end(const auto&) const { return true; }
        bool can_act(const auto&) const { return role.sent < 2; }
        void act(auto& port, const auto&) {
            if (port.send(Answer{})) ++role.sent;
        }
        void receive(const Ask& ask, auto& port, const auto&) {
            if (role.got == 0) has_sent_first = role.sent == 2;
            role.receive(ask, port);
            port.expect(role.got < 2 || !has_sent_first, "the second question comes only before");
        }
    };
};

/// Who has received sends once more, or lets it be if there is no room; and each has made room for
/// the other, which that one need not know of (store buffering).
template <model::Platform P>
struct BothAreRefused : Base<P> {
    static constexpr std::string_view property = "deadlock";
    static constexpr bool differs_in_room = true;
    template <class R, class Message>
    struct Party {
        R role;
        bool is_refused = false;

        bool is_done(const auto&) const { return false; }
        bool may_end(const auto&) const { return !is_refused || role.got == 2; }
        bool can_act(const auto&) const {
            return !is_refused && (role.sent == 0 || (role.sent == 1 && role.got > 0));
        }
        void act(auto& port, const auto&) {
            if (port.send(Message{})) {
                ++role.sent;
            } else {
                is_refused = true;
            }
        }
    };
    struct Left : Party<Near, Ask> {
        using FieldsOf = Party<Near, Ask>;
    };
    struct Right : Party<Far, Answer> {
        using FieldsOf = Party<Far, Answer>;
    };
};

/// What explore has to find.
template <class C>
constexpr std::string_view property_with_known_room = C::differs_in_room ? "" : C::property;

/// Calls `visit` with each of these as a template argument.
void for_each(const auto& visit) {
    visit.template operator()<FreesSlot>();
    visit.template operator()<DoneByFlush>();
    visit.template operator()<DeafAtFirst>();
    visit.template operator()<OwesObject>();
    visit.template operator()<GoesOnOrNot>();
    visit.template operator()<LeftUnread>();
    visit.template operator()<FlushesThenReceives>();
    visit.template operator()<AsksBeforeItHears>();
    visit.template operator()<ActsBeforeItFlushes>();
    visit.template operator()<HandlesAfterItTakes>();
    visit.template operator()<BothAreRefused>();
}

}  // namespace parley::tests::ends
