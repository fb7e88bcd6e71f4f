#pragma once

#include "parley/checker/bounds.hpp"
#include "parley/checker/codec.hpp"
#include "parley/checker/guard.hpp"
#include "parley/checker/world.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// One run of a world from its initial state to its end.
namespace parley::checker {

/// Room for the bytes of one world.
template <class W>
class WorldBytes {
   public:
    std::span<const std::byte> write(W& world) {
        Writer writer{bytes_.data()};
        writer(world);
        return writer.written();
    }

   private:
    std::array<std::byte, 2 * sizeof(W)> bytes_;
};

/// Whether no step of `world` leads to another world.
template <class W>
bool is_stuck(const Stepper<W>& stepper, const W& world) {
    WorldBytes<W> before_bytes;
    WorldBytes<W> after_bytes;
    W copy = world;
    const auto before = before_bytes.write(copy);
    OdometerChooser odometer;
    do {
        W next = world;
        specs::model::Judge judge;
        StepContext context{odometer, judge};
        if (!stepper.step(next, context)) return true;
        if (judge.is_violated()) return false;
        const auto after = after_bytes.write(next);
        if (!std::ranges::equal(before, after)) return false;
    } while (odometer.advance());
    return true;
}

/// The choices of the step of `world` that an odometer comes to as number `step`.
template <class W>
Choices choices_of_step(const Stepper<W>& stepper, const W& world, std::uint32_t step) {
    OdometerChooser odometer;
    for (;; --step) {
        W next = world;
        specs::model::Judge judge;
        StepContext context{odometer, judge};
        stepper.step(next, context);
        if (step == 0) return odometer.digits();
        require(odometer.advance(), "a step that was taken once can be taken again");
    }
}

/// The choices of a path whose steps were found from its end.
inline Choices joined_backwards(const std::vector<Choices>& steps) {
    Choices path;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        path.insert(path.end(), step->begin(), step->end());
    }
    return path;
}

enum class RunEnd : std::uint8_t { proper, violated, cut };

/// Steps `world` on until a property fails, nothing can move, `steps_max` steps are done, or
/// `may_go_on` says no after a step that changed nothing.
template <class W, class MayGoOn>
RunEnd run_to_end(const Stepper<W>& stepper, W& world, StepContext& context,
                  std::uint32_t steps_max, const MayGoOn& may_go_on) {
    WorldBytes<W> before_bytes;
    WorldBytes<W> after_bytes;
    auto before = before_bytes.write(world);
    for (std::uint32_t step = 0; step < steps_max; ++step) {
        const bool has_moved = stepper.step(world, context);
        if (context.judge.is_violated()) return RunEnd::violated;
        const auto after = after_bytes.write(world);
        const bool is_changed = has_moved && !std::ranges::equal(before, after);
        if (!is_changed) {
            if (is_stuck(stepper, world)) {
                stepper.judge_end(world, context);
                return context.judge.is_violated() ? RunEnd::violated : RunEnd::proper;
            }
            if (!may_go_on()) return RunEnd::cut;
        }
        std::swap(before_bytes, after_bytes);
        before = before_bytes.write(world);
    }
    return RunEnd::cut;
}

/// What every report and trace of variant `V` says of itself.
template <class V>
Report describe_check(std::string_view protocol, std::string_view engine,
                      const CheckOptions& check) {
    Report report;
    report.protocol = protocol;
    if constexpr (specs::model::IsMutant<V>) report.mutant = V::about.name;
    report.engine = engine;
    report.scheduler = check.scheduler;
    report.bounds = bound_values(options_with<typename V::Options>(check.bounds));
    report.seed = check.seed;
    return report;
}

/// A trace with everything but events, from the report it belongs to.
template <class V>
Trace describe_trace(const Report& report) {
    Trace trace;
    trace.protocol = report.protocol;
    trace.mutant = report.mutant;
    trace.engine = report.engine;
    trace.left = decltype(V::Left::role)::name;
    trace.right = decltype(V::Right::role)::name;
    trace.bounds = report.bounds;
    trace.seed = report.seed;
    return trace;
}

/// A crash or an endless loop of the code under check is a violation.
inline void judge_guarded(StepContext& context, const Guard& guard, GuardedEnd end) {
    namespace property = specs::model::property;
    context.judge.require(end != GuardedEnd::crashed, property::crash, "no role crashes");
    context.judge.require(end != GuardedEnd::hung, property::hang, "every step of a role ends");
    if (end == GuardedEnd::returned) return;
    context.detail = guard.signal_name();
    if (context.recorder != nullptr) {
        context.recorder->add(context.mover, EventKind::note, context.detail);
    }
}

/// Runs `choices` once with a recorder.
template <class V>
Report replay(std::string_view protocol, const CheckOptions& check, const Choices& choices) {
    using W = World<V>;
    Report report = describe_check<V>(protocol, "explore", check);
    const Stepper<W> stepper{options_with<typename V::Options>(check.bounds)};
    W world{};
    ReplayChooser chooser{choices};
    specs::model::Judge judge;
    Recorder recorder;
    StepContext context{chooser, judge, &recorder};
    RunEnd end = RunEnd::cut;
    Guard guard;
    judge_guarded(context, guard, guard.run([&] {
        end = run_to_end(stepper, world, context, check.steps_max,
                         [&] { return !chooser.is_at_end(); });
    }));
    if (judge.is_violated()) end = RunEnd::violated;
    report.verdict = end == RunEnd::violated ? Verdict::violated
                     : end == RunEnd::proper ? Verdict::passed
                                             : Verdict::incomplete;
    report.counts = {{"executions", 1}};
    Trace trace = describe_trace<V>(report);
    trace.choices = chooser.taken();
    trace.violation = {std::string{judge.property()}, std::string{judge.sentence()},
                       context.detail};
    trace.events = recorder.events();
    report.trace = std::move(trace);
    return report;
}

}  // namespace parley::checker
