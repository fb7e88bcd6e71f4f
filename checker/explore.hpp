#pragma once

#include "parley/checker/meaning.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/run.hpp"
#include "parley/checker/state_store.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::checker {

/// Every interleaving of steps over bounded FIFOs: breadth-first, so a counterexample has the
/// fewest steps, and each world is expanded once. A transition is a step that leads to another
/// world than it started from.
template <class V>
class Explorer {
   public:
    Explorer(std::string_view protocol, const CheckOptions& check)
        : protocol_(protocol), check_(check), stepper_(options_with<Options>(check.bounds)) {}

    Report run() {
        Report report = describe_check<V>(protocol_, "explore", check_);
        report.scheduler = "exhaustive";
        const Stopwatch stopwatch;
        std::string limit;
        Guard guard;
        const GuardedEnd end = guard.run([&] { limit = search(); });
        if (end != GuardedEnd::returned) fail(current_, odometer_.digits());
        report.counts = {{"states", store_.size()},
                         {"transitions", transitions_},
                         {"ends", ends_},
                         {"bytes", store_.memory_bytes()}};
        report.seconds = stopwatch.seconds();
        conclude(report, limit);
        return report;
    }

   private:
    using W = World<V>;
    using Options = typename V::Options;

    /// The main loop of this engine. Returns the limit that ended it, or "".
    std::string search() {
        Progress progress{check_, 0};
        W initial{};
        store_.insert(bytes_.write(initial), {});
        try {
            for (current_ = 0; current_ < store_.size() && !is_violated_; ++current_) {
                if (store_.size() > check_.states_max) return "states";
                if (check_.is_stopped()) return "interrupted";
                expand(current_);
                progress.tick(current_);
            }
        } catch (const LimitReached& reached) {
            return std::string{reached.limit};
        }
        return {};
    }

    /// Takes every step of one state.
    void expand(StateStore::Id id) {
        W world{};
        Reader{store_[id]}(world);
        odometer_ = {};
        bool is_end = true;
        for (std::uint32_t step = 0;; ++step) {
            W next = world;
            specs::model::Judge judge;
            StepContext context{odometer_, judge};
            if (!stepper_.step(next, context)) break;
            sent_kinds_ |= context.sent_kinds;
            if (judge.is_violated()) return fail(id, odometer_.digits());
            const auto [to, is_new] = store_.insert(bytes_.write(next), {id, step});
            if (to != id) {
                is_end = false;
                ++transitions_;
            }
            if (!odometer_.advance()) break;
        }
        if (is_end) finish(id, world);
    }

    void finish(StateStore::Id id, const W& world) {
        OdometerChooser nobody;
        specs::model::Judge judge;
        StepContext context{nobody, judge};
        stepper_.judge_end(world, context);
        if (judge.is_violated()) return fail(id, {});
        ++ends_;
    }

    void fail(StateStore::Id id, const Choices& last_step) {
        is_violated_ = true;
        failing_ = path_to(id, last_step);
    }

    /// The choices that lead from the initial world to a state, and one step on.
    Choices path_to(StateStore::Id id, const Choices& last_step) const {
        std::vector<Choices> steps{last_step};
        for (auto origin = store_.origin(id); origin.parent != StateStore::none;
             origin = store_.origin(origin.parent)) {
            W world{};
            Reader{store_[origin.parent]}(world);
            steps.push_back(choices_of_step(stepper_, world, origin.step));
        }
        return joined_backwards(steps);
    }

    void conclude(Report& report, const std::string& limit) const {
        if (is_violated_) {
            report.verdict = Verdict::violated;
            report.trace = replay<V>(protocol_, check_, failing_).trace;
            require(report.trace && !report.trace->violation.property.empty(),
                    "a failing run fails again when it is recorded");
        } else if (!limit.empty()) {
            report.verdict = Verdict::incomplete;
            report.reason = limit;
        } else if (ends_ == 0) {
            report.verdict = Verdict::vacuous;
            report.reason = "no run reaches its end";
        } else if (const auto missing = message_never_sent<V>(sent_kinds_); !missing.empty()) {
            report.verdict = Verdict::vacuous;
            report.reason = missing;
        } else {
            report.verdict = Verdict::verified;
        }
        explain(report);
    }

    std::string_view protocol_;
    const CheckOptions& check_;
    Stepper<W> stepper_;
    StateStore store_;
    WorldBytes<W> bytes_;
    StateStore::Id current_ = 0;
    OdometerChooser odometer_;  ///< over the steps of the current state
    std::uint64_t transitions_ = 0;
    std::uint64_t ends_ = 0;
    std::uint64_t sent_kinds_ = 0;
    bool is_violated_ = false;
    Choices failing_;
};

}  // namespace parley::checker
