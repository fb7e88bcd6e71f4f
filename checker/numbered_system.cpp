#include "parley/checker/numbered_system.hpp"

#include "parley/checker/require.hpp"

#include <algorithm>

namespace parley::checker {

namespace {

constexpr std::size_t index_of(Place place) {
    return static_cast<std::size_t>(place);
}

void reset_counts(Coverage& coverage) {
    for (auto& transitions : coverage.transitions) {
        for (TransitionUse& each : transitions) each.taken = each.refused = 0;
    }
    for (QueueFill& queue : coverage.queues) queue.refused = 0;
}

}  // namespace

void NumberedSystem::count(Coverage* coverage) {
    settle_counts();
    coverage_ = coverage;
    if (coverage != nullptr) of_entry_ = *coverage;
}

NumberedState NumberedSystem::begin() {
    system_.begin();
    const State state = system_.current();
    const auto part = [&](Place place) { return state[index_of(place)]; };
    for (const Place queue : {Place::left_to_right, Place::right_to_left}) {
        require(part(queue).size() == 1, "queues are empty in the beginning");
    }
    NumberedState begin;
    begin.set_script(0, scripts_[0].number_of(part(Place::left)));
    begin.set_script(1, scripts_[1].number_of(part(Place::right)));
    begin.set_shared(shared_number(part(Place::monitors), part(Place::heap), 0));
    if (orbits_) orbits_->close();
    return begin;
}

State NumberedSystem::state_of(const NumberedState& state) {
    const SharedState shared = shared_[state.shared()];
    faults_ = static_cast<std::byte>(shared.faults);
    parts_ = {scripts_[0][state.script(0)], queue_bytes(0, state.queue(0)),
              monitors_[shared.monitors],   heaps_.bytes_of(shared.heap, shared.heap_size),
              scripts_[1][state.script(1)], queue_bytes(1, state.queue(1)),
              State::Part{&faults_, 1}};
    return {parts_.data(), parts_.size()};
}

/// As a Fifo writes itself: a size, then the messages, the oldest first.
State::Part NumberedSystem::queue_bytes(std::size_t sender, Id queue) {
    const QueueTable& queues = queues_[sender];
    std::vector<std::byte>& bytes = queue_bytes_[sender];
    bytes.assign(1, static_cast<std::byte>(queues.size_of(queue)));
    for (Id rest = queue; rest != QueueTable::empty; rest = queues.rest(rest)) {
        const State::Part message = messages_[sender][queues.oldest(rest)];
        bytes.insert(bytes.end(), message.begin(), message.end());
    }
    return bytes;
}

bool NumberedSystem::find_moves(const LocalSteps::Key& key, PartyMoves& moves) {
    const auto lock = locked();
    const LocalSteps::Entry* const entry = local_.find(key);
    if (entry != nullptr) describe(*entry, moves);
    return entry != nullptr;
}

void NumberedSystem::describe(const LocalSteps::Entry& entry, PartyMoves& moves) {
    moves.moves.clear();
    for (const LocalStep& step : local_.steps(entry)) {
        if (step.is_change) moves.moves.push_back(move_of(step));
    }
    moves.entry = local_.number_of(entry);
    moves.is_failing = entry.is_failing;
    moves.is_room_bound = entry.is_room_bound;
    moves.rest = entry.rest;
    const bool is_inbox_known = entry.key.head != 0 || !receives_[model::index_of(entry.key.party)];
    moves.is_persistent = is_reducing_ && is_inbox_known && !entry.is_refused &&
                          !entry.is_failing && !moves.moves.empty();
}

PartyMove NumberedSystem::move_of(const LocalStep& step) {
    PartyMove move{.script = step.script, .sent = step.sent};
    move.shared = step.shared & 0x7fff'ffffU;
    move.is_received = step.is_received ? 1 : 0;
    return move;
}

NumberedState NumberedSystem::after(model::Party party, const NumberedState& from,
                                    const PartyMove& move) {
    const std::size_t own = model::index_of(party);
    NumberedState to = from;
    to.set_script(own, move.script);
    to.set_shared(move.shared);
    to.set_queue(own, append(own, from.queue(own), move.sent));
    if (move.is_received != 0) to.set_queue(1 - own, rest(1 - own, from.queue(1 - own)));
    return to;
}

NumberedState NumberedSystem::after_fault(const NumberedState& from, model::Party sender) {
    const std::size_t index = model::index_of(sender);
    QueueTable& queues = queues_[index];
    const Id queue = from.queue(index);
    const Id oldest = queues.oldest(queue);
    NumberedState to = from;
    switch (transport_.kind) {
        case Transport::Kind::fifo:
            break;
        case Transport::Kind::lossy:
            to.set_queue(index, queues.rest(queue));
            break;
        case Transport::Kind::duplicating:
            to.set_queue(index, queues.push(queue, oldest));
            break;
        case Transport::Kind::reordering:
            to.set_queue(index, queues.push(queues.rest(queue), oldest));
            return to;
    }
    SharedState shared = shared_[from.shared()];
    ++shared.faults;
    to.set_shared(shared_.number_of(shared));
    return to;
}

void NumberedSystem::load_local(const LocalSteps::Key& key) {
    const std::size_t own = model::index_of(key.party);
    const SharedState shared = shared_[key.shared];
    const State::Part head = key.head == 0 ? State::Part{} : messages_[1 - own][key.head - 1];
    system_.load_local({key.party, scripts_[own][key.script], monitors_[shared.monitors],
                        heaps_.bytes_of(shared.heap, shared.heap_size), head, key.room});
}

/// Takes the steps of one party.
void NumberedSystem::compute(const LocalSteps::Key& key, LocalSteps::Entry& entry) {
    if (of_entry_) reset_counts(*of_entry_);
    const Taken taken = take_steps(key);
    for (const LocalStep& step : taken.steps) local_.add_step(entry, step);
    entry.is_failing = taken.is_failing;
    entry.is_refused = taken.is_refused;
    entry.is_room_bound |= taken.is_room_bound;
    entry.rest = taken.rest;
    if (of_entry_) add_counts(key, entry);
    if (is_reducing_ && is_reducible_) look_for_refusals(key);
    if (orbits_) look_for_asymmetry(key, taken);
}

NumberedSystem::Taken NumberedSystem::take_steps(const LocalSteps::Key& key) {
    load_local(key);
    Taken taken;
    taken.rest = system_.rest_local();
    OdometerChooser odometer;
    do {
        specs::model::Judge judge;
        StepContext context{odometer, judge};
        context.coverage = of_entry_ ? &*of_entry_ : nullptr;
        try {
            if (!system_.step_local(context)) break;
        } catch (const LimitReached&) {
            // Thrown again where the way to it is known.
            taken.is_failing = taken.is_room_bound = true;
            break;
        }
        taken.is_refused |= context.is_refused;
        taken.is_room_bound |=
            context.is_refused || system_.next_local().sent.size() > LocalSteps::large_room;
        sent_kinds_ |= context.sent_kinds;
        taken.is_failing = judge.is_violated();
        if (!taken.is_failing) {
            taken.steps.push_back(numbered_step(key, context, odometer.digits()));
        }
    } while (!taken.is_failing && odometer.advance());
    if (orbits_) orbits_->close();
    return taken;
}

/// Looks whether a step that finds no room does something, with whatever room: then it makes a
/// difference who comes first, even where it is never seen.
void NumberedSystem::look_for_refusals(const LocalSteps::Key& key) {
    LocalSteps::Key other = key;
    for (other.room = 0; other.room <= capacity_; ++other.room) {
        load_local(other);
        OdometerChooser odometer;
        do {
            specs::model::Judge judge;
            StepContext context{odometer, judge};
            try {
                if (!system_.step_local(context)) break;
            } catch (const LimitReached&) {
                is_reducible_ = false;
            }
            const LocalNext next = system_.next_local();
            const bool is_nothing =
                !judge.is_violated() && !next.is_received && next.sent.empty() &&
                are_same(next.script, scripts_[model::index_of(key.party)][key.script]);
            is_reducible_ = is_reducible_ && (!context.is_refused || is_nothing);
        } while (is_reducible_ && odometer.advance());
    }
}

void NumberedSystem::add_counts(const LocalSteps::Key& key, LocalSteps::Entry& entry) {
    const auto& transitions = of_entry_->transitions[model::index_of(key.party)];
    for (std::size_t i = 0; i < transitions.size(); ++i) {
        const auto& [text, is_optional, taken, refused] = transitions[i];
        if (taken + refused == 0) continue;
        local_.add_count(entry, {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(taken),
                                 static_cast<std::uint32_t>(refused)});
    }
    entry.refused =
        static_cast<std::uint32_t>(of_entry_->queues[model::index_of(key.party)].refused);
}

void NumberedSystem::count_uses(std::span<const std::uint32_t> uses) {
    for (const std::uint32_t use : uses) {
        if (use == no_use) continue;
        if (use >= uses_.size()) uses_.resize(2 * (std::size_t{use} + 1));
        ++uses_[use];
    }
}

void NumberedSystem::settle_counts() {
    for (std::uint32_t use = 0; use < uses_.size(); ++use) {
        const std::uint64_t times = uses_[use];
        if (times == 0) continue;
        const LocalSteps::Entry& entry = local_[use / 2];
        const std::size_t own = model::index_of(entry.key.party);
        for (const TransitionCount& each : local_.counts(entry)) {
            coverage_->transitions[own][each.transition].taken += each.taken * times;
            coverage_->transitions[own][each.transition].refused += each.refused * times;
        }
        coverage_->queues[own].refused += entry.refused * times;
        if (use % 2 == 0) continue;
        for (const LocalStep& step : local_.steps(entry)) {
            if (step.is_received) coverage_->queues[1 - own].emptied += times;
        }
    }
    uses_.clear();
}

void NumberedSystem::forget_steps() {
    settle_counts();
    local_.forget();
}

LocalStep NumberedSystem::numbered_step(const LocalSteps::Key& key, const StepContext& context,
                                        const Choices& answers) {
    const std::size_t own = model::index_of(key.party);
    const LocalNext next = system_.next_local();
    LocalStep step;
    step.script = scripts_[own].number_of(next.script);
    step.shared = shared_number(next.monitors, next.heap, shared_[key.shared].faults);
    for (const State::Part message : next.sent) {
        step.sent = queues_[own].push(step.sent, messages_[own].number_of(message));
    }
    step.is_received = next.is_received;
    step.is_change = step.script != key.script || step.shared != key.shared || step.is_received ||
                     step.sent != QueueTable::empty;
    is_reducible_ = is_reducible_ && step.shared == key.shared;
    if (step.is_change) step.action = actions_.number_of(context, answers);
    return step;
}

NumberedSystem::Id NumberedSystem::shared_number(State::Part monitors, State::Part heap,
                                                 std::uint16_t faults) {
    return shared_.number_of({monitors_.number_of(monitors), heaps_.number_of(heap),
                              static_cast<std::uint16_t>(heap.size()), faults});
}

bool NumberedSystem::is_full() const {
    // More than the steps of one block can add.
    constexpr std::size_t spare = std::size_t{1} << 23U;
    constexpr std::size_t parts_max = (std::size_t{1} << NumberedState::part_bits) - spare;
    constexpr std::size_t shared_max = (std::size_t{1} << NumberedState::shared_bits) - spare;
    std::size_t most = 0;
    for (std::size_t i = 0; i < 2; ++i) {
        most = std::max({most, scripts_[i].size(), queues_[i].size()});
    }
    return most > parts_max || shared_.size() > shared_max;
}

std::uint32_t NumberedSystem::owed(const NumberedState& state) {
    constexpr std::uint32_t unknown = ~0U;
    constexpr std::array<std::uint32_t, 3> bits{1U, 2U, ~3U};
    const std::array<Id, 3> places{state.script(0), state.script(1),
                                   shared_[state.shared()].monitors};
    std::uint32_t owed = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (owed_[i].size() <= places[i]) owed_[i].resize(places[i] + 1U, unknown);
        std::uint32_t& known = owed_[i][places[i]];
        if (known == unknown) {
            const auto owed_in = [&](const NumberedState& in) {
                system_.load(state_of(in));
                return system_.owed() & bits[i];
            };
            known = owed_in(state);
            require_of_orbit(state, "something else is owed",
                             [&](const NumberedState& image) { return owed_in(image) == known; });
        }
        owed |= known;
    }
    return owed;
}

std::size_t NumberedSystem::memory_bytes() const {
    std::size_t bytes = monitors_.memory_bytes() + heaps_.memory_bytes() + shared_.memory_bytes() +
                        local_.memory_bytes() + (orbits_ ? orbits_->memory_bytes() : 0);
    for (std::size_t i = 0; i < 2; ++i) {
        bytes +=
            scripts_[i].memory_bytes() + messages_[i].memory_bytes() + queues_[i].memory_bytes();
    }
    return bytes;
}

std::size_t NumberedSystem::growth_bytes() const {
    std::size_t bytes = heaps_.growth_bytes() + shared_.growth_bytes();
    for (std::size_t i = 0; i < 2; ++i) {
        bytes += queues_[i].growth_bytes();
    }
    return bytes;
}

}  // namespace parley::checker
