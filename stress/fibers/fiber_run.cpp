#include "parley/stress/fibers/fiber_run.hpp"

#include "parley/stress/tsan.hpp"

namespace parley::stress {

BatchResult FiberRun::run() {
    fibers_.start(&run_party, this);
    model::Party now = chooser_.choose(2) == 0 ? model::Party::left : model::Party::right;
    while (!has_ended()) {
        const Trap trap = fibers_.resume(now);
        note(trap);
        if (trap == Trap::question) {
            fibers_.answer(chooser_.choose(fibers_.question()));
            continue;
        }
        if (trap == Trap::end) {
            side(now).has_ended = true;
            side(now).has_completed = !is_abandoned() && !side(now).thrown;
            if (side(now).thrown) abandon();
        }
        if (count_tsan_reports() > 0) abandon();
        if (is_hopeless()) {
            if (end_ == BatchEnd::stalled) {
                end_ = BatchEnd::stuck;
                return result(now);
            }
            end_ = BatchEnd::stalled;
            abandon();
        }
        now = next(now, trap);
    }
    return result(now);
}

void FiberRun::run_party(void* self, model::Party party) {
    auto& run = *static_cast<FiberRun*>(self);
    Side& own = run.side(party);
    stress::Side side(run.is_abandoned_, own.steps, Delays(DelayKind::none, 0), Backoff(0),
                      &PartyFibers::ask);
    own.thrown = run_side(run.cases_, party, 0, side);
}

/// Both parties leave their loops.
void FiberRun::abandon() {
    is_abandoned_.store(true, std::memory_order_relaxed);
    waits_idle_ = 0;
    operations_idle_ = 0;
}

void FiberRun::note(Trap trap) {
    if (trap == Trap::operation) {
        ++operations_;
        ++operations_idle_;
    }
    if (trap == Trap::wait) ++waits_idle_;
    const std::size_t steps = sides_[0].steps.load(std::memory_order_relaxed) +
                              sides_[1].steps.load(std::memory_order_relaxed);
    if (steps == steps_) return;
    steps_ = steps;
    operations_idle_ = 0;
    waits_idle_ = 0;
}

bool FiberRun::is_hopeless() const {
    return waits_idle_ > waits_max || operations_idle_ > operations_max;
}

/// Who goes on after `now`.
model::Party FiberRun::next(model::Party now, Trap trap) {
    const model::Party other = model::other(now);
    if (side(other).has_ended) return now;
    if (trap == Trap::operation && (is_abandoned() || stays(now))) return now;
    ++switches_;
    return other;
}

/// What a long run is asked is not whose turn it is: a scheduler that always prefers one party
/// would let it send for ever what the other one never comes to answer.
bool FiberRun::stays(model::Party now) {
    const std::array movers{now, model::other(now)};
    const bool is_long = operations_ > operations_unfair_max;
    return (is_long ? chooser_.choose(2) : chooser_.choose_step(movers)) == 0;
}

BatchResult FiberRun::result(model::Party last) const {
    BatchResult result{.end = end_, .sides = {}, .finished = {}};
    for (std::size_t i = 0; i < 2; ++i) {
        SideEnd& side = result.sides[i];
        side.completed = sides_[i].has_completed ? 1 : 0;
        const bool is_held_up = end_ == BatchEnd::stuck && i != model::index_of(last);
        if (!sides_[i].has_completed && !is_held_up) side.instance = 0;
        if (sides_[i].has_ended) side.thrown = sides_[i].thrown;
        if (side.thrown && end_ == BatchEnd::completed) result.end = BatchEnd::threw;
    }
    if (sides_[0].has_completed && sides_[1].has_completed) result.finished = {0};
    return result;
}

}  // namespace parley::stress
