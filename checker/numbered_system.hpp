#pragma once

#include "parley/checker/byte_forest.hpp"
#include "parley/checker/coverage.hpp"
#include "parley/checker/dictionary.hpp"
#include "parley/checker/fairness.hpp"
#include "parley/checker/local_steps.hpp"
#include "parley/checker/number_table.hpp"
#include "parley/checker/numbered_state.hpp"
#include "parley/checker/orbits.hpp"
#include "parley/checker/queue_table.hpp"
#include "parley/checker/symmetry.hpp"
#include "parley/checker/transition_system.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace parley::checker {

/// A step of a party: its script and what both share from then on, what it puts into its queue (as
/// the content of one), and whether it takes the oldest message out of the other one.
struct PartyMove {
    HashIndex::Id script = 0;
    HashIndex::Id sent = 0;
    std::uint32_t shared : 31 = 0;
    std::uint32_t is_received : 1 = 0;
};

/// The steps of a party that change something, in all states in which they are the same.
struct PartyMoves {
    std::vector<PartyMove> moves;
    std::uint32_t entry = 0;     ///< for NumberedSystem::use_of()
    bool is_failing = false;     ///< the step after these violates a property, or cannot be taken
    bool is_room_bound = false;  ///< they are other ones where there is other room: see LocalSteps
    /// There are some, and whatever the other party does before one of them is taken, they stay
    /// what they are, and no other becomes possible: a persistent set (Godefroid, "Partial-order
    /// methods for the verification of concurrent systems", LNCS 1032, 1996). Only the head of the
    /// inbox and the room in the outgoing queue join parties. A message is at the head, or none
    /// ever comes; and all that is sent finds room, of which there can only be more.
    ///
    /// A run that ends before such a step ends no worse after it: of what is judged at an end it
    /// changes nothing.
    bool is_persistent = false;
    PartyRest rest = PartyRest::open;  ///< of the party before its step
};

/// A transition system whose states are numbers: each value of a part is kept once and known by its
/// number (Spin's COLLAPSE: Holzmann, "State compression in Spin", 1997), and a step that a party
/// has taken before is looked up and not taken again (see LocalSteps).
class NumberedSystem {
 public:
    using Id = HashIndex::Id;

    static constexpr std::size_t steps_kept_max = std::size_t{1} << 15U;

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

    /// Lets representative() take states for one that differ in renamed values only.
    ///
    /// That is sound if renaming what a step starts from renames what it does, and no more. All
    /// that a step depends on is the key of its party's steps (see LocalSteps), so that the steps
    /// of each key are compared with those of all keys that renaming makes of it, once. What does
    /// not agree is asymmetry(): then nothing that was found says anything.
    void use(Symmetry& symmetry);
    bool has_orbits() const { return orbits_.has_value(); }
    NumberedState representative(const NumberedState& state) const {
        return orbits_ ? orbits_->representative(state) : state;
    }
    std::size_t size_of_orbit(const NumberedState& state) const {
        return orbits_ ? orbits_->size_of_orbit(state) : 1;
    }
    /// Calls `visit(state)` for what each renaming makes of a state, while that returns true; notes
    /// `what` as the asymmetry if it returns false.
    template <class Visit>
    void require_of_orbit(const NumberedState& state, const std::string& what, const Visit& visit) {
        for (std::size_t renaming = 1; orbits_ && renaming < orbits_->order(); ++renaming) {
            if (!visit(orbits_->renamed(state, renaming))) return note_asymmetry(what, renaming);
        }
    }
    /// The first thing that some renaming makes another one, or "".
    const std::string& asymmetry() const { return asymmetry_; }

    /// The initial state, which has empty queues.
    NumberedState begin();
    /// A state to load, valid until the next call.
    State state_of(const NumberedState& state);
    /// Makes key_of() not wait for memory.
    void prefetch(const NumberedState& state) const {
        for (std::size_t i = 0; i < 2; ++i) queues_[i].prefetch(state.queue(i));
    }
    /// What the steps of a party depend on.
    LocalSteps::Key key_of(model::Party party, const NumberedState& state) const {
        const std::size_t own = model::index_of(party);
        const Id inbox = state.queue(1 - own);
        const std::size_t used = queues_[own].size_of(state.queue(own));
        return {.script = state.script(own),
                .shared = state.shared(),
                .head = inbox == QueueTable::empty ? 0 : queues_[1 - own].oldest(inbox) + 1,
                .room = static_cast<std::uint32_t>(used < capacity_ ? capacity_ - used : 0),
                .party = party};
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
                if (each.is_change) visit(step, after(party, from, move_of(each)), each.action);
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

    /// The steps of a party, as far as they are known from other states; to `moves`. False: they
    /// are not, or not yet.
    bool find_moves(const LocalSteps::Key& key, PartyMoves& moves);
    /// The same; those that are not known are taken.
    void list_moves(const LocalSteps::Key& key, PartyMoves& moves) {
        describe(steps_of(key), moves);
    }
    /// The content of a party's queue with more behind it.
    Id append(std::size_t sender, Id queue, Id more) {
        const auto lock = locked();
        const Id to = queues_[sender].append(queue, more);
        if (orbits_) orbits_->close_queues();
        return to;
    }
    /// The same without its oldest message.
    Id rest(std::size_t sender, Id queue) const { return queues_[sender].rest(queue); }
    template <class Visit>
    void for_each_fault(const NumberedState& from, const Visit& visit) {
        if (transport_.kind == Transport::Kind::fifo) return;
        const auto lock = locked();
        for (const model::Party sender : {model::Party::left, model::Party::right}) {
            if (!may_fail(sender, from)) continue;
            const NumberedState to = after_fault(from, sender);
            if (orbits_) orbits_->close_queues();
            visit(to);
        }
    }
    /// Most steps that find_moves() may find, and for_each_fault(), in one state.
    std::size_t moves_max() const { return 2 * local_.steps_of_entry_max() + 2; }
    /// Whether several threads call find_moves(), append() and for_each_fault(); then nobody
    /// calls anything else.
    void share(bool is_shared) { is_shared_ = is_shared; }

    /// Counts for the page that the steps of entries were taken: each with use_of() for the party
    /// and state, or no_use.
    static constexpr std::uint32_t no_use = UINT32_MAX;
    void count_uses(std::span<const std::uint32_t> uses);
    std::uint32_t use_of(model::Party party, const NumberedState& state,
                         std::uint32_t entry) const {
        const bool is_alone = queue_size(other(party), state) == 1;
        return 2 * entry + (is_alone ? 1U : 0U);
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
        return queues_[index].size_of(state.queue(index));
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
        }
        monitors_.transfer(archive);
        heaps_.transfer(archive);
        shared_.transfer(archive);
        actions_.transfer(archive);
        archive(sent_kinds_);
    }

    /// Whether there are hardly more numbers for the values of a part.
    bool is_full() const;

    std::size_t memory_bytes() const;
    /// What growing will take, if that is near.
    std::size_t growth_bytes() const;

 private:
    std::unique_lock<std::mutex> locked() {
        return is_shared_ ? std::unique_lock{mutex_} : std::unique_lock<std::mutex>{};
    }
    const LocalSteps::Entry& steps_of(const LocalSteps::Key& key) {
        return local_.of(key, [this](const LocalSteps::Key& of, LocalSteps::Entry& entry) {
            compute(of, entry);
        });
    }
    void describe(const LocalSteps::Entry& entry, PartyMoves& moves);
    static PartyMove move_of(const LocalStep& step);
    NumberedState after(model::Party party, const NumberedState& from, const PartyMove& move);
    bool may_fail(model::Party sender, const NumberedState& state) const {
        return checker::may_fail(transport_, queue_size(sender, state), capacity_,
                                 shared_[state.shared()].faults);
    }
    NumberedState after_fault(const NumberedState& from, model::Party sender);
    /// The steps of a party, as they are taken.
    struct Taken {
        std::vector<LocalStep> steps;
        bool is_failing = false;  ///< see LocalSteps::Entry
        bool is_refused = false;
        bool is_room_bound = false;
        PartyRest rest = PartyRest::open;
    };
    void compute(const LocalSteps::Key& key, LocalSteps::Entry& entry);
    Taken take_steps(const LocalSteps::Key& key);
    void look_for_asymmetry(const LocalSteps::Key& key, const Taken& taken);
    std::string without_counterpart(const LocalSteps::Key& key, const Taken& taken,
                                    const Taken& image, std::size_t renaming);
    std::string text_of_step(const LocalSteps::Key& key, std::size_t index);
    void note_asymmetry(const std::string& what, std::size_t renaming);
    void look_for_refusals(const LocalSteps::Key& key);
    void load_local(const LocalSteps::Key& key);
    void add_counts(const LocalSteps::Key& key, LocalSteps::Entry& entry);
    LocalStep numbered_step(const LocalSteps::Key& key, const StepContext& context,
                            const Choices& answers);
    Id shared_number(State::Part monitors, State::Part heap, std::uint16_t faults);
    State::Part queue_bytes(std::size_t sender, Id queue);

    TransitionSystem& system_;
    ActionTable actions_;
    Transport transport_;
    std::size_t capacity_;
    std::array<Dictionary, 2> scripts_;  ///< by party
    Dictionary monitors_;
    ByteForest heaps_;
    NumberTable<SharedState> shared_;
    std::array<Dictionary, 2> messages_;  ///< by sender
    std::array<QueueTable, 2> queues_;    ///< by sender
    LocalSteps local_;
    Symmetry* symmetry_ = nullptr;
    std::optional<Orbits> orbits_;           ///< none: each state is looked at for itself
    NumberTable<LocalSteps::Key> compared_;  ///< the representatives of keys that were
    std::string asymmetry_;
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
