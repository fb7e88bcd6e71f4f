#include "parley/checker/walkthrough.hpp"

#include "parley/checker/guard.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/state_store.hpp"
#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace parley::checker {

namespace {

namespace property = specs::model::property;

std::vector<Event> events_since(const Recorder& recorder, std::size_t begin) {
    const auto& events = recorder.events();
    return {events.begin() + static_cast<std::ptrdiff_t>(begin), events.end()};
}

Violation violation_of(const StepContext& context) {
    return {std::string{context.judge.property()}, std::string{context.judge.sentence()},
            context.detail};
}

/// One walk, with what is taken down of it.
class Walk {
 public:
    explicit Walk(TransitionSystem& system) : system_(system) { system_.begin(); }

    /// Takes the step with this number; false: there is none.
    bool take(std::uint32_t step) {
        OdometerChooser odometer;
        for (;; --step) {
            Recorder recorder = recorder_;
            specs::model::Judge judge;
            StepContext context{odometer, judge, &recorder};
            if (!step_guarded(context)) return false;
            if (step == 0) {
                recorder_ = std::move(recorder);
                if (judge.is_violated()) {
                    violation_ = violation_of(context);
                } else {
                    system_.advance();
                }
                return true;
            }
            if (!odometer.advance()) return false;
        }
    }

    /// The steps that are open; a state in which all may be over is judged as an end.
    std::vector<OpenStep> look_around() {
        std::vector<OpenStep> open;
        if (violation_) return open;
        OdometerChooser odometer;
        bool is_end = true;
        do {
            Recorder recorder = recorder_;
            specs::model::Judge judge;
            StepContext context{odometer, judge, &recorder};
            if (!step_guarded(context)) break;
            OpenStep& step = open.emplace_back();
            step.party = context.mover;
            step.is_fault = context.is_fault;
            step.is_breaking = judge.is_violated();
            step.is_idle = !step.is_breaking && system_.current() == system_.next();
            const auto begin = odometer.digits().begin() + (context.open_steps > 1 ? 1 : 0);
            step.answers.assign(begin, odometer.digits().end());
            step.events = events_since(recorder, recorder_.events().size());
            is_end = is_end && step.is_idle;
        } while (odometer.advance());
        if (!is_end && !system_.may_be_over()) return open;
        specs::model::Judge judge;
        OdometerChooser nobody;
        StepContext context{nobody, judge, &recorder_};
        system_.judge_end(context);
        if (judge.is_violated()) violation_ = violation_of(context);
        if (is_end || violation_) open.clear();
        return open;
    }

    /// What is owed, in words. The first two are the parties' own.
    std::vector<std::string> owed(const Subject& subject) const {
        std::vector<std::string> owed;
        const std::vector<Obligation> all = system_.obligations();
        const std::uint32_t bits = system_.owed();
        for (std::size_t i = 0; i < all.size(); ++i) {
            if ((bits >> i & 1U) == 0) continue;
            const std::string who = i < 2 ? fmt::format("{}: ", subject.roles[i]) : "";
            owed.push_back(who + std::string{all[i].sentence});
        }
        return owed;
    }

    const std::vector<Event>& events() const { return recorder_.events(); }
    const std::optional<Violation>& violation() const { return violation_; }

 private:
    /// A step that crashes or does not come back breaks a property.
    bool step_guarded(StepContext& context) {
        bool has_moved = true;
        Guard guard;
        const GuardedEnd end = guard.run([&] { has_moved = system_.step(context); });
        context.judge.require(end != GuardedEnd::crashed, property::crash, "no role crashes");
        context.judge.require(end != GuardedEnd::hung, property::hang, "every step of a role ends");
        if (end == GuardedEnd::returned) return has_moved;
        context.detail = guard.signal_name();
        context.recorder->add(context.mover, EventKind::note, context.detail);
        return true;
    }

    TransitionSystem& system_;
    Recorder recorder_;
    std::optional<Violation> violation_;
};

Walkthrough finish(Walk& walk, const Subject& subject, const CheckOptions& check,
                   StepNumbers steps) {
    Walkthrough result;
    result.steps = std::move(steps);
    result.step_events = walk.events().size();
    result.open = walk.look_around();
    result.owed = walk.owed(subject);
    result.trace = begin_trace(subject, begin_report(subject, "explore", check));
    result.trace.events = walk.events();
    if (walk.violation()) result.trace.violation = *walk.violation();
    return result;
}

}  // namespace

Walkthrough walk_through(TransitionSystem& system, const Subject& subject,
                         const CheckOptions& check, const StepNumbers& steps) {
    Walk walk(system);
    StepNumbers taken;
    for (const std::uint32_t step : steps) {
        if (walk.violation()) break;
        if (!walk.take(step)) {
            throw InputError(fmt::format("there is no step {} after {} steps", step, taken.size()));
        }
        taken.push_back(step);
    }
    return finish(walk, subject, check, std::move(taken));
}

StepNumbers steps_of(TransitionSystem& system, const CheckOptions& check, const Choices& choices) {
    StepNumbers steps;
    auto next = choices.begin();
    system.begin();
    while (steps.size() < check.steps_max) {
        ReplayChooser chooser{Choices(next, choices.end())};
        specs::model::Judge judge;
        StepContext context{chooser, judge};
        if (!system.step(context)) break;
        const bool is_idle = !judge.is_violated() && system.current() == system.next();
        if (is_idle) break;
        next += static_cast<std::ptrdiff_t>(std::min<std::size_t>(
            chooser.taken().size(), static_cast<std::size_t>(choices.end() - next)));
        std::uint32_t number = 0;
        while (choices_of_step(system, number) != chooser.taken()) ++number;
        steps.push_back(number);
        if (judge.is_violated()) break;
        // Looking for the number has left another next state.
        ReplayChooser again{chooser.taken()};
        StepContext once_more{again, judge};
        system.step(once_more);
        system.advance();
    }
    return steps;
}

void walk_everywhere(TransitionSystem& system, const Subject& subject, const CheckOptions& check,
                     std::size_t states_max, const Visit& visit) {
    constexpr std::size_t beyond = SIZE_MAX;
    std::vector<StepNumbers> paths{{}};
    StateStore store;
    std::vector<std::size_t> place_of_state{0};
    system.begin();
    store.number_of(system.current());
    const auto add_place = [&](StepNumbers path) {
        if (paths.size() == states_max) return beyond;
        paths.push_back(std::move(path));
        return paths.size() - 1;
    };
    for (std::size_t place = 0; place < paths.size(); ++place) {
        const Walkthrough here = walk_through(system, subject, check, paths[place]);
        std::vector<std::size_t> targets;
        for (std::uint32_t step = 0; step < here.open.size(); ++step) {
            StepNumbers path = here.steps;
            path.push_back(step);
            Walk walk(system);
            for (const std::uint32_t each : path) walk.take(each);
            if (walk.violation()) {
                // No state, but a place to stand and look.
                targets.push_back(add_place(std::move(path)));
                continue;
            }
            const StateStore::Id id = store.number_of(system.current());
            if (id == place_of_state.size()) place_of_state.push_back(add_place(std::move(path)));
            targets.push_back(place_of_state[id]);
        }
        visit(here, targets);
    }
}

}  // namespace parley::checker
