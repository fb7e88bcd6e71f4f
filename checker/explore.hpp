#pragma once

#include "parley/checker/checkpoint.hpp"
#include "parley/checker/numbered_system.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/state_space.hpp"
#include "parley/checker/subject.hpp"
#include "parley/checker/transition_system.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::checker {

/// Every interleaving of steps over bounded FIFOs: breadth-first, so a counterexample has the
/// fewest steps (counted as `steps`), and each state is expanded once. A transition is a step that
/// leads to another state than it started from. It goes on where a checkpoint of it ended.
class Explorer {
 public:
    Explorer(TransitionSystem& system, const Subject& subject, const CheckOptions& check)
        : system_(system),
          subject_(subject),
          check_(check),
          numbers_(system, fairness_of(check)),
          space_(!check.is_safety_only),
          checkpoint_(subject, check) {}

    Report run();

 private:
    std::string search();
    void begin();
    std::string limit_here();
    void save();
    void expand(StateSpace::Id id);
    void finish(const NumberedState& state);
    void look_for_loops();
    void fail_in(StateSpace::Id id);
    void fail(StateSpace::Id id, std::vector<Choices> backwards);
    void conclude(Report& report, const std::string& limit);
    template <class Archive>
    void transfer(Archive& archive);

    TransitionSystem& system_;
    const Subject& subject_;
    const CheckOptions& check_;
    NumberedSystem numbers_;
    StateSpace space_;
    Checkpoint checkpoint_;
    StateSpace::Id current_ = 0;  ///< that is expanded, or will be
    OdometerChooser odometer_;    ///< over the steps of a state that fails
    std::uint64_t transitions_ = 0;
    std::uint64_t ends_ = 0;
    std::optional<Coverage> coverage_ = coverage_of(subject_, false);
    bool is_violated_ = false;
    Choices failing_;
    std::uint64_t failing_steps_ = 0;
};

}  // namespace parley::checker
