#include "parley/checker/rc11/protocol/machine.hpp"

#include "parley/checker/guard.hpp"
#include "parley/checker/rc11/consistency.hpp"
#include "parley/checker/require.hpp"
#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace parley::rc11 {

using checker::require;
using Kind = Operation::Kind;

namespace {

constexpr std::size_t stack_bytes = std::size_t{256} << 10U;

}  // namespace

Machine::Machine(Test& test, checker::MemoryLog* log, OrderWatch* orders)
    : test_(test), log_(log), orders_(orders), fibers_{Fiber{stack_bytes}, Fiber{stack_bytes}} {
    require(running == nullptr, "one machine at a time");
    running = this;
}

Machine::Machine(std::unique_ptr<Test> test, checker::MemoryLog* log, OrderWatch* orders)
    : Machine(*test, log, orders) {
    own_test_ = std::move(test);
}

Machine::~Machine() {
    running = nullptr;
}

// ---- a run --------------------------------------------------------------------------------------

void Machine::run(Execution& execution) {
    begin(execution);
    test_.before();
    while (!is_over_) {
        const auto next = execution.next_thread();
        if (!next) break;
        enter(*next);
    }
    thread_.reset();
    if (!is_over_) judge();
    test_.discard();
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void Machine::begin(Execution& execution) {
    execution_ = &execution;
    graph_ = &execution.graph();
    thread_.reset();
    is_over_ = false;
    failure_.reset();
    order_.clear();
    variables_ = 0;
    objects_ = 0;
    heap_.release();
    has_started_ = {};
    has_ended_ = {};
    is_left_ = {};
    events_before_ = {};
    for (Waiting& waiting : waiting_) waiting.begin();
    for (StateBytes& answers : answers_) answers.clear();
    for (auto& written : written_) written.clear();
    atomics_.clear();
    cell_uses_.clear();
    if (log_ != nullptr) log_->clear();
}

void Machine::enter(ThreadId thread) {
    thread_ = thread;
    if (!std::exchange(has_started_[thread], true)) {
        fibers_[thread].start(&Machine::enter_thread, this);
    }
    const checker::UnderCheck under_check;
    fibers_[thread].enter();
}

void Machine::enter_thread(void* machine) {
    static_cast<Machine*>(machine)->run_thread();
}

void Machine::run_thread() {
    const ThreadId self = *thread_;
    perform({.kind = Kind::begin});
    std::optional<std::string> thrown;
    try {
        test_.thread(self);
    } catch (const checker::LimitReached&) {
        error_ = std::current_exception();
    } catch (const checker::InternalError&) {
        error_ = std::current_exception();
    } catch (const std::exception& error) {
        thrown = error.what();
    } catch (...) {
        thrown = "an exception of no standard type";
    }
    if (error_) leave_run();
    if (thrown) {
        fail({std::string{specs::model::property::exception}, "no exception leaves a role",
              *thrown});
    }
    perform({.kind = Kind::end});
    has_ended_[self] = true;
    fibers_[self].leave();
}

/// Nothing moves any more.
void Machine::judge() {
    try {
        judge_livelock();
        test_.after({end_of(0), end_of(1)});
    } catch (const Failed&) {
        execution_->fail(0, failure_->property);
    }
}

/// Whoever has not come to its end goes on for ever, or waits for ever for somebody who does.
void Machine::judge_livelock() {
    const auto spins = [&](ThreadId thread) { return waiting_[thread].spins_for_ever(*graph_); };
    if (!spins(0) && !spins(1)) return;
    for (ThreadId thread = 0; thread < parties; ++thread) {
        if (!spins(thread) && end_of(thread) == checker::PartyEnd::cut) return;
    }
    fail({std::string{specs::model::property::livelock}, "every party comes to its end",
          "a party takes steps for ever that change nothing, and nobody can stop it"});
}

checker::PartyEnd Machine::end_of(ThreadId thread) const {
    if (has_ended_[thread]) return checker::PartyEnd::done;
    const bool may_be_left = !is_left_[thread] || has_ended_[1 - thread];
    return may_be_left && waiting_[thread].is_stuck(*graph_) ? checker::PartyEnd::stuck
                                                             : checker::PartyEnd::cut;
}

void Machine::fail(checker::Violation violation) {
    failure_ = std::move(violation);
    failed_graph_ = *graph_;
    if (!thread_) throw Failed{};
    execution_->fail(*thread_, failure_->property);
    leave_run();
}

void Machine::fail(std::string_view property, std::string_view sentence, std::string detail,
                   const Where& where) {
    fail({std::string{property}, std::string{sentence},
          fmt::format("{} at {}:{}", detail, where.file_name(), where.line())});
}

void Machine::leave_run() {
    is_over_ = true;
    const ThreadId self = *thread_;
    while (true) fibers_[self].leave();
}

// ---- steps --------------------------------------------------------------------------------------

/// Code under check may not throw where an answer of the engine would.
void Machine::take_step(const Operation& operation, Answer& answer) {
    const checker::NotUnderCheck engine;
    try {
        answer = execution_->perform(*thread_, operation);
    } catch (...) {
        error_ = std::current_exception();
    }
}

Answer Machine::perform(const Operation& operation) {
    require(thread_.has_value(), "an operation of a test is one of its threads'");
    const ThreadId self = *thread_;
    while (true) {
        Answer answer{Answer::Kind::leave};
        take_step(operation, answer);
        if (answer.kind == Answer::Kind::leave) leave_run();
        if (answer.kind == Answer::Kind::done) {
            order_.push_back(self);
            has_touched_ = false;
            return answer;
        }
        fibers_[self].leave();
    }
}

LocationId Machine::make_location(Value value) {
    require(!thread_, "an atomic of a test is made before its threads start");
    return atomics_.emplace_back(location_of(make_variable(), value));
}

/// What a location stands for may not change while the engine goes from run to run.
LocationId Machine::location_of(std::uint32_t variable, Value initial_value) {
    const auto [entry, is_new] =
        location_of_.try_emplace(variable, static_cast<LocationId>(variable_at_.size()));
    if (is_new) variable_at_.push_back(variable);
    execution_->set_initial_value(entry->second, initial_value);
    return entry->second;
}

std::uint32_t Machine::make_channel() {
    return std::exchange(variables_, variables_ + checker::channel_variables);
}

namespace {

std::uint32_t variable_of(std::uint32_t channel, ChannelEnd end, std::uint32_t message) {
    const std::uint32_t offset = 2 * message + (end == ChannelEnd::taken ? 1 : 0);
    if (offset >= checker::channel_variables) throw checker::LimitReached{"messages of a channel"};
    return channel + offset;
}

}  // namespace

bool Machine::look(std::uint32_t channel, ChannelEnd end, std::uint32_t message,
                   const Where& where) {
    const LocationId location = location_of(variable_of(channel, end, message), 0);
    return access({.order = Order::acquire, .location = location}, where) != 0;
}

void Machine::signal(std::uint32_t channel, ChannelEnd end, std::uint32_t message,
                     const Where& where) {
    const LocationId location = location_of(variable_of(channel, end, message), 0);
    access({.kind = Kind::store, .order = Order::release, .location = location, .value = 1}, where);
    // Which message it was the other one will know.
    if (keeps_states_) written_[*thread_].back().location = static_cast<LocationId>(end);
}

Value Machine::access(const Operation& asked, const Where& where) {
    const Operation operation = with_order(asked, where);
    const Answer answer = perform(operation);
    Waiting& waiting = waiting_[*thread_];
    const Event* event = &graph_->at(answer.event);
    if (event->is_write()) {
        waiting.note_write();
        if (keeps_states_) {
            written_[*thread_].push_back(
                {event->index, operation.location, is_release(event->order)});
        }
    }
    if (operation.kind != Kind::store) {
        if (event->is_write()) event = &graph_->read_of(*event);
        waiting.note_read(operation.location, event->source);
        if (keeps_states_) append(answers_[*thread_], answer.value);
    }
    if (log_ != nullptr) log_access(operation, where);
    return answer.value;
}

void Machine::log_access(const Operation& operation, const Where& where) {
    const EventId event = execution_->last_event(*thread_);
    const auto& order = graph_->location(operation.location).order;
    const auto kind = operation.kind == Kind::load    ? checker::MemoryOperation::load
                      : operation.kind == Kind::store ? checker::MemoryOperation::store
                      : graph_->at(event).is_write()  ? checker::MemoryOperation::modify
                                                      : checker::MemoryOperation::load;
    record({.operation = kind,
            .order = to_std(graph_->at(event).order),
            .variable = variable_at_[operation.location],
            .value = graph_->at(event).value,
            .newest_value = graph_->final_value(operation.location),
            .store = graph_->position(event),
            .newest_store = static_cast<std::uint32_t>(order.size() - 1)},
           where);
}

void Machine::fence(Order order, const Where& where) {
    const Operation fence = with_order({.kind = Kind::fence, .order = order}, where);
    perform(fence);
    record({.operation = checker::MemoryOperation::fence, .order = to_std(fence.order)}, where);
}

std::uint32_t Machine::choose(std::uint32_t count) {
    if (count <= 1) return 0;
    const auto index =
        static_cast<std::uint32_t>(perform({.kind = Kind::choose, .value = count}).value);
    waiting_[*thread_].note_choice({count, index});
    if (keeps_states_) append(answers_[*thread_], index);
    return index;
}

bool Machine::use(Uses& uses) {
    if (!thread_) return true;
    has_touched_ = true;
    const EventId last = execution_->last_event(*thread_);
    const ConstClock seen = graph_->seen(last, Seen::happens_before);
    const ThreadId other = 1 - *thread_;
    uses[*thread_] = graph_->at(last).index + 1;
    return uses[other] == 0 || (other < seen.size() && seen[other] > uses[other]);
}

bool Machine::use_cell(std::uint32_t variable, Uses& uses) {
    if (keeps_states_) {
        if (cell_uses_.size() <= variable) cell_uses_.resize(variable + 1U);
        cell_uses_[variable] = &uses;
    }
    return use(uses);
}

void Machine::record(checker::MemoryEvent event, const Where& where) {
    if (log_ == nullptr) [[likely]]
        return;
    event.thread = thread_ ? static_cast<checker::ThreadIndex>(*thread_) : checker::no_thread;
    event.file = where.file_name();
    event.line = where.line();
    log_->push_back(event);
}

void* Machine::allocate(std::size_t bytes, std::size_t alignment) {
    return heap_.allocate(bytes, alignment);
}

void Machine::touch(std::span<const std::byte> object) {
    if (!thread_) return;
    waiting_[*thread_].note_object(object);
    if (keeps_states_) append(answers_[*thread_], object);
}

// ---- waiting ------------------------------------------------------------------------------------

void Machine::end_step(std::span<const std::byte> script) {
    block(waiting_[*thread_].end_step(script));
    events_before_[*thread_] = events();
    if (!keeps_states_) return;
    answers_[*thread_].clear();
    test_.write_script(*thread_, answers_[*thread_]);
}

void Machine::wait(std::span<const std::byte> script) {
    block(waiting_[*thread_].end_idle(script));
}

void Machine::may_leave() {
    const ThreadId self = *thread_;
    is_left_[self] = choose(2) == 1;
    waiting_[self].take_back_choice();
    if (!is_left_[self]) return;
    waiting_[self].block(Waiting::Verdict::stuck);
    if (execution_->block(self, Wait::for_good) == Answer::Kind::leave) leave_run();
    while (true) fibers_[self].leave();
}

// ---- states -------------------------------------------------------------------------------------

void Machine::keep_states() {
    require(test_.has_states(), "states are those of a test that has them");
    keeps_states_ = true;
}

bool Machine::write_state(StateBytes& to) {
    for (ThreadId thread = 0; thread < parties; ++thread) write_thread(thread, to);
    for (const LocationId location : atomics_) write_readable(location, to);
    for (const Uses* uses : cell_uses_) write_uses(uses == nullptr ? Uses{} : *uses, to);
    test_.write_shared(to);
    return true;
}

/// What the thread has been told, and what it has written and the other one does not know of: that
/// it may see or miss. What it knows it has to see.
void Machine::write_thread(ThreadId thread, StateBytes& to) const {
    append(to, answers_[thread].size());
    append(to, std::span<const std::byte>(answers_[thread]));
    append(to, waiting_[thread].is_stuck(*graph_));
    append(to, unknown(thread).size());
    for (const Written& written : unknown(thread)) {
        append(to, written.location);
        append(to, written.is_release);
    }
}

/// What may be read of it: by the thread that writes to it the newest value only.
void Machine::write_readable(LocationId location, StateBytes& to) const {
    const auto& order = graph_->location(location).order;
    std::size_t oldest = order.size();
    for (ThreadId thread = 0; thread < parties; ++thread) {
        const ConstClock seen = graph_->seen_by(thread, Seen::happens_before);
        oldest = std::min<std::size_t>(oldest, observed_position(*graph_, seen, location));
    }
    append(to, order.size() - oldest);
    for (std::size_t i = oldest; i < order.size(); ++i) {
        append(to, graph_->value_of(location, order[i]));
    }
}

/// One that is known is ordered with whatever comes. Of the others the first write after it says
/// when it will be.
void Machine::write_uses(const Uses& uses, StateBytes& to) const {
    for (ThreadId thread = 0; thread < parties; ++thread) {
        std::size_t rank = 0;
        if (uses[thread] != 0 && known(thread) <= uses[thread]) {
            rank = 1;
            for (const Written& written : unknown(thread)) rank += written.index < uses[thread];
        }
        append(to, rank);
    }
}

std::uint32_t Machine::known(ThreadId thread) const {
    const ConstClock seen = graph_->seen_by(1 - thread, Seen::happens_before);
    return thread < seen.size() ? seen[thread] : 0;
}

std::span<const Machine::Written> Machine::unknown(ThreadId thread) const {
    const auto& all = written_[thread];
    return {std::ranges::lower_bound(all, known(thread), {}, &Written::index), all.end()};
}

void Machine::block(Waiting::Verdict verdict) {
    if (verdict == Waiting::Verdict::go_on) return;
    const ThreadId self = *thread_;
    waiting_[self].block(verdict);
    has_spun_ = has_spun_ || verdict == Waiting::Verdict::spins;
    const Answer::Kind next = execution_->block(self, wait_of(verdict));
    if (next == Answer::Kind::leave) leave_run();
    while (next == Answer::Kind::wait) fibers_[self].leave();
    order_.pop_back();
    waiting_[self].take_back();
}

/// What touches memory on its way to wait may race only there. A round that was one read and
/// nothing else can be had again.
Wait Machine::wait_of(Waiting::Verdict verdict) const {
    if (has_touched_ || !waiting_[*thread_].is_on_reads()) return Wait::for_good;
    const bool was_one_read = events() == events_before_[*thread_] + 1;
    const bool can_be_had_again = verdict == Waiting::Verdict::stuck && log_ == nullptr;
    return was_one_read && can_be_had_again ? Wait::takes_again : Wait::on_last_read;
}

void touch_cell(std::uint32_t variable, Uses& uses, const std::source_location& where) {
    Machine& machine = Machine::current();
    if (!machine.is_in_thread()) return;
    machine.record({.operation = checker::MemoryOperation::plain, .variable = variable}, where);
    if (machine.use_cell(variable, uses)) [[likely]]
        return;
    machine.fail(specs::model::property::data_race, "two accesses to plain memory are ordered",
                 "two threads touched the same memory and nothing orders the two", where);
}

}  // namespace parley::rc11
