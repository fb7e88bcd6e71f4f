#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/guard.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/run.hpp"
#include "parley/checker/subject.hpp"
#include "parley/checker/transition_system.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace parley::checker {

/// Makes the chooser of one run of a campaign from the run's seed.
using MakeChooser = std::function<std::unique_ptr<RandomChooser>(std::uint64_t seed)>;

/// Runs drawn at random, for worlds too large to explore. Every 256th is had twice: code that does
/// not do the same again violates specs::model::property::determinism. A check that is one of
/// several shards draws its share of the runs that all of them draw.
class Walker {
 public:
    Walker(TransitionSystem& system, const Subject& subject, const CheckOptions& check,
           MakeChooser make_chooser)
        : system_(system),
          subject_(subject),
          check_(check),
          make_chooser_(std::move(make_chooser)) {}

    Report run();

 private:
    void walk(const Stopwatch& stopwatch);
    bool is_same_again(RunEnd end);
    void conclude(Report& report);

    TransitionSystem& system_;
    const Subject& subject_;
    const CheckOptions& check_;
    MakeChooser make_chooser_;
    std::unique_ptr<RandomChooser> chooser_;  ///< of the current run
    std::uint64_t executions_ = 0;
    std::uint64_t cut_ = 0;  ///< runs that took too many steps
    std::uint64_t sent_kinds_ = 0;
    std::optional<Coverage> coverage_ = coverage_of(subject_, false);
    bool is_violated_ = false;
    Guard guard_;             ///< has seen what has failed
    std::string_view limit_;  ///< of the check, which a run has come to; empty: none has
    bool is_deterministic_ = true;
};

}  // namespace parley::checker
