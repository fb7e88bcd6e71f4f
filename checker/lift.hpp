#pragma once

#include "parley/checker/run.hpp"
#include "parley/checker/state_store.hpp"
#include "parley/checker/transcript.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace parley::checker {

/// Looks for choices of the abstract model whose messages are those that real threads exchanged, and
/// that fail as well: the interleaving behind a failure under stress.
///
/// Each party must send and receive what it did in the trace, in the same order; how the parties
/// interleave is open. Breadth-first over worlds and positions in both transcripts, each pair once.
template <class V>
class Lifter {
   public:
    Lifter(const CheckOptions& check, const Trace& trace)
        : stepper_(options_with<typename V::Options>(check.bounds)), transcript_(trace) {}

    std::optional<Choices> run() {
        Place place;
        store_.insert(bytes_.write(place), {});
        for (StateStore::Id id = 0; id < store_.size() && id < places_max; ++id) {
            if (expand(id)) return path_to(id, last_step_);
        }
        return std::nullopt;
    }

   private:
    using W = World<V>;

    static constexpr std::uint32_t places_max = 200'000;

    struct Place {
        W world{};
        Transcript::Position position{};

        template <class Archive>
        void transfer(Archive& archive) {
            archive(world);
            archive(position);
        }
    };

    Place place_of(StateStore::Id id) const {
        Place place;
        Reader{store_[id]}(place);
        return place;
    }

    /// Takes every step of one place that the transcript allows; true when one fails.
    bool expand(StateStore::Id id) {
        const Place place = place_of(id);
        OdometerChooser odometer;
        bool is_end = true;
        for (std::uint32_t step = 0;; ++step) {
            Place next = place;
            specs::model::Judge judge;
            Recorder recorder;
            StepContext context{odometer, judge, &recorder};
            if (!stepper_.step(next.world, context)) break;
            if (transcript_.follows(next.position, recorder.events())) {
                if (judge.is_violated()) {
                    last_step_ = odometer.digits();
                    return true;
                }
                is_end &= store_.insert(bytes_.write(next), {id, step}).first == id;
            }
            if (!odometer.advance()) break;
        }
        return is_end && transcript_.is_over(place.position) && fails_at_end(place.world);
    }

    bool fails_at_end(const W& world) {
        OdometerChooser nobody;
        specs::model::Judge judge;
        StepContext context{nobody, judge};
        if (!is_stuck(stepper_, world)) return false;
        stepper_.judge_end(world, context);
        last_step_.clear();
        return judge.is_violated();
    }

    Choices path_to(StateStore::Id id, const Choices& last_step) const {
        std::vector<Choices> steps{last_step};
        for (auto origin = store_.origin(id); origin.parent != StateStore::none;
             origin = store_.origin(origin.parent)) {
            steps.push_back(choices_of_step(stepper_, place_of(origin.parent).world, origin.step));
        }
        return joined_backwards(steps);
    }

    Stepper<W> stepper_;
    Transcript transcript_;
    StateStore store_;
    WorldBytes<Place> bytes_;
    Choices last_step_;
};

template <class V>
std::optional<Choices> lift(const CheckOptions& check, const Trace& trace) {
    return Lifter<V>{check, trace}.run();
}

}  // namespace parley::checker
