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
    HalfState left;
    left.script = scripts_[0].number_of(part(Place::left));
    left.shared = shared_number(part(Place::monitors), part(Place::heap));
    HalfState right;
    right.script = scripts_[1].number_of(part(Place::right));
    return {{halves_[0].number_of(left), halves_[1].number_of(right)}};
}

State NumberedSystem::state_of(const NumberedState& state) {
    const HalfState left = halves_[0][state.halves[0]];
    const HalfState right = halves_[1][state.halves[1]];
    const NumberPair shared = shared_[left.shared];
    faults_ = static_cast<std::byte>(right.shared);
    parts_ = {scripts_[0][left.script], queue_bytes(0, left.queue), monitors_[shared.first],
              heaps_[shared.second],    scripts_[1][right.script],  queue_bytes(1, right.queue),
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

LocalSteps::Key NumberedSystem::key_of(model::Party party, const NumberedState& state) const {
    const std::size_t own = model::index_of(party);
    const HalfState& half = halves_[own][state.halves[own]];
    const std::size_t used = queues_[own].size_of(half.queue);
    return {.script = half.script,
            .shared = halves_[0][state.halves[0]].shared,
            .head = halves_[1 - own][state.halves[1 - own]].head,
            .room = static_cast<std::uint32_t>(used < capacity_ ? capacity_ - used : 0),
            .party = party};
}

bool NumberedSystem::find_moves(model::Party party, const NumberedState& from, PartyMoves& moves) {
    const auto lock = locked();
    const LocalSteps::Key key = key_of(party, from);
    const LocalSteps::Entry* const entry = local_.find(key);
    if (entry == nullptr) return false;
    const std::size_t own = model::index_of(party);
    describe(*entry, key, halves_[own][from.halves[own]], moves);
    return true;
}

void NumberedSystem::list_moves(model::Party party, const NumberedState& from, PartyMoves& moves) {
    const LocalSteps::Key key = key_of(party, from);
    const std::size_t own = model::index_of(party);
    describe(steps_of(key), key, halves_[own][from.halves[own]], moves);
}

void NumberedSystem::describe(const LocalSteps::Entry& entry, const LocalSteps::Key& key,
                              const HalfState& own, PartyMoves& moves) {
    moves.moves.clear();
    for (const LocalStep& step : local_.steps(entry)) {
        if (!step.is_change) continue;
        PartyMove move;
        move.own = own_after(model::index_of(key.party), own, step);
        move.shared = step.shared & 0x7fff'ffffU;
        move.is_received = step.is_received ? 1 : 0;
        moves.moves.push_back(move);
    }
    moves.entry = local_.number_of(entry);
    moves.is_failing = entry.is_failing;
    const bool is_inbox_known = key.head != 0 || !receives_[model::index_of(key.party)];
    moves.is_persistent = is_reducing_ && is_inbox_known && !entry.is_refused &&
                          !entry.is_failing && !moves.moves.empty();
}

NumberedSystem::Id NumberedSystem::own_after(std::size_t own, HalfState half,
                                             const LocalStep& step) {
    half.script = step.script;
    for (const Id message : local_.sent(step)) push(own, half, message);
    if (own == 0) half.shared = step.shared;
    half.popped = HashIndex::none;
    return halves_[own].number_of(half);
}

NumberedSystem::Id NumberedSystem::other_after(model::Party party, Id other_half,
                                               const PartyMove& move) {
    const std::size_t index = 1 - model::index_of(party);
    const auto lock = locked();
    HalfState half = halves_[index][other_half];
    if (move.is_received != 0) pop(index, half);
    if (index == 0) half.shared = move.shared;
    half.popped = HashIndex::none;
    return halves_[index].number_of(half);
}

NumberedSystem::Id NumberedSystem::find_popped(std::size_t index, Id half) {
    const auto lock = locked();
    HalfState rest = halves_[index][half];
    pop(index, rest);
    rest.popped = HashIndex::none;
    const Id popped = halves_[index].number_of(rest);
    std::atomic_ref{halves_[index][half].popped}.store(popped, std::memory_order_release);
    return popped;
}

NumberedState NumberedSystem::after(const NumberedState& from, model::Party party,
                                    const LocalStep& step) {
    const std::size_t own = model::index_of(party);
    PartyMove move;
    move.shared = step.shared & 0x7fff'ffffU;
    move.is_received = step.is_received ? 1 : 0;
    NumberedState to;
    to.halves[own] = own_after(own, halves_[own][from.halves[own]], step);
    to.halves[1 - own] = other_after(party, from.halves[1 - own], move);
    return to;
}

void NumberedSystem::push(std::size_t sender, HalfState& half, Id message) {
    half.is_alone = half.queue == QueueTable::empty ? 1 : 0;
    if (half.is_alone != 0) half.head = (message + 1) & 0x7fff'ffffU;
    half.queue = queues_[sender].push(half.queue, message);
}

void NumberedSystem::pop(std::size_t sender, HalfState& half) {
    const QueueTable& queues = queues_[sender];
    half.queue = queues.rest(half.queue);
    const bool is_empty = half.queue == QueueTable::empty;
    half.head = is_empty ? 0 : (queues.oldest(half.queue) + 1) & 0x7fff'ffffU;
    half.is_alone = !is_empty && queues.older(half.queue) == QueueTable::empty ? 1 : 0;
}

NumberedState NumberedSystem::after_fault(const NumberedState& from, model::Party sender) {
    const std::size_t index = model::index_of(sender);
    HalfState half = halves_[index][from.halves[index]];
    const Id oldest = half.head - 1U;
    switch (transport_.kind) {
        case Transport::Kind::fifo:
            break;
        case Transport::Kind::lossy:
            pop(index, half);
            break;
        case Transport::Kind::duplicating:
            push(index, half, oldest);
            break;
        case Transport::Kind::reordering:
            pop(index, half);
            push(index, half, oldest);
            break;
    }
    half.popped = HashIndex::none;
    NumberedState to = from;
    const bool is_counted = transport_.kind != Transport::Kind::reordering;
    if (is_counted && index == 1) ++half.shared;
    to.halves[index] = halves_[index].number_of(half);
    if (is_counted && index == 0) {
        HalfState right = halves_[1][from.halves[1]];
        ++right.shared;
        right.popped = HashIndex::none;
        to.halves[1] = halves_[1].number_of(right);
    }
    return to;
}

void NumberedSystem::load_local(const LocalSteps::Key& key) {
    const std::size_t own = model::index_of(key.party);
    const NumberPair shared = shared_[key.shared];
    const State::Part head = key.head == 0 ? State::Part{} : messages_[1 - own][key.head - 1];
    system_.load_local({key.party, scripts_[own][key.script], monitors_[shared.first],
                        heaps_[shared.second], head, key.room});
}

/// Takes the steps of one party.
void NumberedSystem::compute(const LocalSteps::Key& key, LocalSteps::Entry& entry) {
    load_local(key);
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
        entry.is_refused |= context.is_refused;
        entry.is_room_bound |= context.is_refused;
        sent_kinds_ |= context.sent_kinds;
        entry.is_failing = judge.is_violated();
        if (!entry.is_failing) add_step(key, entry, context, odometer.digits());
    } while (!entry.is_failing && odometer.advance());
    if (of_entry_) add_counts(key, entry);
    if (is_reducing_ && is_reducible_) look_for_refusals(key);
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
                std::ranges::equal(next.script, scripts_[model::index_of(key.party)][key.script]);
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

LocalStep NumberedSystem::add_step(const LocalSteps::Key& key, LocalSteps::Entry& entry,
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
    is_reducible_ = is_reducible_ && step.shared == key.shared;
    if (step.is_change) step.action = actions_.number_of(context, answers);
    entry.is_room_bound |= next.sent.size() > LocalSteps::large_room;
    local_.add_step(entry, step);
    return step;
}

NumberedSystem::Id NumberedSystem::shared_number(State::Part monitors, State::Part heap) {
    const Id id = shared_.number_of({monitors_.number_of(monitors), heaps_.number_of(heap)});
    require(id < (1U << 31U), "monitors and objects have fewer than 2^31 values");
    return id;
}

std::uint32_t NumberedSystem::owed(const NumberedState& state) {
    constexpr std::uint32_t unknown = ~0U;
    constexpr std::array<std::uint32_t, 3> bits{1U, 2U, ~3U};
    const HalfState left = halves_[0][state.halves[0]];
    const HalfState right = halves_[1][state.halves[1]];
    const std::array<Id, 3> places{left.script, right.script, shared_[left.shared].first};
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
        bytes += scripts_[i].memory_bytes() + messages_[i].memory_bytes() +
                 queues_[i].memory_bytes() + halves_[i].memory_bytes();
    }
    return bytes;
}

std::size_t NumberedSystem::growth_bytes() const {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < 2; ++i) {
        bytes += queues_[i].growth_bytes() + halves_[i].growth_bytes();
    }
    return bytes;
}

}  // namespace parley::checker
