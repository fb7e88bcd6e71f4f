#pragma once

#include "parley/checker/checkpoint.hpp"
#include "parley/checker/guard.hpp"
#include "parley/checker/move_cache.hpp"
#include "parley/checker/numbered_system.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/state_space.hpp"
#include "parley/checker/subject.hpp"
#include "parley/checker/thread_team.hpp"
#include "parley/checker/transition_system.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley::checker {

/// Every interleaving of steps over bounded FIFOs: breadth-first, so a counterexample has the
/// fewest steps (counted as `steps`), and each state is expanded once. A transition is a step that
/// leads to another state than it started from. It goes on where a checkpoint of it ended.
///
/// States are expanded in blocks. The parts of a block are for any thread to take; states with
/// steps that are not known from other ones are put off, since code under check runs in one thread
/// only. What comes out does not depend on the number of threads.
///
/// A reduced search takes the steps of one party only, where these are persistent (see PartyMoves)
/// and one of them leads to a state that is not expanded yet, so that nothing is put off for ever
/// (Bošnački and Holzmann, "Improving Spin's partial-order reduction for breadth-first search",
/// SPIN 2005). Every step of a party that can be reached is taken somewhere, every end is reached,
/// and there is a run without end if there is one in all (Valmari, "Stubborn sets for reduced state
/// space generation", 1991). We differ in that whatever is not well is left to a search of all.
///
/// A search of orbits keeps one of all states that differ in the names of interchangeable values
/// only (see NumberedSystem::use). A renaming may take one kind of step for another, so that runs
/// without end that are fair to each kind are not looked for among orbits: where there may be runs
/// without end they are left to a search of all states. Fairness to a party, or none, is another
/// matter: who moves has no such name (Emerson and Sistla, "Utilizing symmetry when model-checking
/// under fairness assumptions", TOPLAS 1997, on what it takes in general).
class Explorer {
 public:
    Explorer(TransitionSystem& system, const Subject& subject, const CheckOptions& check);

    /// Every state.
    Report run();
    /// Every orbit of a system that has a symmetry. Nothing: it cannot tell, and a search of all
    /// states has to.
    std::optional<Report> run_orbits();
    /// What is wrong with the symmetry that the system declares, or "", after run_orbits().
    const std::string& asymmetry() const { return numbers_.asymmetry(); }
    /// A reduced search, in which the steps of party `first` are taken where those of both are
    /// persistent: how much it leaves out may depend on that. Nothing: it has found something, or
    /// cannot tell, and run() of another Explorer has to.
    std::optional<Report> run_reduced(model::Party first);

 private:
    using Id = StateSpace::Id;
    static constexpr Id none = StateSpace::none;

    /// A state of which the steps of one party were added, and not those of the other one.
    struct Half {
        Id state;
        model::Party left_out;
    };
    /// Some states of a block, and what is known of them beside their moves.
    struct alignas(64) Part {
        Id first = 0;
        Id end = 0;
        Id next = 0;             ///< that is to be expanded
        Id failing = none;       ///< a step of it fails
        std::size_t thread = 0;  ///< that has expanded it
        /// States before the next one of which some step is not known, or that are ends.
        std::vector<Id> put_off;
        bool is_at_end = false;           ///< the state that was expanded last
        std::vector<std::uint32_t> uses;  ///< by state and party: see NumberedSystem::count_uses()
        std::vector<Half> halves;         ///< in a reduced search

        std::uint32_t& use(Id state, model::Party party) {
            return uses[2 * std::size_t{state - first} + model::index_of(party)];
        }
    };

    std::string search();
    void begin();
    std::string limit_here();
    std::vector<std::pair<std::string, std::uint64_t>> counts() const;
    std::uint64_t memory_bytes() const;
    void save();
    void expand_block();
    void divide_block();
    template <class Work>
    void in_all_threads(const Work& work);
    void expand_known(std::size_t number, MoveCache& cache);
    bool finish(std::size_t number);
    bool finish_state(std::size_t number, Id id);
    bool expand(std::size_t number, Id id, MoveCache& cache, bool may_take);
    bool expand_half(std::size_t number, Id id, const std::array<MoveCache::Moves, 2>& moves,
                     MoveCache& cache);
    void complete_halves(std::size_t number, MoveCache& cache);
    bool is_conclusive() const;
    bool is_left_to_all() const;
    void add(MoveBatch& batch, Id from, const NumberedState& to);
    void read_ahead(Id id, Id end, MoveCache& cache) const;
    void make_room();
    void settle_block();
    void cut_block();
    bool is_end_sound(Id id);
    void look_for_loops();
    bool fail_in(Id id);
    void fail(const RunTo& run);
    void measure_queues(Coverage& coverage) const;
    void conclude(Report& report, const std::string& limit);
    template <class Archive>
    void transfer(Archive& archive);

    TransitionSystem& system_;
    const Subject& subject_;
    const CheckOptions& check_;
    NumberedSystem numbers_;
    StateSpace space_;
    Checkpoint checkpoint_;
    bool is_reduced_ = false;
    bool is_left_ = false;  ///< a search of orbits has found what is for one of all states
    model::Party first_ = model::Party::left;  ///< in a reduced search
    std::size_t thread_count_;
    std::unique_ptr<ThreadTeam> team_;  ///< null: as yet there is no work for several threads
    std::vector<MoveCache> caches_;     ///< by thread
    std::vector<MoveBatch> batches_;    ///< by part of the block
    std::vector<Part> parts_;
    std::size_t part_count_ = 0;
    std::size_t finishing_ = 0;  ///< the part that is finished
    std::size_t block_states_max_ = 0;
    std::size_t moves_max_ = 0;  ///< of a state, for which the block has room
    bool is_shared_ = false;     ///< all threads work on the block
    Id current_ = 0;             ///< that is expanded, or will be
    RunTo way_;                  ///< to a state that fails; here, as a crash leaves all frames
    OdometerChooser odometer_;   ///< over its steps
    std::uint64_t transitions_ = 0;
    std::uint64_t ends_ = 0;
    std::optional<Coverage> coverage_ = coverage_of(subject_, false);
    bool is_violated_ = false;
    Guard guard_;  ///< has seen what has failed
    Choices failing_;
    std::uint64_t failing_steps_ = 0;
};

}  // namespace parley::checker
