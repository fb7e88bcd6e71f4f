#pragma once

#include "parley/specs/model/page.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace parley::checker {

/// A message under way: which one, and in which conversation (0 without a key).
struct Letter {
    std::uint16_t message = 0;
    std::uint8_t conversation = 0;

    bool operator==(const Letter&) const = default;
};

/// Where both parties are and what is under way.
struct Configuration {
    std::array<std::vector<std::uint16_t>, 2> states;  ///< by party, then conversation
    std::array<std::vector<Letter>, 2> queues;         ///< by sender, head first

    bool operator==(const Configuration&) const = default;
};

/// One transition of one party in one conversation.
struct PageStep {
    model::Party party = model::Party::left;
    std::uint8_t conversation = 0;
    const specs::model::Transition* transition = nullptr;
    std::size_t position = 0;  ///< of what is received in its queue

    bool is_send() const { return transition->direction == specs::model::Direction::send; }
};

/// The two automata of a page with a bounded FIFO in each direction: a system of communicating
/// finite-state machines. A send needs room. The page must outlive it.
///
/// A message at the head of a queue is there for its receiver to take in whatever state that is:
/// one that the state does not list is an unspecified reception, even where the party could send
/// first. Messages that the state defers are passed over.
class PageSystem {
 public:
    PageSystem(const specs::model::Page& page, std::array<std::size_t, 2> capacities);

    const specs::model::Page& page() const { return *page_; }
    std::array<std::size_t, 2> capacities() const { return capacities_; }
    std::size_t conversations() const { return conversations_; }

    Configuration initial() const;

    /// What may happen next, in a fixed order: left before right, sends before the reception.
    std::vector<PageStep> steps(const Configuration& from) const;
    Configuration after(const Configuration& from, const PageStep& step) const;

    /// The first message to `party` that it does not defer.
    std::optional<std::size_t> head(const Configuration& at, model::Party party) const;
    /// The head for `party` if its state has no transition for it.
    std::optional<Letter> unexpected(const Configuration& at, model::Party party) const;
    /// Whether a send of `party` waits for room.
    bool is_blocked(const Configuration& at, model::Party party) const;
    bool is_full(const Configuration& at, model::Party sender) const {
        return at.queues[index_of(sender)].size() >= capacities_[index_of(sender)];
    }
    /// Whether all conversations of `party` are where they may stop.
    bool is_accepting(const Configuration& at, model::Party party) const;
    /// Both parties may stop and nothing is under way.
    bool is_final(const Configuration& at) const;
    /// Whether the state receives anything at all, on purpose or not.
    bool is_receiving(model::Party party, std::uint16_t state) const;

    /// The transitions that leave a state of `party`.
    std::span<const specs::model::Transition* const> leaving(model::Party party,
                                                             std::uint16_t state) const {
        return leaving_[index_of(party)][state];
    }

    void encode(const Configuration& configuration, std::vector<std::byte>& bytes) const;
    Configuration decode(std::span<const std::byte> bytes) const;

    /// "Request(id=1)", or "Arm" without a key.
    std::string text(const Letter& letter) const;
    /// "armed", or "[open free]" with a key.
    std::string state_text(const Configuration& at, model::Party party) const;

 private:
    using Leaving = std::vector<std::vector<const specs::model::Transition*>>;

    const specs::model::Transition* find(model::Party party, std::uint16_t state,
                                         specs::model::Direction direction,
                                         std::uint16_t message) const;

    const specs::model::Page* page_;
    std::array<std::size_t, 2> capacities_;
    std::size_t conversations_;
    std::array<Leaving, 2> leaving_;  ///< by party, then state
};

}  // namespace parley::checker
