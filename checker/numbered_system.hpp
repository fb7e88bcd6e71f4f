#pragma once

#include "parley/checker/coverage.hpp"
#include "parley/checker/dictionary.hpp"
#include "parley/checker/fairness.hpp"
#include "parley/checker/local_steps.hpp"
#include "parley/checker/number_table.hpp"
#include "parley/checker/queue_table.hpp"
#include "parley/checker/transition_system.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace parley::checker {

/// A state as the numbers of its parts.
struct NumberedState {
    using Id = HashIndex::Id;

    std::array<Id, 2> scripts{};  ///< by party
    std::array<Id, 2> queues{};   ///< by sender
    Id shared = 0;                ///< monitors and objects
    Id faults = 0;                ///< of the transport, so far

    bool operator==(const NumberedState&) const = default;
};

/// A transition system whose states are numbers: each value of a part is kept once and known by its
/// number (Spin's COLLAPSE: Holzmann, "State compression in Spin", 1997), and a step that a party
/// has taken before is looked up and not taken again (see LocalSteps).
class NumberedSystem {
 public:
    using Id = HashIndex::Id;

    static constexpr std::size_t steps_kept_max = std::size_t{1} << 16U;

    NumberedSystem(TransitionSystem& system, Fairness fairness,
                   std::size_t steps_max = steps_kept_max)
        : system_(system),
          actions_(fairness),
          transport_(system.transport()),
          capacity_(system.capacity()),
          local_(steps_max) {}

    /// Lets for_each_move() count what its steps reach of a page; null: nothing is counted. What
    /// was counted before is kept.
    void count(Coverage* coverage);

    /// The initial state, which has empty queues.
    NumberedState begin();
    /// A state to load, valid until the next call.
    State state_of(const NumberedState& state);

    /// Calls `visit(step, to, action)` for each step of a state that leads to another one, in the
    /// order of TransitionSystem::step(), up to one that fails. False: that is the next one.
    template <class Visit>
    bool for_each_move(const NumberedState& from, const Visit& visit) {
        std::uint32_t step = 0;
        for (const model::Party party : {model::Party::left, model::Party::right}) {
            const LocalSteps::Entry& entry = steps_of(party, from);
            if (coverage_ != nullptr) count_steps(from, party, entry);
            for (const LocalStep& each : local_.steps(entry)) {
                if (each.is_change) visit(step, after(from, party, each), each.action);
                ++step;
            }
            if (entry.is_failing) return false;
        }
        if (transport_.kind == Transport::Kind::fifo) return true;
        for (const model::Party sender : {model::Party::left, model::Party::right}) {
            if (!may_fail(sender, from)) continue;
            const NumberedState to = after_fault(from, sender);
            if (to != from) visit(step, to, ActionTable::unfair);
            ++step;
        }
        return true;
    }

    /// What is owed in a state: see TransitionSystem::owed().
    std::uint32_t owed(const NumberedState& state);

    std::size_t action_count() const { return actions_.size(); }
    std::uint64_t sent_kinds() const { return sent_kinds_; }
    /// See snapshot.hpp; the steps are taken again.
    template <class Archive>
    void transfer(Archive& archive) {
        for (std::size_t i = 0; i < 2; ++i) {
            scripts_[i].transfer(archive);
            messages_[i].transfer(archive);
            queues_[i].transfer(archive);
        }
        monitors_.transfer(archive);
        heaps_.transfer(archive);
        shared_.transfer(archive);
        actions_.transfer(archive);
        archive(sent_kinds_);
    }

    std::size_t memory_bytes() const;

 private:
    const LocalSteps::Entry& steps_of(model::Party party, const NumberedState& state) {
        const std::size_t own = index_of(party);
        const std::size_t other = 1 - own;
        const Id inbox = state.queues[other];
        LocalSteps::Key key{.script = state.scripts[own], .shared = state.shared, .party = party};
        if (inbox != QueueTable::empty) key.head = queues_[other].oldest(inbox) + 1;
        const std::size_t used = queues_[own].size_of(state.queues[own]);
        key.room = static_cast<std::uint32_t>(used < capacity_ ? capacity_ - used : 0);
        return local_.of(key, [this](const LocalSteps::Key& of, LocalSteps::Entry& entry) {
            compute(of, entry);
        });
    }
    NumberedState after(const NumberedState& from, model::Party party, const LocalStep& step) {
        const std::size_t own = index_of(party);
        const std::size_t other = 1 - own;
        NumberedState to = from;
        to.scripts[own] = step.script;
        to.shared = step.shared;
        if (step.is_received) to.queues[other] = queues_[other].rest(from.queues[other]);
        for (const Id message : local_.sent(step)) {
            to.queues[own] = queues_[own].push(to.queues[own], message);
        }
        return to;
    }
    bool may_fail(model::Party sender, const NumberedState& state) const {
        const std::size_t index = index_of(sender);
        return checker::may_fail(transport_, queues_[index].size_of(state.queues[index]), capacity_,
                                 state.faults);
    }
    NumberedState after_fault(const NumberedState& from, model::Party sender);
    void compute(const LocalSteps::Key& key, LocalSteps::Entry& entry);
    void count_steps(const NumberedState& from, model::Party party, const LocalSteps::Entry& entry);
    void add_counts(const LocalSteps::Key& key, LocalSteps::Entry& entry);
    void add_step(const LocalSteps::Key& key, LocalSteps::Entry& entry, const StepContext& context,
                  const Choices& answers);
    Id shared_number(State::Part monitors, State::Part heap);
    State::Part queue_bytes(std::size_t sender, Id queue);

    TransitionSystem& system_;
    ActionTable actions_;
    Transport transport_;
    std::size_t capacity_;
    std::array<Dictionary, 2> scripts_;  ///< by party
    Dictionary monitors_;
    Dictionary heaps_;
    NumberTable<NumberPair> shared_;
    std::array<Dictionary, 2> messages_;  ///< by sender
    std::array<QueueTable, 2> queues_;    ///< by sender
    LocalSteps local_;
    std::uint64_t sent_kinds_ = 0;
    Coverage* coverage_ = nullptr;
    std::optional<Coverage> of_entry_;                ///< of the steps that are computed
    std::array<std::vector<std::uint32_t>, 3> owed_;  ///< by script, script and monitors
    std::array<State::Part, place_count> parts_;      ///< of state_of()
    std::array<std::vector<std::byte>, 2> queue_bytes_;
    std::byte faults_{};
};

}  // namespace parley::checker
