#include "parley/checker/lift.hpp"

#include "parley/checker/guard.hpp"
#include "parley/checker/state_store.hpp"
#include "parley/checker/transcript.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace parley::checker {

namespace {

class Lifter {
 public:
    Lifter(TransitionSystem& system, const Trace& trace) : system_(system), transcript_(trace) {}

    std::optional<Choices> run() {
        system_.begin();
        store_.number_of(place(system_.current(), {}));
        for (StateStore::Id id = 0; id < places_max && store_.has(id); ++id) {
            if (!expand(id)) continue;
            std::vector<Choices> steps = steps_to(system_, store_, id);
            steps.push_back(last_step_);
            return joined(steps);
        }
        return std::nullopt;
    }

 private:
    using Position = Transcript::Position;

    static constexpr StateStore::Id places_max = 200'000;

    /// A place is a state and a position in the transcripts.
    State place(State state, const Position& position) {
        position_ = position;
        parts_.clear();
        for (std::size_t i = 0; i < state.size(); ++i) parts_.push_back(state[i]);
        parts_.push_back(std::as_bytes(std::span{&position_, 1}));
        return {parts_.data(), parts_.size()};
    }

    Position load(StateStore::Id id) {
        const State place = store_[id];
        Position position;
        std::memcpy(&position, place[place.size() - 1].data(), sizeof(Position));
        system_.load(place);
        return position;
    }

    /// Takes every step of one place that the transcripts allow; true when one fails.
    bool expand(StateStore::Id id) {
        const Position position = load(id);
        OdometerChooser odometer;
        bool is_end = true;
        for (std::uint32_t step = 0;; ++step) {
            specs::model::Judge judge;
            Recorder recorder;
            StepContext context{odometer, judge, &recorder};
            if (!system_.step(context)) break;
            Position next = position;
            if (transcript_.follows(next, recorder.events())) {
                last_step_ = odometer.digits();
                if (judge.is_violated()) return true;
                is_end &= !store_.add(place(system_.next(), next), {id, step});
            }
            if (!odometer.advance()) break;
        }
        return transcript_.is_over(position) && (is_end || system_.may_be_over()) && fails_at_end();
    }

    bool fails_at_end() {
        if (!system_.may_be_over() && !is_stuck(system_)) return false;
        OdometerChooser nobody;
        specs::model::Judge judge;
        StepContext context{nobody, judge};
        system_.judge_end(context);
        last_step_.clear();
        return judge.is_violated();
    }

    TransitionSystem& system_;
    Transcript transcript_;
    StateStore store_;
    Position position_;
    std::vector<State::Part> parts_;
    Choices last_step_;
};

}  // namespace

std::optional<Choices> lift(TransitionSystem& system, const Trace& trace) {
    std::optional<Choices> choices;
    Guard guard;
    guard.run([&] { choices = Lifter{system, trace}.run(); });
    return choices;
}

}  // namespace parley::checker
