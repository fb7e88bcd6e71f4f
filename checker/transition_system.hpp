#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/coverage.hpp"
#include "parley/checker/record.hpp"
#include "parley/checker/require.hpp"
#include "parley/checker/transport.hpp"
#include "parley/protocols/model/role.hpp"
#include "parley/specs/model/monitor.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker {

/// A state as the byte strings of its parts: equal states have the same number of parts and equal
/// bytes in each. A view: what it shows belongs to who gave it.
class State {
 public:
    using Part = std::span<const std::byte>;
    static constexpr std::size_t parts_max = 8;

    State(const Part* parts, std::size_t count) : parts_(parts, count) {}

    std::size_t size() const { return parts_.size(); }
    Part operator[](std::size_t index) const { return parts_[index]; }

    friend bool operator==(const State& a, const State& b) {
        return std::ranges::equal(a.parts_, b.parts_, [](const Part& x, const Part& y) {
            return std::ranges::equal(x, y);
        });
    }

 private:
    std::span<const Part> parts_;
};

/// The parts of a state of two parties, in their order: each party with its place in the page, each
/// queue as the number of its messages in a byte and then these. Neighbours depend on each other
/// most: the fewer pairs of values they have together, the smaller is a StateStore.
enum class Place : std::uint8_t {
    left,
    left_to_right,
    monitors,
    heap,
    right,
    right_to_left,
    faults,
};
inline constexpr std::size_t place_count = 7;

/// What the steps of one party depend on: less than a state.
struct LocalState {
    model::Party party;
    State::Part script;  ///< with its place in the page
    State::Part monitors;
    State::Part heap;
    State::Part head;  ///< of its inbox; without bytes: there is no message
    std::size_t room;  ///< messages that its outgoing queue still takes
};

/// What a step of one party has made of that, as a view.
struct LocalNext {
    State::Part script;
    State::Part monitors;
    State::Part heap;
    bool is_received;  ///< the head of the inbox is gone
    std::span<const State::Part> sent;
};

/// What a party that takes no further step would have come to.
enum class PartyRest : std::uint8_t {
    open,         ///< the run cannot be over
    may_be_left,  ///< the run is over if the other one is done, although this one could act
    done,
};

/// Whether no further step need be taken although one may.
constexpr bool may_be_over(PartyRest left, PartyRest right) {
    return left != right && left != PartyRest::open && right != PartyRest::open;
}

/// What a step needs beside the state: who answers, who judges, who takes it down (or nobody).
struct StepContext {
    Chooser& chooser;
    specs::model::Judge& judge;
    Recorder* recorder = nullptr;
    std::string detail = {};                  ///< of a violation: what was seen
    model::Party mover = model::Party::left;  ///< who took the last step
    std::uint32_t kind = 0;                   ///< of the last step: tells those of a party apart
    bool is_fault = false;                    ///< the last step was the transport's
    std::uint32_t open_steps = 0;  ///< of which the last was one: if several, the first choice
    std::uint64_t sent_kinds = 0;  ///< see message_never_sent()
    Coverage* coverage = nullptr;  ///< counts what is reached of a page, if anything does
    bool is_refused = false;       ///< a message found no room
};

class Symmetry;

/// Something that must not be owed for ever.
struct Obligation {
    std::string_view property;
    std::string_view sentence;
};

/// A protocol under check as a transition system. It holds a current state, from which step() leads
/// to the next one.
class TransitionSystem {
 public:
    virtual ~TransitionSystem() = default;

    /// Makes the initial state the current one.
    virtual void begin() = 0;
    /// Makes a state that current() or next() gave the current one.
    virtual void load(State state) = 0;
    /// Takes the step that the chooser picks, into the next state; the current one stays. False: no
    /// step is open. Throws LimitReached. An exception of the code under check is a violation.
    virtual bool step(StepContext& context) = 0;
    /// Makes the next state the current one.
    virtual void advance() = 0;
    virtual State current() = 0;
    virtual State next() = 0;
    /// Judges the current state as one in which no step changes anything, or after which none is
    /// taken.
    virtual void judge_end(StepContext& context) = 0;
    /// Whether no further step need be taken although one may: a party is done, and the other one
    /// may be left.
    virtual bool may_be_over() const = 0;
    /// What may be owed, and what of it is owed in the current state: a bit for each. The first is
    /// for the left party's script to know, the second for the right one's, the others for the
    /// monitors.
    virtual std::vector<Obligation> obligations() const = 0;
    virtual std::uint32_t owed() const = 0;

    /// Makes the current state one of which only this is known.
    virtual void load_local(const LocalState& state) = 0;
    /// As step() after load_local(), of the steps that its party can take. They come in the order
    /// of step(): the left party's, the right one's, the transport's.
    virtual bool step_local(StepContext& context) = 0;
    /// The next state after step_local(), valid until the next call.
    virtual LocalNext next_local() = 0;
    /// What the party has come to after load_local().
    virtual PartyRest rest_local() const = 0;
    /// What the transport may do, and how many messages a queue holds.
    virtual Transport transport() const = 0;
    virtual std::size_t capacity() const = 0;
    /// The renamings of values that are declared interchangeable, or null. It lives as long as
    /// this.
    virtual Symmetry* symmetry() { return nullptr; }
};

/// The code under check has thrown in a step, which is a violation.
void fail_by_exception(StepContext& context, const char* what);

/// Whether no step of the current state leads to another state.
bool is_stuck(TransitionSystem& system);

/// The choices of the step of the current state that an odometer comes to as number `step`.
Choices choices_of_step(TransitionSystem& system, std::uint32_t step);

/// The choices of a path.
Choices joined(const std::vector<Choices>& steps);

}  // namespace parley::checker
