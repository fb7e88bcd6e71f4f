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
    NumberedState numbers;
    numbers.scripts = {scripts_[0].number_of(part(Place::left)),
                       scripts_[1].number_of(part(Place::right))};
    numbers.shared = shared_number(part(Place::monitors), part(Place::heap));
    return numbers;
}

State NumberedSystem::state_of(const NumberedState& state) {
    const NumberPair shared = shared_[state.shared];
    faults_ = static_cast<std::byte>(state.faults);
    parts_ = {scripts_[0][state.scripts[0]], queue_bytes(0, state.queues[0]),
              monitors_[shared.first],       heaps_[shared.second],
              scripts_[1][state.scripts[1]], queue_bytes(1, state.queues[1]),
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

NumberedState NumberedSystem::after_fault(const NumberedState& from, model::Party sender) {
    QueueTable& queues = queues_[model::index_of(sender)];
    NumberedState to = from;
    Id& queue = to.queues[model::index_of(sender)];
    const Id oldest = queues.oldest(queue);
    switch (transport_.kind) {
        case Transport::Kind::fifo:
            break;
        case Transport::Kind::lossy:
            queue = queues.rest(queue);
            ++to.faults;
            break;
        case Transport::Kind::duplicating:
            queue = queues.push(queue, oldest);
            ++to.faults;
            break;
        case Transport::Kind::reordering:
            queue = queues.push(queues.rest(queue), oldest);
            break;
    }
    return to;
}

/// Takes the steps of one party.
void NumberedSystem::compute(const LocalSteps::Key& key, LocalSteps::Entry& entry) {
    const std::size_t own = model::index_of(key.party);
    const NumberPair shared = shared_[key.shared];
    const State::Part head = key.head == 0 ? State::Part{} : messages_[1 - own][key.head - 1];
    system_.load_local({key.party, scripts_[own][key.script], monitors_[shared.first],
                        heaps_[shared.second], head, key.room});
    if (of_entry_) reset_counts(*of_entry_);
    OdometerChooser odometer;
    do {
        specs::model::Judge judge;
        StepContext context{odometer, judge};
        context.coverage = of_entry_ ? &*of_entry_ : nullptr;
        try {
            if (!system_.step_local(context)) break;
        } catch (const LimitReached&) {
            // Thrown again where the way to it is known.
            entry.is_failing = true;
            return;
        }
        entry.is_room_bound |= context.is_refused;
        sent_kinds_ |= context.sent_kinds;
        entry.is_failing = judge.is_violated();
        if (!entry.is_failing) add_step(key, entry, context, odometer.digits());
    } while (!entry.is_failing && odometer.advance());
    if (of_entry_) add_counts(key, entry);
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

/// Counts what the steps of an entry do in one state.
void NumberedSystem::count_steps(const NumberedState& from, model::Party party,
                                 const LocalSteps::Entry& entry) {
    const std::size_t own = model::index_of(party);
    auto& transitions = coverage_->transitions[own];
    for (const TransitionCount& each : local_.counts(entry)) {
        transitions[each.transition].taken += each.taken;
        transitions[each.transition].refused += each.refused;
    }
    coverage_->queues[own].refused += entry.refused;
    for (const LocalStep& each : local_.steps(entry)) {
        if (each.is_received) {
            const QueueTable& inbox = queues_[1 - own];
            coverage_->pop(other(party), inbox.size_of(from.queues[1 - own]) - 1);
        }
        if (each.sent_count > 0) {
            coverage_->push(party, queues_[own].size_of(from.queues[own]) + each.sent_count);
        }
    }
}

void NumberedSystem::add_step(const LocalSteps::Key& key, LocalSteps::Entry& entry,
                              const StepContext& context, const Choices& answers) {
    const std::size_t own = model::index_of(key.party);
    const LocalNext next = system_.next_local();
    LocalStep step;
    step.script = scripts_[own].number_of(next.script);
    step.shared = shared_number(next.monitors, next.heap);
    for (const State::Part message : next.sent) {
        local_.add_sent(messages_[own].number_of(message));
    }
    step.sent_count = static_cast<std::uint16_t>(next.sent.size());
    step.is_received = next.is_received;
    step.is_change = step.script != key.script || step.shared != key.shared || step.is_received ||
                     step.sent_count > 0;
    if (step.is_change) step.action = actions_.number_of(context, answers);
    entry.is_room_bound |= next.sent.size() > LocalSteps::large_room;
    local_.add_step(entry, step);
}

NumberedSystem::Id NumberedSystem::shared_number(State::Part monitors, State::Part heap) {
    return shared_.number_of({monitors_.number_of(monitors), heaps_.number_of(heap)});
}

std::uint32_t NumberedSystem::owed(const NumberedState& state) {
    constexpr std::uint32_t unknown = ~0U;
    constexpr std::array<std::uint32_t, 3> bits{1U, 2U, ~3U};
    const std::array<Id, 3> places{state.scripts[0], state.scripts[1], shared_[state.shared].first};
    std::uint32_t owed = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (owed_[i].size() <= places[i]) owed_[i].resize(places[i] + 1U, unknown);
        std::uint32_t& known = owed_[i][places[i]];
        if (known == unknown) {
            system_.load(state_of(state));
            known = system_.owed() & bits[i];
        }
        owed |= known;
    }
    return owed;
}

std::size_t NumberedSystem::memory_bytes() const {
    std::size_t bytes = monitors_.memory_bytes() + heaps_.memory_bytes() + shared_.memory_bytes() +
                        local_.memory_bytes();
    for (std::size_t i = 0; i < 2; ++i) {
        bytes +=
            scripts_[i].memory_bytes() + messages_[i].memory_bytes() + queues_[i].memory_bytes();
    }
    return bytes;
}

}  // namespace parley::checker
