#include "parley/checker/rc11/runtime/runtime.hpp"

#include "parley/checker/rc11/run_once.hpp"
#include "parley/checker/rc11/runtime/perform.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/require.hpp"

#include <fmt/format.h>
#include <link.h>
#include <sys/single_threaded.h>

#include <algorithm>
#include <numeric>

namespace parley::rc11 {

using Kind = Operation::Kind;

Runtime* Runtime::instance = nullptr;
bool Runtime::is_inside = false;
bool Runtime::is_touching = false;
bool Runtime::is_throwing = false;
const void* Runtime::called_from = nullptr;

namespace {

/// What there is in a segment of memory; empty: nothing.
using RangeOf = AddressRange(const dl_phdr_info& module, const ElfW(Phdr) & segment);

/// Of this program and its libraries, sorted.
std::vector<AddressRange> ranges_of_modules(RangeOf* range_of) {
    struct Visit {
        RangeOf* of;
        std::vector<AddressRange> ranges;
    } visit{range_of, {}};
    dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* data) {
            auto& to = *static_cast<Visit*>(data);
            for (int i = 0; i < info->dlpi_phnum; ++i) {
                const AddressRange range = to.of(*info, info->dlpi_phdr[i]);
                if (range.begin < range.end) to.ranges.push_back(range);
            }
            return 0;
        },
        &visit);
    std::ranges::sort(visit.ranges, {}, &AddressRange::begin);
    return visit.ranges;
}

/// Where the thread-local variables of the calling thread are.
AddressRange thread_locals_of(const dl_phdr_info& module, const ElfW(Phdr) & segment) {
    if (segment.p_type != PT_TLS || module.dlpi_tls_data == nullptr) return {};
    const auto begin = reinterpret_cast<std::uintptr_t>(module.dlpi_tls_data);
    return {begin, begin + segment.p_memsz};
}

AddressRange constants_of(const dl_phdr_info& module, const ElfW(Phdr) & segment) {
    const bool is_constant = segment.p_type == PT_LOAD && (segment.p_flags & PF_W) == 0;
    if (!is_constant && segment.p_type != PT_GNU_RELRO) return {};
    const std::uintptr_t begin = module.dlpi_addr + segment.p_vaddr;
    return {begin, begin + segment.p_memsz};
}

}  // namespace

Runtime::Runtime(const std::function<void()>& code, const VerifyOptions& options)
    : code_(code),
      options_(options),
      thread_locals_(ranges_of_modules(thread_locals_of)),
      constants_(ranges_of_modules(constants_of)) {
    if (instance != nullptr) throw checker::InputError("verify() is called by code under check");
    link_interposed_functions();
    link_interposed_synchronization();
    link_interposed_containers();
    link_interposed_text();
    link_refused_functions();
    link_thread_specific();
    link_exceptions();
    // Or the C++ library saves itself the atomic operations of reference counts.
    __libc_single_threaded = 0;
    instance = this;
    terminate_before_ = std::set_terminate([] {
        Runtime* const runtime = active();
        if (runtime != nullptr) runtime->violate("std::terminate");
        instance->terminate_before_();
    });
}

Runtime::~Runtime() {
    std::set_terminate(terminate_before_);
    instance = nullptr;
}

// ---- for a search -------------------------------------------------------------------------------

/// Runs the execution that has failed once more and takes it down.
void Runtime::record_counterexample() {
    const Verification found = std::exchange(verification_, {});
    std::vector<ThreadId> threads(failed_graph_.threads());
    std::iota(threads.begin(), threads.end(), 0U);
    Recording recording;
    // What comes last when nothing orders two steps, and so what is said of them, may depend on
    // which thread goes ahead.
    for (const bool is_ahead : {true, false}) {
        std::ranges::sort(threads, {}, [&](ThreadId thread) {
            return std::pair((thread == failed_thread_) != is_ahead, thread);
        });
        recording = record(order_of_steps(failed_graph_, threads));
        if (verification_.reason == found.reason) break;
    }
    const std::string reason = verification_.reason;
    verification_ = found;
    if (!reason.empty()) verification_.reason = reason;
    verification_.counterexample = recording.steps(wide_values_);
}

Recording Runtime::record(std::vector<ThreadId> order) {
    Recording recording;
    recording.note_callers(call_frames(0, UINTPTR_MAX));
    recording_ = &recording;
    verification_ = {};
    GraphGuide guide(failed_graph_, std::move(order));
    OneRun ignored;
    run_once(*this, guide, options_.events_max, ignored);
    const auto has_ended = [](const Thread* thread) { return thread->has_ended; };
    if (!is_over_ && std::ranges::all_of(state_->threads, has_ended)) check_leaks();
    undo_writes();
    recording_ = nullptr;
    return recording;
}

void Runtime::record_stack() {
    CallFrames frames = call_frames(fiber().stack_begin(), fiber().stack_end());
    // Those of the runtime itself are of no interest.
    const auto first = std::ranges::find(frames, reinterpret_cast<std::uintptr_t>(called_from),
                                         &CallFrame::return_address);
    if (first != frames.end()) frames.erase(frames.begin(), first);
    recording_->note_stack(current_, std::move(frames));
}

void Runtime::start_over() {
    is_inside = false;
    starts_over_ = true;
    leave_execution();
}

void Runtime::leave_check() {
    is_inside = false;
}

void Runtime::enter_check() {
    is_inside = true;
}

void Runtime::leave_behind() {
    is_inside = false;
    if (explored_ != nullptr) graph_ = std::exchange(explored_, nullptr);
    is_over_ = true;
    undo_writes();
}

void Runtime::prepare(Graph& /*graph*/) {}

void Runtime::run(Execution& execution) {
    region_.clear();
    state_ = new (std::pmr::polymorphic_allocator<State>(&region_).allocate(1)) State(&region_);
    Thread& first = thread(0);
    first.code = [](void* runtime) -> void* {
        static_cast<Runtime*>(runtime)->code_();
        return nullptr;
    };
    first.argument = this;
    run_threads(execution);
}

void Runtime::run_threads(Execution& execution) {
    execution_ = &execution;
    graph_ = &execution.graph();
    is_over_ = false;
    is_throwing = false;
    while (!is_over_) {
        const auto next = execution.next_thread();
        if (!next) break;
        current_ = *next;
        if (!std::exchange(self().has_started, true)) {
            fiber().start(&Runtime::enter_thread, this);
        }
        enter_fiber();
    }
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    if (is_over_) undo_writes();
}

void Runtime::enter_fiber() {
    const ThreadStorage* const storage = has_thread_locals_ ? storage_[current_].get() : nullptr;
    const std::uintptr_t own = storage != nullptr ? storage->enter() : 0;
    if (keeps_states_) fiber().clear_below();
    is_inside = true;
    fiber().enter();
    is_inside = false;
    if (storage != nullptr) ThreadStorage::leave(own);
}

Runtime::Thread& Runtime::thread(ThreadId id) {
    if (id >= Arena::threads_max) refuse(fmt::format("more than {} threads", Arena::threads_max));
    while (fibers_.size() <= id) {
        fibers_.push_back(std::make_unique<Fiber>(options_.stack_bytes_max));
    }
    auto& threads = state_->threads;
    while (threads.size() <= id) {
        const std::uintptr_t part = arena_.part(static_cast<ThreadId>(threads.size()));
        threads.push_back(new (std::pmr::polymorphic_allocator<Thread>(&region_).allocate(1))
                              Thread(part, &region_));
        if (!has_thread_locals_ || storage_.size() >= threads.size()) continue;
        storage_.push_back(std::make_unique<ThreadStorage>());
    }
    return *threads[id];
}

Runtime::Seldom& Runtime::seldom(Thread& thread) {
    if (thread.seldom == nullptr) {
        std::pmr::polymorphic_allocator<Seldom> memory(&region_);
        thread.seldom = new (memory.allocate(1)) Seldom(&region_);
    }
    return *thread.seldom;
}

namespace {
/// Of one state, and of all together. Beyond that running again is cheaper, or all that there is.
constexpr std::size_t saved_bytes_max = std::size_t{64} << 10U;
constexpr std::size_t all_saved_bytes_max = std::size_t{8} << 20U;
}  // namespace

/// All that code under check can have changed is in its stacks, its heap, the memory from outside
/// that it has written to, and our own state. Exceptions in flight are the C++ runtime's.
bool Runtime::save(std::size_t slot) {
    if (slot >= saved_.size()) saved_.resize(slot + 1);
    SavedMemory& saved = saved_[slot];
    saved_bytes_ -= saved.bytes();
    saved.clear();
    if (state_->has_foreign_state || saved_bytes_ > all_saved_bytes_max) return false;
    if (!note_pieces(saved) || saved.bytes() > saved_bytes_max) {
        saved.clear();
        return false;
    }
    saved.copy();
    saved_bytes_ += saved.bytes();
    return true;
}

bool Runtime::note_pieces(SavedMemory& saved) const {
    saved.note(region_.used());
    for (std::size_t i = 0; i < state_->threads.size(); ++i) {
        const Thread& thread = *state_->threads[i];
        saved.note(thread.blocks.memory());
        if (!thread.has_started) continue;
        if (fibers_[i]->is_handling_exceptions()) return false;
        if (!is_stack_dead(thread)) saved.note(fibers_[i]->live_stack());
    }
    for (const Undo& undo : state_->undo) {
        saved.note({reinterpret_cast<const std::byte*>(undo.address), undo.bytes});
    }
    return true;
}

void Runtime::resume(Execution& execution, std::size_t slot) {
    saved_[slot].put_back();
    region_.resize(saved_[slot].first_bytes());
    run_threads(execution);
}

void Runtime::enter_thread(void* runtime) {
    static_cast<Runtime*>(runtime)->run_thread();
}

void Runtime::run_thread() {
    doing_ = {};
    {
        const Outside outside;
        perform([] { return Operation{.kind = Kind::begin}; });
    }
    clear_stack_below();
    std::optional<std::string> thrown;
    try {
        self().result = self().code(self().argument);
        run_at_exit();
        destroy_specific();
    } catch (const std::exception& error) {
        is_inside = false;
        thrown = fmt::format(": {}", error.what());
    } catch (...) {
        is_inside = false;
        thrown.emplace();
    }
    is_inside = false;
    if (thrown) violate("an exception leaves a thread" + *thrown);
    perform([] { return Operation{.kind = Kind::end}; });
    self().has_ended = true;
    fiber().leave();
}

void Runtime::run_at_exit() {
    while (self().seldom != nullptr && !self().seldom->at_exit.empty()) {
        const auto [function, argument] = self().seldom->at_exit.back();
        self().seldom->at_exit.pop_back();
        function(argument);
    }
}

void Runtime::leave_execution() {
    is_over_ = true;
    while (true) fiber().leave();
}

void Runtime::block_until_over(Wait wait) {
    self().may_go_on = true;
    block_once(wait);
}

void Runtime::block(Wait wait) {
    self().may_go_on = false;
    while (true) block_once(wait);
}

void Runtime::block_once(Wait wait) {
    if (recording_ != nullptr) record_stack();
    self().is_blocked = true;
    // Whatever has touched memory since the last event may race only here.
    if (has_touched_) wait = Wait::for_good;
    if (execution_->block(current_, wait) == Answer::Kind::leave) leave_execution();
    do {
        fiber().leave();
    } while (explored_ == nullptr);
    is_inside = false;
    self().is_blocked = false;
}

void Runtime::go_on(Execution& ending) {
    explored_ = graph_;
    run_threads(ending);
    graph_ = std::exchange(explored_, nullptr);
}

void Runtime::block_for_good() {
    block(Wait::on_last_read);
}

void Runtime::violate(const std::string& property) {
    is_inside = false;
    report_violation(property);
    execution_->fail(current_, property);
    leave_execution();
}

void Runtime::violate(const char* property) {
    is_inside = false;
    violate(std::string(property));
}

bool Runtime::is_below_stack(std::uintptr_t address) const {
    constexpr std::uintptr_t guard_bytes = 4096;
    return current_ < fibers_.size() &&
           fibers_[current_]->stack_begin() - 1 - address < guard_bytes;
}

void Runtime::crash(int signal, std::uintptr_t address, const void* place) {
    // Else the runtime has crashed for code under check, and has been told from where.
    if (is_inside && !is_touching) called_from = place;
    is_inside = is_touching = false;
    violate(fmt::format("crash: SIG{}{}", sigabbrev_np(signal),
                        is_below_stack(address) ? ", the stack of a thread is full" : ""));
}

void Runtime::refuse(const std::string& reason) {
    is_inside = false;
    give_up(Result::unsupported, fmt::format("{} is not supported by engine {}", reason, engine_));
}

void Runtime::give_up(Result result, std::string reason) {
    verification_.result = result;
    verification_.reason = std::move(reason);
    execution_->fail(current_, verification_.reason);
    leave_execution();
}

void Runtime::report_violation(const std::string& property) {
    if (!verification_.reason.empty()) return;
    verification_.result = Result::violated;
    verification_.reason = property;
    if (recording_ != nullptr) return recording_->fail(current_, called_from);
    failed_graph_ = graph();
    failed_thread_ = current_;
}

void Runtime::end_execution(const Graph& graph, bool is_complete) {
    graph_ = &graph;
    undo_writes();
    if (!verification_.reason.empty()) return;
    if (is_complete) {
        for (const std::pmr::string& text : state_->noted) {
            ++verification_.outcomes[std::string(text)];
        }
        check_leaks();
    } else if (options_.finds_deadlocks && is_deadlock()) {
        report_violation("deadlock: every thread that has not ended waits for ever");
    }
}

/// The first block that is still there is enough to be told.
void Runtime::check_leaks() {
    if (!options_.finds_leaks) return;
    for (ThreadId thread = 0; thread < state_->threads.size(); ++thread) {
        const auto& blocks = state_->threads[thread]->blocks.all();
        const auto leak = std::ranges::find(blocks, false, &Block::is_freed);
        if (leak == blocks.end()) continue;
        if (recording_ != nullptr) {
            current_ = thread;
            called_from = recording_->add_leak(thread, leak->bytes, object_at(leak->begin));
        }
        return report_violation(
            fmt::format("memory leak: {} bytes of thread {}", leak->bytes, thread));
    }
}

/// Whoever waits has seen the newest there is to see. An assumption that does not hold is no
/// deadlock, and neither is a load that a search by states has put off.
bool Runtime::is_deadlock() const {
    for (ThreadId id = 0; id < state_->threads.size(); ++id) {
        const Thread& thread = *state_->threads[id];
        if (thread.has_ended || thread.joins) continue;
        if (!thread.is_blocked || !thread.is_waiting) return false;
        const auto [begin, end] = thread.waits_for;
        for (auto i = next_read(id, begin, end); i < end; i = next_read(id, i + 1, end)) {
            const Event& read = graph_->at(graph_->thread(id)[i]);
            const EventId newest = graph_->location(read.operation.location).order.back();
            if (origin_of(newest) != origin_of(read.source)) return false;
        }
    }
    return true;
}

// ---- for code under check ----------------------------------------------------------------------

bool Runtime::fails_weakly() {
    if (seldom().weak_failures >= options_.weak_failures_max || choose(2) == 0) return false;
    ++seldom().weak_failures;
    return true;
}

std::uint32_t Runtime::choose(std::uint32_t count) {
    const Outside outside;
    self().note_write();
    return static_cast<std::uint32_t>(
        perform([&] { return Operation{.kind = Kind::choose, .value = count}; }).value);
}

ThreadId Runtime::create_thread(void* (*code)(void*), void* argument) {
    const Outside outside;
    self().note_write();
    ThreadId child = 0;
    perform([&] {
        child = execution_->new_thread(current_);
        return Operation{.kind = Kind::create, .child = child};
    });
    self().events_signalled = events_of_self();
    Thread& created = thread(child);
    created.code = code;
    created.argument = argument;
    return child;
}

void* Runtime::join_thread(ThreadId child) {
    const Outside outside;
    self().joins = child;
    perform([&] { return Operation{.kind = Kind::join, .child = child}; });
    self().joins.reset();
    return state_->threads[child]->result;
}

std::int64_t Runtime::read_clock() {
    constexpr std::int64_t start_ns = 1'000'000'000'000;
    constexpr std::int64_t step_ns = 1'000;
    self().note_write();
    return start_ns + (seldom().time_ns += step_ns);
}

void Runtime::set_clock_forward(std::int64_t time_ns) {
    const std::int64_t now = read_clock();
    seldom().time_ns += std::max(std::int64_t{0}, time_ns - now);
}

/// Who sleeps changes nothing but what the clock says when somebody looks at it.
void Runtime::sleep(std::int64_t duration_ns) {
    seldom().time_ns += std::max(std::int64_t{0}, duration_ns);
}

void Runtime::call_at_exit(void (*function)(void*), void* argument, bool is_for_process) {
    const Outside outside;
    self().note_write();
    seldom(is_for_process ? thread(0) : self()).at_exit.emplace_back(function, argument);
}

void Runtime::assume(bool condition) {
    if (condition) return;
    is_inside = false;
    block_for_good();
}

void Runtime::note_outcome(std::string_view text) {
    const Outside outside;
    state_->noted.emplace_back(text);
}

}  // namespace parley::rc11
