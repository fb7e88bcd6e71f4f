#include "parley/checker/transition_system.hpp"

#include "parley/checker/require.hpp"
#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

namespace parley::checker {

void fail_by_exception(StepContext& context, const char* what) {
    context.detail = what;
    if (context.recorder != nullptr) {
        context.recorder->add(context.mover, EventKind::note, fmt::format("throws: {}", what));
    }
    context.judge.require(false, specs::model::property::exception, "no exception leaves a role");
}

bool is_stuck(TransitionSystem& system) {
    OdometerChooser odometer;
    do {
        specs::model::Judge judge;
        StepContext context{odometer, judge};
        if (!system.step(context)) return true;
        if (judge.is_violated()) return false;
        if (system.current() != system.next()) return false;
    } while (odometer.advance());
    return true;
}

Choices choices_of_step(TransitionSystem& system, std::uint32_t step) {
    OdometerChooser odometer;
    for (;; --step) {
        specs::model::Judge judge;
        StepContext context{odometer, judge};
        system.step(context);
        if (step == 0) return odometer.digits();
        require(odometer.advance(), "a step that was taken once can be taken again");
    }
}

Choices joined(const std::vector<Choices>& steps) {
    Choices path;
    for (const Choices& step : steps) path.insert(path.end(), step.begin(), step.end());
    return path;
}

}  // namespace parley::checker
