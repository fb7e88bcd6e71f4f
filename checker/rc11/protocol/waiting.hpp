#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/rc11/graph.hpp"
#include "parley/checker/rc11/state_bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace parley::rc11 {

/// Recognises that a party waits. A round of its loop that has sent and received nothing, made and
/// destroyed nothing, and left its script and the objects that it touched as they were, would do
/// the same again if it read the same: so the party goes on only where it reads something else.
/// That is the execution in which it came to its loop later, and never took the idle round.
///
/// A round in which it chose may still choose otherwise: all its choices are tried, one round for
/// each and in their order, before the party is known to have nothing to do. Rounds that choose out
/// of order, or that do something after an idle one, are cut: another execution does the same
/// without the idle rounds.
///
/// A round in which something has happened, which has written nothing, chosen nothing, read what
/// the round before has read, and left all as it was, is followed by the same one: a party that
/// takes many of them takes them for ever, unless it reads something else.
///
/// What is not seen: a monitor that takes a message refused in an idle round and something later
/// together for a violation.
class Waiting {
 public:
    enum class Verdict : std::uint8_t {
        go_on,  ///< another round
        stuck,  ///< it has nothing to do, until something that it has read is overwritten
        cut,    ///< another execution does the same in fewer rounds
        spins,  ///< it goes on and on and changes nothing, until what it has read is overwritten
    };

    void begin();

    void note_read(LocationId location, EventId source) { reads_.emplace_back(location, source); }
    void note_write() { has_written_ = true; }
    void note_choice(checker::Choice choice) { choices_.push_back(choice); }
    /// The last choice was not the party's own.
    void take_back_choice() { choices_.pop_back(); }
    /// An object that the party is about to touch.
    void note_object(std::span<const std::byte> object);

    /// A round is over in which something has happened.
    Verdict end_step(std::span<const std::byte> script);
    /// A round is over in which nothing has.
    Verdict end_idle(std::span<const std::byte> script);

    /// Appends what decides how it goes on (state_bytes.hpp). What it needs for telling that a
    /// party spins is left out: a party that spins comes back to a state of the same run, and not
    /// to one that is known.
    void write_state(const Graph& graph, StateBytes& to) const;

    void block(Verdict verdict) { blocked_ = verdict; }
    /// It is blocked as long as it reads the same: its last event, if that is a read, included.
    bool is_on_reads() const {
        return blocked_ == Verdict::cut ||
               !(blocked_ == Verdict::spins ? reads_before_ : reads_).empty();
    }
    /// The last round has not been taken; it was idle, and all its reads have been.
    void take_back() {
        reads_.clear();
        objects_.clear();
        objects_before_.clear();
        blocked_ = Verdict::go_on;
    }
    /// It is stuck, and there is nothing newer to read in `graph`.
    bool is_stuck(const Graph& graph) const {
        return blocked_ == Verdict::stuck && has_read_newest(graph, reads_);
    }
    /// It spins, and there is nothing newer to read in `graph`: it does so for ever.
    bool spins_for_ever(const Graph& graph) const {
        return blocked_ == Verdict::spins && has_read_newest(graph, reads_before_);
    }

 private:
    using Reads = std::vector<std::pair<LocationId, EventId>>;
    static constexpr int repeats_max = 16;

    static bool has_read_newest(const Graph& graph, const Reads& reads);
    struct Object {
        std::span<const std::byte> now;
        std::size_t before;  ///< where its copy is in objects_before_
    };

    void begin_round(std::span<const std::byte> script);
    bool has_changed(std::span<const std::byte> script) const;
    bool chooses_next() const;

    std::vector<std::byte> script_;
    Reads reads_;         ///< since something has happened
    Reads reads_before_;  ///< of the round before
    bool has_written_ = false;
    int repeats_ = 0;           ///< rounds that have changed nothing
    checker::Choices choices_;  ///< of this round
    checker::Choices next_;     ///< how the choices of this round must begin, then all 0
    bool is_idle_ = false;      ///< the last round was
    std::vector<Object> objects_;
    std::vector<std::byte> objects_before_;
    Verdict blocked_ = Verdict::go_on;
};

}  // namespace parley::rc11
