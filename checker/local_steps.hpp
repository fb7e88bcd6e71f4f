#pragma once

#include "parley/checker/fairness.hpp"
#include "parley/checker/hash_index.hpp"
#include "parley/checker/mix.hpp"
#include "parley/checker/transition_system.hpp"
#include "parley/protocols/model/role.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parley::checker {

/// What a step of one party does, in numbers.
struct LocalStep {
    using Id = HashIndex::Id;

    Id script = 0;
    Id shared = 0;
    Id sent = 0;  ///< its messages, as the content of a queue: see QueueTable
    ActionTable::Action action = ActionTable::unfair;  ///< of a step that changes something
    bool is_received = false;                          ///< the head of the inbox is gone
    bool is_change = false;                            ///< something is other than it was
};

/// What all steps of an entry do together with one transition of a page.
struct TransitionCount {
    std::uint32_t transition = 0;
    std::uint32_t taken = 0;
    std::uint32_t refused = 0;
};

/// The steps of a party in all states in which they are the same, computed once.
///
/// A party's steps depend on its script, on what it shares with the other one (monitors and
/// objects), on the head of its inbox and on the room in its outgoing queue. So they are far fewer
/// than the steps of all states. More than `large_room` messages of room make no difference to
/// steps that send no more than that; where a step does, the room is told apart.
///
/// Source: the transition caching of Blom, van de Pol and Weber, "LTSmin: distributed and symbolic
/// reachability", CAV 2010. We differ in that a queue is not one value: only its head and its room
/// count. A table that has grown too large may be emptied: it only saves time.
class LocalSteps {
 public:
    using Id = HashIndex::Id;
    static constexpr std::uint32_t large_room = 2;

    /// `steps_max`: how many entries and steps are kept.
    explicit LocalSteps(std::size_t steps_max) : steps_max_(steps_max) {}

    /// What they depend on, in numbers. `head` is 0 without a message, else its number and 1.
    struct Key {
        Id script = 0;
        Id shared = 0;
        Id head = 0;
        std::uint32_t room = 0;
        model::Party party = model::Party::left;

        bool operator==(const Key&) const = default;

        /// All of it.
        std::array<std::uint64_t, 2> words() const {
            return {(std::uint64_t{script} << 32U) | shared, (std::uint64_t{head} << 32U) |
                                                                 (room << 1U) |
                                                                 static_cast<std::uint32_t>(party)};
        }
        std::uint64_t hash() const { return hash_of(words()); }
        static std::uint64_t hash_of(const std::array<std::uint64_t, 2>& words) {
            return mix(words[0] + words[1] * mix_step);
        }
    };

    /// The key of all rooms that make no difference, and that of one that does.
    static Key with_large_room(Key key) {
        key.room = std::min(key.room, large_room);
        return key;
    }
    static Key with_exact_room(Key key) {
        key.room += large_room + 1;
        return key;
    }

    struct Entry {
        Key key;
        std::uint32_t first_step = 0;
        std::uint32_t step_count = 0;
        std::uint32_t first_count = 0;  ///< of the transitions of its page
        std::uint32_t count_count = 0;
        std::uint32_t refused = 0;  ///< messages that found no room
        /// The step after the last one violates a property, or cannot be taken.
        bool is_failing = false;
        bool is_refused = false;  ///< some step finds too little room
        /// Some step finds too little room, or would in a queue with less.
        bool is_room_bound = false;
        PartyRest rest = PartyRest::open;  ///< of the party before these steps
    };

    /// The steps for `key`, whose room is the true one; valid until the next call.
    template <class ComputeSteps>
    const Entry& of(Key key, const ComputeSteps& compute) {
        if (key.room < large_room) return look_up(key, key, compute);
        const Entry& entry = look_up(with_large_room(key), key, compute);
        if (!entry.is_room_bound) return entry;
        return look_up(with_exact_room(key), key, compute);
    }
    /// The same if they are known, or null.
    const Entry* find(const Key& key) const {
        if (key.room < large_room) return find_entry(key);
        const Entry* entry = find_entry(with_large_room(key));
        if (entry == nullptr || !entry->is_room_bound) return entry;
        return find_entry(with_exact_room(key));
    }

    /// Its number, until the table is emptied.
    std::uint32_t number_of(const Entry& entry) const {
        return static_cast<std::uint32_t>(&entry - entries_.data());
    }
    const Entry& operator[](std::uint32_t number) const { return entries_[number]; }
    /// Whether there are more than should be kept.
    bool is_full() const { return steps_.size() + entries_.size() > steps_max_; }
    /// Empties the table, and keeps its memory: the kernel would have to clear it again.
    void forget() {
        index_.clear();
        entries_.clear();
        steps_.clear();
        counts_.clear();
        ++generation_;
    }
    /// How often it was emptied.
    std::size_t generation() const { return generation_; }
    /// Most steps that there were in an entry.
    std::size_t steps_of_entry_max() const { return steps_of_entry_max_; }

    std::span<const LocalStep> steps(const Entry& entry) const {
        return {steps_.data() + entry.first_step, entry.step_count};
    }

    /// Adds a step to the entry that is computed.
    void add_step(Entry& entry, const LocalStep& step) {
        steps_.push_back(step);
        ++entry.step_count;
    }

    std::span<const TransitionCount> counts(const Entry& entry) const {
        return {counts_.data() + entry.first_count, entry.count_count};
    }
    void add_count(Entry& entry, const TransitionCount& count) {
        counts_.push_back(count);
        ++entry.count_count;
    }

    std::size_t memory_bytes() const {
        return index_.memory_bytes() + entries_.capacity() * sizeof(Entry) +
               steps_.capacity() * sizeof(LocalStep) + counts_.capacity() * sizeof(TransitionCount);
    }

 private:
    template <class ComputeSteps>
    const Entry& look_up(const Key& key, const Key& state, const ComputeSteps& compute) {
        const auto candidate = static_cast<Id>(entries_.size());
        const Id id = index_.find_or_insert(key.hash(), candidate,
                                            [&](Id other) { return entries_[other].key == key; });
        if (id == candidate) {
            Entry entry{.key = key,
                        .first_step = static_cast<std::uint32_t>(steps_.size()),
                        .first_count = static_cast<std::uint32_t>(counts_.size()),
                        .is_room_bound = key.room > large_room};
            compute(state, entry);
            entries_.push_back(entry);
            steps_of_entry_max_ = std::max<std::size_t>(steps_of_entry_max_, entry.step_count);
        }
        return entries_[id];
    }

    const Entry* find_entry(const Key& key) const {
        const Id id = index_.find(key.hash(), [&](Id other) { return entries_[other].key == key; });
        return id == HashIndex::none ? nullptr : &entries_[id];
    }

    std::size_t steps_max_;
    std::size_t generation_ = 0;
    std::size_t steps_of_entry_max_ = 0;
    HashIndex index_;
    std::vector<Entry> entries_;
    std::vector<LocalStep> steps_;
    std::vector<TransitionCount> counts_;
};

}  // namespace parley::checker
