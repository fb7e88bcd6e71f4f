#pragma once

#include "parley/checker/mix.hpp"
#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/monitor.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/tests/random/protocols/random.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

/// Another protocol for each seed: what a party does is a function of the seed, of its state and of
/// what comes to it, so that there is no table that engines would have to keep.
namespace parley::specs::random {

using parley::model::Party;
using parley::model::Platform;
using protocols::random::Note;
using protocols::random::Thing;

inline constexpr std::string_view summary = "another protocol for each seed";

inline constexpr unsigned states = 3;
/// Kinds of notes. Monitors know the last two.
inline constexpr unsigned kinds = 4;
inline constexpr std::uint8_t asking = 2;
inline constexpr std::uint8_t urgent = 3;

enum class Deed : std::uint8_t {
    nothing,
    send,
    owe,   ///< by flush(), later
    make,  ///< a thing, if it has none
    give,  ///< what it has, with a note
    touch,
    destroy,
    misuse,  ///< what it has given away
    reject,
};

/// What is done in one step, and the state to which it leads.
struct Step {
    Deed deed = Deed::nothing;
    std::uint8_t kind = 0;
    std::uint8_t next = 0;
    bool is_insistent = false;  ///< what finds no room is tried again
};

/// What the protocol of a seed has, and where the numbers are drawn that say so.
enum class Trait : std::uint8_t {
    capacity,
    order,     ///< see Options::has_more_orders()
    owing,     ///< a party may act although it owes something
    kinds,     ///< there are those that monitors know
    things,    ///< objects travel
    keeping,   ///< they are kept when they can be given to nobody
    misuse,    ///< they are used when they have been given away
    reject,    ///< not everything is expected
    answers,   ///< they are owed first
    patience,  ///< it may end: what finds no room may be dropped
    deafness,  ///< a party that may act may leave unread what comes
    ends,      ///< a party may be done
    waiting,   ///< a party may have to go on, whatever state it is in
};

struct Options {
    specs::model::Bound seed{1, 0, 1'000'000'000};

    /// A number below `count`, another one for each place.
    unsigned draw(unsigned count, unsigned place) const {
        const std::uint64_t own = checker::mix(static_cast<std::uint64_t>(int{seed}) + 1);
        return static_cast<unsigned>(checker::mix(own + checker::mix_step * place) % count);
    }
    unsigned draw(unsigned count, Trait trait) const {
        return draw(count, static_cast<unsigned>(trait));
    }
    bool is_one_in(unsigned count, Trait trait) const { return draw(count, trait) == 0; }

    int capacity() const { return is_one_in(2, Trait::capacity) ? 1 : 2; }
    /// Whether a party may put off what it knows of in runs that count, which engines that search
    /// over the real queue do not have it do (see drive()). It knows nothing before it has seen
    /// that there is room again, since what was sent to it before is ordered before that: elsewhere
    /// it sends one message more than there is room for at most, as the last thing that it does by
    /// itself.
    bool has_more_orders() const { return is_one_in(4, Trait::order); }
    /// Whether other engines have runs that explore has not, as it counts that there was no room:
    /// the other party may take a message between two things that one does in a step, and two
    /// parties that have both made room may both miss that of the other one.
    bool may_drop() const { return !has_more_orders() && is_one_in(4, Trait::patience); }
    unsigned messages_max() const {
        constexpr std::array beyond_room{2U, 0U, 1U, 1U};
        return static_cast<unsigned>(capacity()) + beyond_room[draw(4, Trait::order)];
    }
    bool may_act_owing() const { return has_more_orders() && is_one_in(2, Trait::owing); }
    bool owes_answers() const { return may_act_owing() || is_one_in(3, Trait::answers); }
    unsigned kinds_sent() const { return is_one_in(3, Trait::kinds) ? kinds : kinds - 2; }
};

/// What one party does.
struct Rules {
    const Options& options;
    Party party;

    enum class Question : std::uint8_t { act, note, choices, acts, hears, ends, rests, tidies };

    unsigned draw(unsigned count, Question question, unsigned state, unsigned which = 0,
                  unsigned number = 0) const {
        constexpr unsigned numbers = 8;
        constexpr unsigned questions = 8;
        const unsigned side = party == Party::left ? 1 : 2;
        const unsigned asked = side * questions + static_cast<unsigned>(question);
        return options.draw(count, ((asked * states + state) * kinds + which) * numbers + number);
    }
    bool is_one_in(unsigned count, Question question, unsigned state) const {
        return draw(count, question, state) == 0;
    }

    Step step(Question question, unsigned state, unsigned which) const {
        const auto number = [&](unsigned count, unsigned place) {
            return static_cast<std::uint8_t>(draw(count, question, state, which, place));
        };
        Step step{.kind = number(options.kinds_sent(), 0),
                  .next = number(states, 1),
                  .is_insistent = !options.may_drop() || number(2, 2) == 0};
        constexpr std::array with_notes{Deed::nothing, Deed::send, Deed::send, Deed::owe};
        constexpr std::array with_things{Deed::make, Deed::give, Deed::give, Deed::touch,
                                         Deed::destroy};
        step.deed = with_notes[number(with_notes.size(), 3)];
        if (options.is_one_in(2, Trait::things) && number(2, 4) == 0)
            step.deed = with_things[number(with_things.size(), 5)];
        if (options.is_one_in(6, Trait::misuse) && number(8, 6) == 0) step.deed = Deed::misuse;
        if (options.is_one_in(6, Trait::reject) && number(8, 7) == 0) step.deed = Deed::reject;
        return step;
    }
};

template <Platform P, Party self>
struct Script {
    using Role = protocols::random::Role<P, self>;
    using Owned = typename P::template Owned<Thing>;
    using Question = Rules::Question;
    static constexpr bool leaves_messages = self == Party::left;

    Role role;
    bool has_given = false;
    typename Owned::Alias given{};  ///< a second name for what it has given away last

    bool is_done(const Options& options) const {
        return options.is_one_in(2, Trait::ends) && role.messages > 0 && !role.has_pending() &&
               !must_keep_on(options) && rules(options).is_one_in(3, Question::ends, role.state);
    }
    bool may_end(const Options& options) const {
        if (!options.is_one_in(5, Trait::waiting) && !must_keep_on(options)) return true;
        return rules(options).is_one_in(2, Question::rests, role.state);
    }
    bool can_receive(const Options& options) const {
        // What it does next must not tell whether there was room.
        if (role.has_pending() && !options.may_drop()) return false;
        // Nor is it deaf where it may be left: relacy would see it go on for ever where it acts and
        // there is never any room.
        return !options.is_one_in(3, Trait::deafness) || !can_act(options) || may_end(options) ||
               !rules(options).is_one_in(3, Question::hears, role.state);
    }
    bool can_act(const Options& options) const {
        constexpr unsigned turns_max = 3;
        if (!has_messages(options) || role.turns == turns_max) return false;
        if (role.has_pending() && !options.may_act_owing()) return false;
        const bool begins = self == Party::left && role.state == 0;
        return begins || !rules(options).is_one_in(3, Question::acts, role.state);
    }
    void act(auto& port, const Options& options) {
        const unsigned count = 1 + rules(options).draw(2, Question::choices, role.state);
        Step step = rules(options).step(Question::act, role.state, port.choose(count));
        if (role.thing && rules(options).is_one_in(2, Question::tidies, role.state))
            step.deed = Deed::destroy;
        if (step.deed != Deed::send && step.deed != Deed::give) {
            take(step, port, options);
        } else if (!send(step, port) && step.is_insistent) {
            return;
        }
        ++role.turns;
    }
    void receive(Note<P, Role::peer>&& note, auto& port, const Options& options) {
        // It has room for one thing.
        const bool is_kept = !role.thing && (has_messages(options) || !is_careful(options));
        if (note.thing && !is_kept) port.destroy(std::move(note.thing));
        if (note.thing) role.thing = std::move(note.thing);
        const Step step = rules(options).step(Question::note, role.state, note.kind);
        if (step.deed == Deed::reject) return port.reject(note);
        if (step.deed == Deed::send || step.deed == Deed::give) return owe(step, port, options);
        take(step, port, options);
    }

 private:
    static Rules rules(const Options& options) { return {options, self}; }
    static bool is_careful(const Options& options) { return !options.is_one_in(3, Trait::keeping); }

    bool has_messages(const Options& options) const {
        return role.messages < options.messages_max();
    }
    bool must_keep_on(const Options& options) const {
        return is_careful(options) && static_cast<bool>(role.thing);
    }

    void note_given(const Step& step) {
        if (step.deed != Deed::give || !role.thing) return;
        given = role.thing.alias();
        has_given = true;
    }
    /// False: there is no room, and nothing has happened.
    bool send(const Step& step, auto& port) {
        note_given(step);
        if (!role.send(step.kind, step.deed == Deed::give, port)) return false;
        ++role.messages;
        role.state = step.next;
        return true;
    }
    /// Sends from within receive(), or later, unless something is owed already.
    void owe(const Step& step, auto& port, const Options& options) {
        if (role.has_pending() || !has_messages(options)) return;
        note_given(step);
        role.owed = {true, step.deed == Deed::give, step.kind, step.next};
        ++role.messages;
        if (step.deed == Deed::owe || options.owes_answers()) return;
        role.flush(port);
        if (!step.is_insistent) role.owed = {};
    }
    /// A step that sends nothing now.
    void take(const Step& step, auto& port, const Options& options) {
        auto& thing = role.thing;
        switch (step.deed) {
            case Deed::owe:
                return owe(step, port, options);
            case Deed::make:
                if (!thing) thing = port.template make<Thing>();
                break;
            case Deed::touch:
                if (thing) port.expect(++port.access(thing).touched < 3, "it is touched twice");
                break;
            case Deed::destroy:
                if (thing) port.destroy(std::move(thing));
                break;
            case Deed::misuse:
                if (!has_given || thing) break;
                step.kind == 0 ? port.destroy(Owned::adopt(given))
                               : static_cast<void>(port.access(given));
                break;
            case Deed::reject:
                port.expect(false, "it does not give up");
                break;
            default:
                break;
        }
        role.state = step.next;
    }
};

/// Monitors here are each of what one party sees: in which order two parties do what nothing orders
/// is not for them to know.
template <class Asked, class Answer>
struct IsAnswered {
    static constexpr std::string_view name = "is answered";
    static constexpr std::string_view owes = "who asks gets a note";

    bool is_asking = false;

    bool is_hot() const { return is_asking; }
    void watch(const specs::model::Sent<Asked>& sent, specs::model::Judge& judge) {
        if (sent.message.kind != asking) return;
        judge.require(!is_asking, "it asks once at a time");
        is_asking = true;
    }
    void watch(const specs::model::Received<Answer>&, specs::model::Judge&) { is_asking = false; }
};

template <class Message>
struct FindsRoom {
    static constexpr std::string_view name = "finds room";

    std::uint8_t received = 0;

    void watch(const specs::model::Refused<Message>& refused, specs::model::Judge& judge) {
        judge.require(refused.message.kind != urgent, "what is urgent finds room");
    }
    void watch(const specs::model::Received<Message>& got, specs::model::Judge& judge) {
        if (got.message.kind == urgent) ++received;
        judge.require(received < 2, "it comes once");
    }
};

template <Platform P>
struct Original {
    using Options = random::Options;
    using Left = Script<P, Party::left>;
    using Right = Script<P, Party::right>;
    template <Party sender>
    using NoteOf = Note<specs::model::CheckPlatform, sender>;
    using Monitors = std::tuple<IsAnswered<NoteOf<Party::left>, NoteOf<Party::right>>,
                                FindsRoom<NoteOf<Party::right>>>;
    template <class T>
    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;
};

using Variants = specs::model::VariantList<Original>;

}  // namespace parley::specs::random
