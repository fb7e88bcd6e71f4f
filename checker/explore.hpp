#pragma once

#include "parley/checker/report.hpp"
#include "parley/checker/state_store.hpp"
#include "parley/checker/subject.hpp"
#include "parley/checker/transition_system.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::checker {

/// Every interleaving of steps over bounded FIFOs: breadth-first, so a counterexample has the
/// fewest steps (counted as `steps`), and each state is expanded once. A transition is a step that
/// leads to another state than it started from.
class Explorer {
 public:
    Explorer(TransitionSystem& system, const Subject& subject, const CheckOptions& check)
        : system_(system), subject_(subject), check_(check) {}

    Report run();

 private:
    std::string search();
    void expand(StateStore::Id id);
    void finish(StateStore::Id id);
    void look_for_loops();
    void fail(StateStore::Id id, std::vector<Choices> backwards);
    void conclude(Report& report, const std::string& limit);

    TransitionSystem& system_;
    const Subject& subject_;
    const CheckOptions& check_;
    StateStore store_;
    StateStore::Id current_ = 0;
    OdometerChooser odometer_;  ///< over the steps of the current state
    std::uint64_t transitions_ = 0;
    std::uint64_t ends_ = 0;
    std::uint64_t sent_kinds_ = 0;
    std::optional<Coverage> coverage_ = coverage_of(subject_, false);
    bool is_violated_ = false;
    Choices failing_;
    std::uint64_t failing_steps_ = 0;
};

}  // namespace parley::checker
