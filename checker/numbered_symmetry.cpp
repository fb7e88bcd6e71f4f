#include "parley/checker/numbered_system.hpp"
#include "parley/checker/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// How NumberedSystem holds code to the symmetry that it declares.
namespace parley::checker {

namespace {

auto in_order(const LocalStep& step) {
    return std::tuple{step.script, step.shared, step.sent, step.is_received};
}

/// What steps do, in an order of its own: a renaming may change the order in which they come.
auto sorted(const std::vector<LocalStep>& steps) {
    std::vector<decltype(in_order(steps.front()))> list;
    for (const LocalStep& step : steps) list.push_back(in_order(step));
    std::ranges::sort(list);
    return list;
}

std::string_view verb_of(EventKind kind) {
    switch (kind) {
        case EventKind::send:
            return "send";
        case EventKind::refuse:
            return "find no room for";
        case EventKind::receive:
            return "receive";
        case EventKind::reject:
            return "reject";
        default:
            return "act as it does without";
    }
}

}  // namespace

void NumberedSystem::use(Symmetry& symmetry) {
    symmetry_ = &symmetry;
    orbits_.emplace(symmetry, Orbits::Parts{scripts_, monitors_, shared_, messages_, queues_});
}

void NumberedSystem::note_asymmetry(const std::string& what, std::size_t renaming) {
    if (!asymmetry_.empty()) return;
    asymmetry_ = fmt::format("with {}, {}", symmetry_->text_of(renaming), what);
}

/// Compares the steps of a key with those of what each renaming makes of it.
void NumberedSystem::look_for_asymmetry(const LocalSteps::Key& key, const Taken& taken) {
    if (!asymmetry_.empty()) return;
    const std::size_t compared = compared_.size();
    if (compared_.number_of(orbits_->representative(key)) < compared) return;
    for (std::size_t renaming = 1; renaming < orbits_->order(); ++renaming) {
        const LocalSteps::Key image_key = orbits_->renamed(key, renaming);
        // As long as they are taken: code that crashes does not come back.
        note_asymmetry("a step crashes that does not without it", renaming);
        const Taken image = take_steps(image_key);
        asymmetry_.clear();
        const std::string what = without_counterpart(key, taken, image, renaming);
        if (!what.empty()) return note_asymmetry(what, renaming);
    }
}

/// A step of one of two keys that the other one, renamed, has not; "" if there is none.
std::string NumberedSystem::without_counterpart(const LocalSteps::Key& key, const Taken& taken,
                                                const Taken& image, std::size_t renaming) {
    if (taken.is_failing && image.is_failing) return "";
    Taken expected = taken;
    for (LocalStep& step : expected.steps) step = orbits_->renamed(key.party, step, renaming);
    const bool is_same =
        taken.is_failing == image.is_failing && taken.is_refused == image.is_refused &&
        taken.is_room_bound == image.is_room_bound && sorted(expected.steps) == sorted(image.steps);
    if (is_same && taken.rest == image.rest) return "";
    if (is_same) {
        return fmt::format("the {} party may not be left where it may without it",
                           key.party == model::Party::left ? "left" : "right");
    }
    for (std::size_t i = 0; i < expected.steps.size(); ++i) {
        const auto count_in = [&](const Taken& steps) {
            return std::ranges::count(steps.steps, in_order(expected.steps[i]), in_order);
        };
        if (count_in(expected) != count_in(image)) return text_of_step(key, i);
    }
    // It is one of the other key, or the one that fails.
    return text_of_step(key, taken.steps.size());
}

/// Step number `index` of a party, in words: the one that has no counterpart.
std::string NumberedSystem::text_of_step(const LocalSteps::Key& key, std::size_t index) {
    load_local(key);
    OdometerChooser odometer;
    Recorder recorder;
    for (std::size_t step = 0;; ++step) {
        specs::model::Judge judge;
        recorder = {};
        StepContext context{odometer, judge, &recorder};
        if (!system_.step_local(context) || step == index || !odometer.advance()) break;
    }
    std::string text;
    for (const Event& event : recorder.events()) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", verb_of(event.kind), event.what);
    }
    const bool is_left = key.party == model::Party::left;
    return fmt::format("the {} party does not {}", is_left ? "left" : "right",
                       text.empty() ? "what it does without" : text);
}

}  // namespace parley::checker
