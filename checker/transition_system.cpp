#include "parley/checker/transition_system.hpp"

#include "parley/checker/require.hpp"

namespace parley::checker {

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
