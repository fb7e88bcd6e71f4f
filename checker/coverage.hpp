#pragma once

#include "parley/protocols/model/role.hpp"
#include "parley/specs/model/page.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::checker {

/// How often runs took a transition of a page. A page is deterministic: this is a pair of a state
/// and a message as well.
struct TransitionUse {
    std::string text;  ///< "specs/send.md:12: open --> open : !Item"
    bool is_optional = false;
    std::uint64_t taken = 0;
    std::uint64_t refused = 0;  ///< sends in its state that found no room

    bool operator==(const TransitionUse&) const = default;
};

/// What runs did with one queue. Over real threads events have no order but happens-before, and
/// this is what they come to in one order that agrees with it; `refused` is what the sender saw.
struct QueueFill {
    std::string text;           ///< "sender to receiver"
    std::size_t capacity = 0;   ///< in this check
    bool must_be_full = false;  ///< the page promises a run in which a send finds no room
    std::size_t largest = 0;    ///< most messages at once
    std::uint64_t emptied = 0;  ///< how often a message was received that was the only one
    std::uint64_t refused = 0;  ///< sends that found no room
    /// Runs in which a slot was used for a second message; none: this engine's queue has no slots.
    std::optional<std::uint64_t> wrapped;

    bool operator==(const QueueFill&) const = default;
};

/// What runs of a protocol have reached of its page: by whoever judges their events, one after the
/// other.
struct Coverage {
    std::array<std::vector<TransitionUse>, 2> transitions;  ///< by party, in the page's order
    std::array<QueueFill, 2> queues;                        ///< by sender

    bool operator==(const Coverage&) const = default;

    void take(model::Party party, std::size_t transition) {
        ++transitions[index_of(party)][transition].taken;
    }
    void refuse(model::Party party, std::size_t transition) {
        ++transitions[index_of(party)][transition].refused;
    }
    /// A send found no room.
    void find_full(model::Party sender) { ++queues[index_of(sender)].refused; }
    /// The queue has `size` messages now, the newest of them included.
    void push(model::Party sender, std::size_t size) {
        QueueFill& queue = queues[index_of(sender)];
        if (size > queue.largest) queue.largest = size;
    }
    /// The queue has `size` messages left.
    void pop(model::Party sender, std::size_t size) {
        if (size == 0) ++queues[index_of(sender)].emptied;
    }
    /// The counts of a coverage that began with the same page; see snapshot.hpp.
    template <class Archive>
    void transfer(Archive& archive) {
        for (auto& uses : transitions) {
            for (TransitionUse& use : uses) {
                archive(use.taken);
                archive(use.refused);
            }
        }
        for (QueueFill& queue : queues) {
            archive(queue.largest);
            archive(queue.emptied);
            archive(queue.refused);
        }
    }

    /// The queue has used a slot again, for the first time in this run.
    void wrap(model::Party sender) {
        QueueFill& queue = queues[index_of(sender)];
        queue.wrapped = queue.wrapped.value_or(0) + 1;
    }
};

/// Nothing reached yet. `has_slots`: the queues of this engine are rings.
Coverage begin_coverage(const specs::model::Page& page, std::size_t capacity, bool has_slots);

/// Adds what other runs of the same protocol have reached.
void add_coverage(Coverage& coverage, const Coverage& more);

/// The transitions, and the full queues, that a page promises, and how many of them were reached.
struct Promises {
    std::size_t reached = 0;
    std::vector<std::string> unreached;  ///< each quotes the page

    std::size_t count() const { return reached + unreached.size(); }
};
Promises promises_of(const Coverage& coverage);

/// "3 of the 12 promises of the page were not reached", or "" if all were, or nothing is promised.
std::string promises_not_reached(const std::optional<Coverage>& coverage);

}  // namespace parley::checker
