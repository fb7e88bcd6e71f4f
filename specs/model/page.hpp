#pragma once

#include "parley/protocols/model/role.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::specs::model {

/// Whether a transition puts its message into the outgoing queue (`!Arm`) or takes it from the
/// incoming one (`?Fired`).
enum class Direction : std::uint8_t { send, receive };

/// What a party does with a message that it receives.
enum class Handling : std::uint8_t {
    taken,
    ignored,   ///< on purpose without effect
    deferred,  ///< stays in the queue until a state takes it; what is behind it may come first
};

/// One edge of a state diagram. States and messages are indices.
struct Transition {
    std::uint16_t from = 0;
    std::uint16_t to = 0;
    Direction direction = Direction::send;
    std::uint16_t message = 0;
    Handling handling = Handling::taken;
    bool is_optional = false;  ///< nothing promises that a run takes it
    int line = 0;              ///< of the page, counted from 1

    bool operator==(const Transition&) const = default;
};

/// What a party may say and hear, and when: a deterministic communicating finite-state machine
/// (Brand and Zafiropulo, On communicating finite-state machines, JACM 1983). We differ by states
/// that are accepting, by the two ways not to take a message, and by keys: see Page.
struct Automaton {
    std::string name;  ///< of the role
    std::vector<std::string> states;
    std::vector<bool> is_accepting;  ///< by state
    std::uint16_t initial = 0;
    std::vector<Transition> transitions;  ///< in the order of their lines
    int line = 0;                         ///< where its diagram begins

    bool operator==(const Automaton&) const = default;

    /// The transition that leaves `state` with a message, or null.
    const Transition* find(std::uint16_t state, Direction direction, std::uint16_t message) const {
        for (const Transition& each : transitions) {
            const bool is_it =
                each.from == state && each.direction == direction && each.message == message;
            if (is_it) return &each;
        }
        return nullptr;
    }
};

/// The field by which messages belong to one of several conversations at once.
struct Key {
    std::string name;
    std::size_t values = 1;  ///< how many conversations a check of the page runs side by side

    bool operator==(const Key&) const = default;
};

/// What a protocol promises, as its page says it: an automaton for each party, the capacity of each
/// queue, the transports that it tolerates. A page with a key has one copy of both automata for
/// each value of the key; all copies share the two queues.
///
/// A message belongs to one direction; automata are deterministic.
struct Page {
    std::string file;                             ///< as in "specs/send.md:12"
    std::vector<std::string> lines;               ///< its text, to quote
    std::array<Automaton, 2> parties;             ///< by Party
    std::vector<std::string> messages;            ///< in the order of their first lines
    std::array<std::size_t, 2> capacities{1, 1};  ///< of the queues, by sender
    std::array<bool, 2> must_be_full{};           ///< some run has to find the queue full
    std::optional<Key> key;
    std::vector<std::string> transports;  ///< those that it tolerates

    bool operator==(const Page&) const = default;

    const Automaton& automaton(parley::model::Party party) const {
        return parties[index_of(party)];
    }
};

}  // namespace parley::specs::model
