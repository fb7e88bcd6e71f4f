#include "parley/checker/rc11/compiled/machine.hpp"

#include "parley/checker/guard_exit.hpp"
#include "parley/checker/rc11/compiled/finding.hpp"
#include "parley/checker/rc11/protocol/orders.hpp"
#include "parley/checker/rc11/runtime/recording.hpp"
#include "parley/checker/rc11/runtime/registers.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"
#include "parley/checker/require.hpp"
#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace parley::rc11 {

using checker::require;
using Kind = Operation::Kind;
namespace property = specs::model::property;

/// The execution that the runtime runs, with the machine looking on.
class CompiledMachine::Watched final : public Execution {
 public:
    Watched(CompiledMachine& machine, Execution& execution)
        : machine_(machine), execution_(execution) {}

    std::optional<ThreadId> next_thread() override {
        const checker::NotUnderCheck engine;
        return execution_.next_thread();
    }
    Answer perform(ThreadId thread, const Operation& operation) override {
        const checker::NotUnderCheck engine;
        const Answer answer = execution_.perform(thread, operation);
        if (answer.kind == Answer::Kind::done) machine_.note(thread, operation, answer, graph());
        return answer;
    }
    Answer::Kind block(ThreadId thread, Wait wait) override {
        return execution_.block(thread, wait);
    }
    void fail(ThreadId thread, const std::string& property) override {
        execution_.fail(thread, property);
    }
    const Graph& graph() const override { return execution_.graph(); }
    ThreadId new_thread(ThreadId creator) override { return execution_.new_thread(creator); }
    void set_initial_value(LocationId location, Value value) override {
        execution_.set_initial_value(location, value);
    }
    EventId last_event(ThreadId thread) const override { return execution_.last_event(thread); }

 private:
    CompiledMachine& machine_;
    Execution& execution_;
};

namespace {

/// The same page, of which nothing has been reached.
std::optional<checker::Coverage> nothing_of(std::optional<checker::Coverage> coverage) {
    if (!coverage) return coverage;
    for (auto& transitions : coverage->transitions) {
        for (checker::TransitionUse& use : transitions) use.taken = use.refused = 0;
    }
    for (checker::QueueFill& queue : coverage->queues) {
        queue.largest = queue.emptied = queue.refused = 0;
        if (queue.wrapped) queue.wrapped = 0;
    }
    return coverage;
}

}  // namespace

CompiledMachine::CompiledMachine(std::unique_ptr<CompiledTest> test, checker::Campaign& campaign,
                                 checker::MemoryLog* log)
    : test_(std::move(test)),
      campaign_(campaign),
      log_(log),
      runtime_(std::make_unique<Runtime>([this] { test_->code(); },
                                         // A thread that goes on for ever is the guard's.
                                         VerifyOptions{.accesses_max = UINT64_MAX})) {
    require(running == nullptr, "one machine at a time");
    running = this;
    runtime_->name_engine(compiled_engine);
    checker::guard_state::on_exit = &Runtime::leave_check;
    for (Waiting& waiting : first_state_.waiting) waiting.begin();
    first_state_.coverage = nothing_of(campaign.coverage);
}

CompiledMachine::~CompiledMachine() {
    checker::guard_state::on_exit = nullptr;
    running = nullptr;
}

// ---- a run --------------------------------------------------------------------------------------

void CompiledMachine::run(Execution& execution) {
    begin(first_state_);
    run_on(execution, [](Program& program, Execution& watched) { program.run(watched); });
}

bool CompiledMachine::save(std::size_t slot) {
    if (!static_cast<Program&>(*runtime_).save(slot)) return false;
    if (slot >= saved_.size()) saved_.resize(slot + 1);
    saved_[slot] = {state_, onlooker_ == nullptr ? nullptr : onlooker_->copy()};
    saved_[slot].state.coverage = campaign_.coverage;
    return true;
}

void CompiledMachine::resume(Execution& execution, std::size_t slot) {
    begin(saved_[slot].state);
    if (saved_[slot].onlooker != nullptr) onlooker_->assign(*saved_[slot].onlooker);
    run_on(execution,
           [slot](Program& program, Execution& watched) { program.resume(watched, slot); });
}

void CompiledMachine::keep_states() {
    runtime_->keep_states(true);
}

bool CompiledMachine::write_state(StateBytes& to) {
    for (ThreadId thread = 0; thread < state_.waiting.size(); ++thread) {
        append(to, state_.has_ended[thread]);
        append(to, state_.is_left[thread]);
        state_.waiting[thread].write_state(runtime_->graph(), to);
    }
    for (const void* object : state_.objects) append(to, reinterpret_cast<std::uintptr_t>(object));
    append(to, state_.objects.size());
    test_->write_onlooker(to);
    return runtime_->write_state(to);
}

void CompiledMachine::begin(State state) {
    runtime_->begin_search();
    runtime_->found() = {};
    if (log_ != nullptr) {
        places_.learn();
        learn_names();
        log_->clear();
        recording_ = std::make_unique<Recording>();
        runtime_->record_into(recording_.get());
    }
    state_ = std::move(state);
    is_over_ = false;
    coverage_ = std::move(campaign_.coverage);
    campaign_.coverage = state_.coverage;
    failure_.reset();
    campaign_.violation.reset();
}

void CompiledMachine::run_on(Execution& execution,
                             const std::function<void(Program&, Execution&)>& run) {
    Watched watched(*this, execution);
    {
        const checker::UnderCheck under_check;
        is_running_ = true;
        run(*runtime_, watched);
        is_running_ = false;
    }
    try {
        if (!error_) conclude(watched.graph());
    } catch (const Failed&) {
        execution.fail(0, failure_->property);
    }
    count_coverage();
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

/// What a run has reached counts from its beginning, wherever it was gone on from.
void CompiledMachine::count_coverage() {
    if (coverage_ && campaign_.coverage) add_coverage(*coverage_, *campaign_.coverage);
    campaign_.coverage = std::move(coverage_);
}

void CompiledMachine::conclude(const Graph& graph) {
    if (!runtime_->has_left()) {
        if (!is_complete() && judge(graph)) come_to_end(graph);
        runtime_->end_execution(is_over_ ? ending_.graph() : graph, is_complete());
    }
    take_over_finding(graph);
}

void CompiledMachine::take_over_finding(const Graph& graph) {
    const Verification& found = runtime_->found();
    if (found.reason.empty() || failure_) return;
    if (found.result != Result::violated) throw checker::LimitReached{found.reason};
    fail_in(violation_of(found.reason), graph);
    throw Failed{};
}

/// Nothing moves any more, and not everybody has ended. Whether all has come to its end.
bool CompiledMachine::judge(const Graph& graph) {
    judge_livelock(graph);
    return test_->after({end_of(0, graph), end_of(1, graph)});
}

/// As the process would: the parties return, what they were made of goes, and what has been
/// forgotten is still there.
void CompiledMachine::come_to_end(const Graph& graph) {
    ending_.begin(graph);
    const checker::UnderCheck under_check;
    is_running_ = is_over_ = true;
    runtime_->go_on(ending_);
    is_running_ = false;
    if (failure_) throw Failed{};
}

/// Whoever has not come to its end goes on for ever, or waits for ever for somebody who does.
void CompiledMachine::judge_livelock(const Graph& graph) {
    const auto spins = [&](ThreadId thread) {
        return state_.waiting[thread].spins_for_ever(graph);
    };
    if (!spins(0) && !spins(1)) return;
    for (ThreadId thread = 0; thread < 2; ++thread) {
        if (!spins(thread) && end_of(thread, graph) == checker::PartyEnd::cut) return;
    }
    fail({std::string{property::livelock}, "every party comes to its end",
          "a party takes steps for ever that change nothing, and nobody can stop it"});
}

checker::PartyEnd CompiledMachine::end_of(ThreadId thread, const Graph& graph) const {
    if (state_.has_ended[thread]) return checker::PartyEnd::done;
    const bool may_be_left = !state_.is_left[thread] || state_.has_ended[1 - thread];
    return may_be_left && state_.waiting[thread].is_stuck(graph) ? checker::PartyEnd::stuck
                                                                 : checker::PartyEnd::cut;
}

const Graph& CompiledMachine::failed_graph() const {
    return failure_ ? failed_graph_ : runtime_->graph();
}

bool CompiledMachine::must_start_over() const {
    return runtime_->must_start_over() || places_.has_unknown() || !unnamed_.empty();
}

void CompiledMachine::leave_behind() {
    is_running_ = false;
    runtime_->leave_behind();
    count_coverage();
}

void CompiledMachine::fail_in(checker::Violation violation, const Graph& graph) {
    failure_ = std::move(violation);
    failed_graph_ = graph;
}

void CompiledMachine::fail(checker::Violation violation) {
    fail_in(std::move(violation), runtime_->graph());
    if (!is_running_) throw Failed{};
    runtime_->violate(failure_->property);
}

// ---- what is not under check --------------------------------------------------------------------

CompiledMachine::Outside::Outside() : was_inside_(Runtime::active() != nullptr) {
    Runtime::leave_check();
}

CompiledMachine::Outside::~Outside() {
    if (was_inside_) Runtime::enter_check();
}

std::uint32_t CompiledMachine::choose(std::uint32_t count) {
    return count <= 1 ? 0 : current().runtime_->choose(count);
}

void CompiledMachine::end_step(std::span<const std::byte> script) {
    note_own_here();
    const Outside outside;
    CompiledMachine& machine = current();
    machine.block(machine.state_.waiting[machine.runtime_->current_thread()].end_step(script));
}

void CompiledMachine::wait(std::span<const std::byte> script) {
    note_own_here();
    const Outside outside;
    CompiledMachine& machine = current();
    machine.block(machine.state_.waiting[machine.runtime_->current_thread()].end_idle(script));
}

bool CompiledMachine::may_leave() {
    const Outside outside;
    CompiledMachine& machine = current();
    const ThreadId self = machine.runtime_->current_thread();
    const bool is_left = machine.runtime_->choose(2) == 1;
    Waiting& waiting = machine.state_.waiting[self];
    waiting.take_back_choice();
    if (!is_left) return false;
    machine.state_.is_left[self] = true;
    waiting.block(Waiting::Verdict::stuck);
    machine.runtime_->block_until_over(Wait::for_good);
    return true;
}

void CompiledMachine::block(Waiting::Verdict verdict) {
    if (verdict == Waiting::Verdict::go_on) return;
    Waiting& waiting = state_.waiting[runtime_->current_thread()];
    waiting.block(verdict);
    has_spun_ = has_spun_ || verdict == Waiting::Verdict::spins;
    runtime_->block_until_over(waiting.is_on_reads() ? Wait::on_last_read : Wait::for_good);
}

void CompiledMachine::leave_by_exception() {
    const Outside outside;
    CompiledMachine& machine = current();
    std::string thrown;
    try {
        throw;
    } catch (const checker::LimitReached&) {
        machine.error_ = std::current_exception();
    } catch (const checker::InternalError&) {
        machine.error_ = std::current_exception();
    } catch (const std::exception& error) {
        thrown = error.what();
    } catch (...) {
        thrown = "an exception of no standard type";
    }
    if (machine.error_) machine.runtime_->leave_execution();
    machine.fail({std::string{property::exception}, "no exception leaves a role", thrown});
}

void CompiledMachine::finish() {
    const Outside outside;
    CompiledMachine& machine = current();
    machine.state_.has_ended[machine.runtime_->current_thread()] = true;
}

void CompiledMachine::note_object(const void* object) {
    const Outside outside;
    current().state_.objects.push_back(object);
}

std::uint32_t CompiledMachine::number_of(const void* object) const {
    const auto found = std::ranges::find(state_.objects, object);
    return static_cast<std::uint32_t>(found - state_.objects.begin());
}

void CompiledMachine::touch(std::span<const std::byte> object) {
    // Where there is none, it is the party that crashes, and not the machine.
    Runtime::touch(reinterpret_cast<std::uintptr_t>(object.data()), object.size());
    const Outside outside;
    CompiledMachine& machine = current();
    machine.state_.waiting[machine.runtime_->current_thread()].note_object(object);
}

// ---- steps --------------------------------------------------------------------------------------

void CompiledMachine::note(ThreadId thread, const Operation& operation, const Answer& answer,
                           const Graph& graph) {
    state_.order.push_back(thread);
    if (thread >= state_.waiting.size()) return;
    Waiting& waiting = state_.waiting[thread];
    if (operation.kind == Kind::choose) {
        waiting.note_choice({static_cast<std::uint32_t>(operation.value),
                             static_cast<std::uint32_t>(answer.value)});
    }
    const Event* event = &graph.at(answer.event);
    if (!event->is_access()) return;
    if (event->is_write()) waiting.note_write();
    if (operation.kind != Kind::store) {
        if (event->is_write()) event = &graph.read_of(*event);
        waiting.note_read(operation.location, event->source);
    }
    if (log_ != nullptr) log(thread, operation, answer.event, graph);
}

void CompiledMachine::log(ThreadId thread, const Operation& operation, EventId event,
                          const Graph& graph) {
    const checker::Frame* const place = places_.find(Runtime::place());
    const auto& order = graph.location(operation.location).order;
    const auto kind = operation.kind == Kind::load    ? checker::MemoryOperation::load
                      : operation.kind == Kind::store ? checker::MemoryOperation::store
                      : graph.at(event).is_write()    ? checker::MemoryOperation::modify
                                                      : checker::MemoryOperation::load;
    checker::MemoryEvent logged{.thread = static_cast<checker::ThreadIndex>(thread),
                                .operation = kind,
                                .order = to_std(graph.at(event).order),
                                .variable = variable_at(thread, operation),
                                .value = graph.at(event).value,
                                .newest_value = graph.final_value(operation.location),
                                .store = graph.position(event),
                                .newest_store = static_cast<std::uint32_t>(order.size() - 1)};
    if (logged.variable >= variables_of_queues) name_variable(logged.variable, operation.location);
    if (place != nullptr) {
        logged.file = place->file;
        logged.line = static_cast<std::uint32_t>(place->line);
    }
    log_->push_back(logged);
}

/// As QueueNames numbers them: of the two counters of a queue the producer stores one, and loads
/// the other.
std::uint32_t CompiledMachine::variable_at(ThreadId thread, const Operation& operation) const {
    const std::uintptr_t address = runtime_->address_of(operation.location);
    for (std::uint32_t queue = 0; queue < queues_.size(); ++queue) {
        const auto begin = reinterpret_cast<std::uintptr_t>(queues_[queue].data());
        if (address < begin || address >= begin + queues_[queue].size()) continue;
        const bool is_tail = (thread == queue) == (operation.kind == Kind::store);
        const auto slots = static_cast<std::uint32_t>(campaign_.names.capacity);
        return campaign_.names.first[queue] + slots + (is_tail ? 0 : 1);
    }
    return variables_of_queues + operation.location;
}

/// A run that comes to one that has not been looked up is had once more.
void CompiledMachine::name_variable(std::uint32_t variable, LocationId location) {
    const std::uintptr_t address = runtime_->address_of(location);
    const auto known = names_.find(address);
    if (known == names_.end()) {
        unnamed_.push_back(address);
    } else if (!known->second.empty()) {
        campaign_.names.others[variable] = known->second;
    }
}

void CompiledMachine::learn_names() {
    if (unnamed_.empty()) return;
    names_.merge(recording_->names_of_atomics(runtime_->wide_values()));
    for (const std::uintptr_t address : std::exchange(unnamed_, {})) names_.try_emplace(address);
}

std::vector<checker::RaceEnd> CompiledMachine::race() {
    const bool is_found_by_runtime = failure_ && failure_->detail == runtime_->found().reason;
    if (recording_ == nullptr || !is_found_by_runtime) return {};
    std::vector<checker::RaceEnd> ends;
    const std::vector<Step> steps = recording_->steps(runtime_->wide_values());
    const bool is_race = failure_->property == property::data_race;
    for (auto step = steps.rbegin(); step != steps.rend() && ends.size() < (is_race ? 2 : 1);
         ++step) {
        if (is_race && !step->what.starts_with("plain")) continue;
        const std::string_view role = campaign_.names.roles[step->thread == 0 ? 0 : 1];
        ends.push_back(
            {fmt::format("{}, {}, by {}", step->what, step->object, role), {step->place}});
    }
    return ends;
}

}  // namespace parley::rc11
