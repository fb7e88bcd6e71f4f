#pragma once

#include "parley/checker/coverage.hpp"
#include "parley/checker/dictionary.hpp"
#include "parley/checker/fairness.hpp"
#include "parley/checker/local_steps.hpp"
#include "parley/checker/mix.hpp"
#include "parley/checker/number_table.hpp"
#include "parley/checker/queue_table.hpp"
#include "parley/checker/transition_system.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace parley::checker {

/// Half of a state, as the numbers of its parts: a party with the queue that it fills, and
/// something that both share. Of the left party's half that is the number of monitors and objects,
/// of the right one's how often the transport has failed.
struct HalfState {
    using Id = HashIndex::Id;

    Id script = 0;
    Id queue = 0;
    Id shared = 0;
    /// The oldest message of the queue, its number and 1, or 0; and whether there is no other.
    Id head : 31 = 0;
    Id is_alone : 1 = 0;
    /// The half that is left when the oldest message is taken; none: nobody has asked.
    Id popped = HashIndex::none;

    bool operator==(const HalfState& other) const {
        return script == other.script && queue == other.queue && shared == other.shared;
    }

    std::uint64_t hash() const {
        return mix(((std::uint64_t{script} << 32U) | queue) + shared * mix_step);
    }
};

/// A state as the numbers of its halves, by party.
struct NumberedState {
    using Id = HashIndex::Id;

    std::array<Id, 2> halves{};

    bool operator==(const NumberedState&) const = default;

    std::uint64_t hash() const { return NumberPair{halves[0], halves[1]}.hash(); }
};

/// A step of a party: what becomes of its half, and what it does to the other one.
struct PartyMove {
    HashIndex::Id own = 0;
    std::uint32_t shared : 31 = 0;  ///< the number of monitors and objects from now on
    std::uint32_t is_received : 1 = 0;
};

/// The steps of a party that change something, in all states in which they are the same.
struct PartyMoves {
    std::vector<PartyMove> moves;
    std::uint32_t entry = 0;  ///< for NumberedSystem::use_of()
    bool is_failing = false;  ///< the step after these violates a property, or cannot be taken
    /// There are some, and whatever the other party does before one of them is taken, they stay
    /// what they are, and no other becomes possible: a persistent set (Godefroid, "Partial-order
    /// methods for the verification of concurrent systems", LNCS 1032, 1996). Only the head of the
    /// inbox and the room in the outgoing queue join parties. A message is at the head, or none
    /// ever comes; and all that is sent finds room, of which there can only be more.
    bool is_persistent = false;
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

    /// What the steps of states reach of a page is counted there by count_uses(); null: nowhere.
    /// What was counted before is kept.
    void count(Coverage* coverage);

    /// Lets moves say whether they are persistent; `receives`: whether there are messages to a
    /// party at all. See is_reducible().
    void reduce(const std::array<bool, 2>& receives) {
        is_reducing_ = true;
        receives_ = receives;
        is_reducible_ = transport_.kind == Transport::Kind::fifo;
    }
    /// Whether what reduce() takes for granted is true of all steps up to now: the transport has
    /// none, what both parties share never changes, and a step that finds no room for a message
    /// does nothing, or would with any other room.
    bool is_reducible() const { return is_reducible_; }

    /// The initial state, which has empty queues.
    NumberedState begin();
    /// A state to load, valid until the next call.
    State state_of(const NumberedState& state);
    const HalfState& half(std::size_t index, Id id) const { return halves_[index][id]; }
    void prefetch(const NumberedState& state) const {
        for (std::size_t i = 0; i < 2; ++i) halves_[i].prefetch(state.halves[i]);
    }

    /// Calls `visit(step, to, action)` for each step of a state that leads to another one, in the
    /// order of TransitionSystem::step(), up to one that fails. False: that is the next one.
    template <class Visit>
    bool for_each_move(const NumberedState& from, const Visit& visit) {
        forget_steps_if_many();
        std::uint32_t step = 0;
        for (const model::Party party : {model::Party::left, model::Party::right}) {
            const LocalSteps::Entry& entry = steps_of(key_of(party, from));
            for (const LocalStep& each : local_.steps(entry)) {
                if (each.is_change) visit(step, after(from, party, each), each.action);
                ++step;
            }
            if (entry.is_failing) return false;
        }
        for_each_fault(from, [&](const NumberedState& to) {
            if (to != from) visit(step, to, ActionTable::unfair);
            ++step;
        });
        return true;
    }

    /// The steps of a party in a state, as far as they are known from other states; to `moves`.
    /// False: they are not, or not yet.
    bool find_moves(model::Party party, const NumberedState& from, PartyMoves& moves);
    /// The same; those that are not known are taken.
    void list_moves(model::Party party, const NumberedState& from, PartyMoves& moves);
    /// What becomes of the half of the other party.
    Id other_after(model::Party party, Id other_half, const PartyMove& move);
    /// The same when its oldest message is taken, and nothing else happens to it.
    Id popped(std::size_t index, Id half) {
        Id& known = halves_[index][half].popped;
        const Id popped = std::atomic_ref{known}.load(std::memory_order_acquire);
        return popped != HashIndex::none ? popped : find_popped(index, half);
    }
    template <class Visit>
    void for_each_fault(const NumberedState& from, const Visit& visit) {
        if (transport_.kind == Transport::Kind::fifo) return;
        const auto lock = locked();
        for (const model::Party sender : {model::Party::left, model::Party::right}) {
            if (may_fail(sender, from)) visit(after_fault(from, sender));
        }
    }
    /// Most steps that find_moves() may find, and for_each_fault(), in one state.
    std::size_t moves_max() const { return 2 * local_.steps_of_entry_max() + 2; }
    /// Whether several threads call find_moves(), other_after() and for_each_fault(); then nobody
    /// calls anything else.
    void share(bool is_shared) { is_shared_ = is_shared; }

    /// Counts for the page that the steps of entries were taken: each with use_of() for the party
    /// and state.
    void count_uses(std::span<const std::uint32_t> uses);
    std::uint32_t use_of(model::Party party, const NumberedState& state,
                         std::uint32_t entry) const {
        const std::size_t other = 1 - index_of(party);
        return 2 * entry + halves_[other][state.halves[other]].is_alone;
    }
    /// Adds what was counted to the coverage.
    void settle_counts();
    /// Makes all steps unknown; or does so if these are many.
    void forget_steps();
    void forget_steps_if_many() {
        if (local_.is_full()) forget_steps();
    }
    /// Changes when steps were forgotten, and entries have other numbers.
    std::size_t generation() const { return local_.generation(); }

    /// What is owed in a state: see TransitionSystem::owed().
    std::uint32_t owed(const NumberedState& state);
    std::size_t queue_size(model::Party sender, const NumberedState& state) const {
        const std::size_t index = index_of(sender);
        return queues_[index].size_of(halves_[index][state.halves[index]].queue);
    }

    std::size_t action_count() const { return actions_.size(); }
    std::uint64_t sent_kinds() const { return sent_kinds_; }
    /// See snapshot.hpp; the steps are taken again.
    template <class Archive>
    void transfer(Archive& archive) {
        for (std::size_t i = 0; i < 2; ++i) {
            scripts_[i].transfer(archive);
            messages_[i].transfer(archive);
            queues_[i].transfer(archive);
            halves_[i].transfer(archive);
        }
        monitors_.transfer(archive);
        heaps_.transfer(archive);
        shared_.transfer(archive);
        actions_.transfer(archive);
        archive(sent_kinds_);
    }

    std::size_t memory_bytes() const;
    /// What growing will take, if that is near.
    std::size_t growth_bytes() const;

 private:
    std::unique_lock<std::mutex> locked() {
        return is_shared_ ? std::unique_lock{mutex_} : std::unique_lock<std::mutex>{};
    }
    LocalSteps::Key key_of(model::Party party, const NumberedState& state) const;
    const LocalSteps::Entry& steps_of(const LocalSteps::Key& key) {
        return local_.of(key, [this](const LocalSteps::Key& of, LocalSteps::Entry& entry) {
            compute(of, entry);
        });
    }
    void describe(const LocalSteps::Entry& entry, const LocalSteps::Key& key, const HalfState& own,
                  PartyMoves& moves);
    NumberedState after(const NumberedState& from, model::Party party, const LocalStep& step);
    Id find_popped(std::size_t index, Id half);
    Id own_after(std::size_t own, HalfState half, const LocalStep& step);
    void push(std::size_t sender, HalfState& half, Id message);
    void pop(std::size_t sender, HalfState& half);
    bool may_fail(model::Party sender, const NumberedState& state) const {
        return checker::may_fail(transport_, queue_size(sender, state), capacity_,
                                 halves_[1][state.halves[1]].shared);
    }
    NumberedState after_fault(const NumberedState& from, model::Party sender);
    void compute(const LocalSteps::Key& key, LocalSteps::Entry& entry);
    void look_for_refusals(const LocalSteps::Key& key);
    void load_local(const LocalSteps::Key& key);
    void add_counts(const LocalSteps::Key& key, LocalSteps::Entry& entry);
    LocalStep add_step(const LocalSteps::Key& key, LocalSteps::Entry& entry,
                       const StepContext& context, const Choices& answers);
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
    std::array<NumberTable<HalfState>, 2> halves_;
    LocalSteps local_;
    std::mutex mutex_;
    bool is_shared_ = false;
    bool is_reducing_ = false;
    bool is_reducible_ = false;
    std::array<bool, 2> receives_{};  ///< by party
    std::uint64_t sent_kinds_ = 0;
    Coverage* coverage_ = nullptr;
    std::vector<std::uint64_t> uses_;                 ///< of entries: see count_uses()
    std::optional<Coverage> of_entry_;                ///< of the steps that are computed
    std::array<std::vector<std::uint32_t>, 3> owed_;  ///< by script, script and monitors
    std::array<State::Part, place_count> parts_;      ///< of state_of()
    std::array<std::vector<std::byte>, 2> queue_bytes_;
    std::byte faults_{};
};

}  // namespace parley::checker
