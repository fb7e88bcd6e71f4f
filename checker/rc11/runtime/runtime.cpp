#include "parley/checker/rc11/runtime/runtime.hpp"

#include "parley/checker/rc11/run_once.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/require.hpp"

#include <fmt/format.h>
#include <link.h>
#include <sys/single_threaded.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

namespace parley::rc11 {

using Kind = Operation::Kind;

Runtime* Runtime::instance = nullptr;
bool Runtime::is_inside = false;
bool Runtime::is_touching = false;
const void* Runtime::called_from = nullptr;

namespace {

/// Where the thread-local variables of the calling thread are.
std::vector<std::pair<std::uintptr_t, std::uintptr_t>> thread_local_ranges() {
    std::vector<std::pair<std::uintptr_t, std::uintptr_t>> ranges;
    dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* data) {
            for (int i = 0; i < info->dlpi_phnum; ++i) {
                const auto& header = info->dlpi_phdr[i];
                if (header.p_type != PT_TLS || info->dlpi_tls_data == nullptr) continue;
                const auto begin = reinterpret_cast<std::uintptr_t>(info->dlpi_tls_data);
                static_cast<decltype(ranges)*>(data)->emplace_back(begin, begin + header.p_memsz);
            }
            return 0;
        },
        &ranges);
    return ranges;
}

}  // namespace

// The C++ library's counts of threads in std::atomic::wait(), each with a counter behind it
// (__waiter_pool_base in bits/atomic_wait.h).
extern "C" {
extern const std::byte waiter_pool[] __asm__("_ZZNSt8__detail18__waiter_pool_base6_S_forEPKvE3__w")
    __attribute__((weak));
}

namespace {

bool is_count_of_waiters(std::uintptr_t address) {
    constexpr std::uintptr_t counts = 16;
    constexpr std::uintptr_t count_bytes = 128;
    const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(waiter_pool);
    return offset < counts * count_bytes && offset % count_bytes == 0;
}

}  // namespace

Runtime::Runtime(const std::function<void()>& code, const VerifyOptions& options)
    : code_(code), options_(options), thread_locals_(thread_local_ranges()) {
    if (instance != nullptr) throw checker::InputError("verify() is called by code under check");
    link_interposed_functions();
    link_interposed_synchronization();
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

Recording::Object Runtime::object_at(std::uintptr_t address) {
    using Where = Recording::Object::Kind;
    // Objects of the engine's own are beyond all memory.
    if (address >= beyond_memory) return {};
    if (arena_.contains(address)) {
        const Block* const block = block_before(address);
        const std::uintptr_t begin = block != nullptr ? block->begin : address;
        return {.kind = Where::heap, .address = address, .begin = begin};
    }
    if (const auto owner = owner_of_stack(address)) {
        return {.kind = Where::stack, .address = address, .owner = *owner};
    }
    return {.kind = Where::elsewhere, .address = address};
}

Recording::Object Runtime::object_of(const Operation& operation) {
    const bool is_access = operation.kind == Kind::load || operation.kind == Kind::store ||
                           operation.kind == Kind::modify;
    if (!is_access) return {};
    return object_at(address_of(operation.location));
}

std::uintptr_t Runtime::address_of(LocationId location) const {
    const auto is_it = [&](const auto& each) { return each.second == location; };
    return std::ranges::find_if(locations_, is_it)->first.first;
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
    bool has_thrown = false;
    try {
        self().result = self().code(self().argument);
        run_at_exit();
        destroy_specific();
    } catch (...) {
        has_thrown = true;
    }
    is_inside = false;
    if (has_thrown) violate("an exception leaves a thread");
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

template <class Make>
[[gnu::always_inline]] inline Answer Runtime::perform(Make&& make) {
    const ThreadId self = current_;
    if (recording_ != nullptr) record_stack();
    while (true) {
        Answer answer{Answer::Kind::leave};
        try {
            answer = execution_->perform(self, make());
        } catch (...) {
            error_ = std::current_exception();
        }
        if (answer.kind == Answer::Kind::leave) leave_execution();
        if (answer.kind == Answer::Kind::done) {
            accesses_ = 0;
            has_touched_ = false;
            state_->threads[self]->last = answer.event;
            if (recording_ != nullptr) {
                const Operation& operation = graph_->at(answer.event).operation;
                recording_->add_operation(*graph_, self, object_of(operation), called_from, doing_);
            }
            return answer;
        }
        // Other threads have places of their own.
        const void* const place = called_from;
        const std::string_view doing = doing_;
        fibers_[self]->leave();
        is_inside = false;
        called_from = place;
        doing_ = doing;
    }
}

void Runtime::leave_execution() {
    is_over_ = true;
    while (true) fiber().leave();
}

void Runtime::block(Wait wait) {
    if (recording_ != nullptr) record_stack();
    self().is_blocked = true;
    // Whatever has touched memory since the last event may race only here.
    if (has_touched_) wait = Wait::for_good;
    if (execution_->block(current_, wait) == Answer::Kind::leave) leave_execution();
    while (true) fiber().leave();
}

void Runtime::block_until_newer(Stretch reads) {
    self().waits_for = reads;
    self().is_waiting = true;
    const bool is_on_last = reads.begin != reads.end && reads.end == events_of_self();
    block(is_on_last ? Wait::on_last_read : Wait::for_good);
}

void Runtime::block_on_last_read() {
    std::uint32_t last = events_of_self() - 1;
    while (next_read(current_, last, last + 1) != last) --last;
    block_until_newer({last, last + 1});
}

std::uint32_t Runtime::next_read(ThreadId thread, std::uint32_t index, std::uint32_t end) const {
    const auto only_reads = [&](const Event& event) {
        return event.is_read() && !does_write(event.operation, event.value);
    };
    while (index < end && !only_reads(graph_->at(graph_->thread(thread)[index]))) ++index;
    return index;
}

bool Runtime::are_same_reads(Stretch first, Stretch second) const {
    while (true) {
        first.begin = next_read(current_, first.begin, first.end);
        second.begin = next_read(current_, second.begin, second.end);
        if (first.begin == first.end || second.begin == second.end) {
            return first.begin == first.end && second.begin == second.end;
        }
        const Event& one = graph_->at(graph_->thread(current_)[first.begin++]);
        const Event& other = graph_->at(graph_->thread(current_)[second.begin++]);
        if (one.operation.location != other.operation.location || one.source != other.source) {
            return false;
        }
    }
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
    give_up(Result::unsupported, reason + " is not supported by engine rc11");
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
    failed_graph_ = *graph_;
    failed_thread_ = current_;
}

void Runtime::end_execution(const Graph& graph, bool is_complete) {
    undo_writes();
    if (!verification_.reason.empty()) return;
    if (is_complete) {
        for (const std::pmr::string& text : state_->noted) {
            ++verification_.outcomes[std::string(text)];
        }
        if (options_.finds_leaks) check_leaks();
    } else if (options_.finds_deadlocks && is_deadlock(graph)) {
        report_violation("deadlock: every thread that has not ended waits for ever");
    }
}

void Runtime::check_leaks() {
    for (ThreadId thread = 0; thread < state_->threads.size(); ++thread) {
        for (const Block& block : state_->threads[thread]->blocks.all()) {
            if (block.is_freed) continue;
            report_violation(
                fmt::format("memory leak: {} bytes of thread {}", block.bytes, thread));
        }
    }
}

/// Whoever waits has seen the newest there is to see. An assumption that does not hold is no
/// deadlock.
bool Runtime::is_deadlock(const Graph& graph) const {
    for (ThreadId id = 0; id < state_->threads.size(); ++id) {
        const Thread& thread = *state_->threads[id];
        if (!thread.is_blocked) continue;
        if (!thread.is_waiting) return false;
        const auto [begin, end] = thread.waits_for;
        for (auto i = next_read(id, begin, end); i < end; i = next_read(id, i + 1, end)) {
            const Event& read = graph.at(graph.thread(id)[i]);
            if (graph.location(read.operation.location).order.back() != read.source) return false;
        }
    }
    return true;
}

// ---- memory -------------------------------------------------------------------------------------

// Parts of accesses that are inlined: most of what an execution takes is made of them.

[[gnu::always_inline]] inline Runtime::Atomic* Runtime::living_atomic(std::uintptr_t address,
                                                                      std::size_t bytes) {
    auto& atomics = state_->atomics;
    std::uint32_t& place = places_[address / sizeof(int) % places_.size()];
    if (place >= atomics.size() || atomics[place].address != address) {
        place = static_cast<std::uint32_t>(first_atomic_from(address));
        if (place == atomics.size()) return nullptr;
    }
    Atomic& atomic = atomics[place];
    const bool is_it = atomic.address == address && atomic.bytes == bytes && atomic.is_alive;
    return is_it ? &atomic : nullptr;
}

[[gnu::always_inline]] inline Runtime::AtomicUse& Runtime::use_of(Atomic& atomic, ThreadId thread) {
    constexpr std::uint32_t threads_min = 4;
    auto& uses = state_->uses;
    if (thread >= atomic.threads) {
        const auto begin = static_cast<std::uint32_t>(uses.size());
        const std::uint32_t threads = std::max(threads_min, std::bit_ceil(thread + 1));
        uses.resize(begin + threads);
        std::copy_n(uses.begin() + atomic.first_use, atomic.threads, uses.begin() + begin);
        atomic.first_use = begin;
        atomic.threads = threads;
    }
    return uses[atomic.first_use + thread];
}

[[gnu::always_inline]] inline Block* Runtime::block_before(std::uintptr_t address) {
    const ThreadId owner = arena_.thread_of(address);
    const auto& threads = state_->threads;
    if (owner >= threads.size()) return nullptr;
    std::uint32_t& place = block_places_[address / Arena::gap_bytes % block_places_.size()];
    return threads[owner]->blocks.block_before(address, place);
}

[[gnu::always_inline]] inline void Runtime::check_block(std::uintptr_t address, std::size_t bytes) {
    if (!arena_.contains(address)) return;
    const Block* const block = block_before(address);
    if (block == nullptr || address + bytes > block->begin + block->bytes) {
        violate(fmt::format("access outside a heap block, by thread {}", current_));
    }
    if (block->is_freed) violate(fmt::format("use after free, by thread {}", current_));
}

/// The plain accesses to an atomic object are from before it was one, but for reads after all
/// writes to it. A thread that has seen those from before has seen them for good.
[[gnu::always_inline]] inline void Runtime::use_atomic(std::size_t place, std::uintptr_t address,
                                                       const Operation& operation,
                                                       const Event& event) {
    const bool is_write = event.is_write();
    Atomic* atomic = &state_->atomics[place];
    // Others may have come in between, with new atomic objects.
    if (atomic->location != operation.location || !atomic->is_alive) {
        atomic = living_atomic(address, operation.bytes);
    }
    if (atomic == nullptr || atomic->location != operation.location) {
        // Another thread has written to it in between.
        return use(address, operation.bytes, is_write, true);
    }
    AtomicUse& own = use_of(*atomic, current_);
    std::uint32_t& events = is_write ? own.write : own.read;
    if (events == 0 || atomic->has_plain_reads) {
        const MemoryUse use{.thread = current_, .is_write = is_write, .is_atomic = true};
        const MemoryUse* const race = state_->shadow.find_race(
            address, operation.bytes, use, graph_->seen(self().last, Seen::happens_before));
        if (race != nullptr) report_race(*race, use);
    }
    events = event.index + 1;
}

/// Of atomic objects, the atomic accesses are kept with them, and all others in the shadow.
void Runtime::use(std::uintptr_t address, std::size_t bytes, bool is_write, bool is_atomic) {
    const EventId last = self().last;
    const std::uint32_t index = graph_->at(last).index;
    const MemoryUse use{.thread = current_,
                        .events = is_atomic ? index : index + 1,
                        .is_write = is_write,
                        .is_atomic = is_atomic};
    const MemoryUse* const race =
        state_->shadow.use(address, bytes, use, graph_->seen(last, Seen::happens_before));
    if (race != nullptr) report_race(*race, use);
    const bool is_new = state_->shadow.events_before() < self().events_signalled;
    has_touched_ = has_touched_ || (is_new && !is_atomic);
}

void Runtime::use_plain(std::uintptr_t address, std::size_t bytes, bool is_write) {
    use(address, bytes, is_write, false);
    check_atomics(atomics_within(address, bytes), address, is_write);
}

void Runtime::report_race(const MemoryUse& earlier, const MemoryUse& use) {
    violate(fmt::format("data race: {} {} by thread {} and {} {} by thread {}",
                        earlier.is_atomic ? "atomic" : "plain", earlier.is_write ? "write" : "read",
                        earlier.thread, use.is_atomic ? "atomic" : "plain",
                        use.is_write ? "write" : "read", use.thread));
}

/// Races of a plain access with atomic ones.
void Runtime::check_atomics(std::span<const Atomic> atomics, std::uintptr_t address,
                            bool is_write) {
    const ConstClock seen = graph_->seen(self().last, Seen::happens_before);
    for (const Atomic& atomic : atomics) {
        if (!atomic.is_alive || atomic.end() <= address) continue;
        for (ThreadId thread = 0; thread < atomic.threads; ++thread) {
            const AtomicUse& other = state_->uses[atomic.first_use + thread];
            const std::uint32_t ordered = thread < seen.size() ? seen[thread] : 0;
            const bool races_write = other.write > ordered;
            if (thread == current_ || (!races_write && !(is_write && other.read > ordered))) {
                continue;
            }
            report_race({.thread = thread, .is_write = races_write, .is_atomic = true},
                        {.thread = current_, .is_write = is_write});
        }
    }
}

/// Then it races with nobody: whatever they have done is before their ends. In a kept graph they
/// may have more events than they have had so far, but nothing that they do comes after their ends.
bool Runtime::has_seen_all_others_end() const {
    const ConstClock seen = graph_->seen(state_->threads[current_]->last, Seen::happens_before);
    for (ThreadId thread = 0; thread < seen.size(); ++thread) {
        const auto events = graph_->thread(thread);
        if (thread == current_ || events.empty()) continue;
        if (seen[thread] < events.size() || graph_->at(events.back()).operation.kind != Kind::end) {
            return false;
        }
    }
    return true;
}

std::optional<ThreadId> Runtime::owner_of_stack(std::uintptr_t address) const {
    for (ThreadId thread = 0; thread < state_->threads.size(); ++thread) {
        if (fibers_[thread]->has_on_stack(address)) return thread;
    }
    return std::nullopt;
}

/// An object on the stack of another thread lives as long as the function that it belongs to.
void Runtime::use_stack(ThreadId owner, std::uintptr_t address, std::size_t bytes, bool is_atomic) {
    Thread& thread = *state_->threads[owner];
    const ConstClock seen = graph_->seen(self().last, Seen::happens_before);
    Seldom& known = seldom(thread);
    known.has_atomics_on_stack = known.has_atomics_on_stack || is_atomic;
    if (owner == current_) return;
    const auto last = std::find_if(known.returns.rbegin(), known.returns.rend(),
                                   [&](const auto& each) { return address < each.first; });
    const bool has_returned =
        last != known.returns.rend() && (owner >= seen.size() || seen[owner] <= last->second);
    if (has_returned || thread.has_ended || !fibers_[owner]->has_live(address)) {
        violate(
            fmt::format("use of an object on the stack of thread {} after its function has "
                        "returned, by thread {}",
                        owner, current_));
    }
    const bool has_hinted = thread.before_hint.end > 0;
    if (has_hinted) known.note_foreign(address, bytes);
    const std::pair lent{address, bytes};
    if (std::ranges::find(known.lent, lent) == known.lent.end()) known.lent.push_back(lent);
}

void Runtime::leave_function(std::uintptr_t frame_end) {
    if (!watches_stacks_) return;
    const Outside outside;
    Seldom& own = seldom();
    std::erase_if(own.returns, [&](const auto& each) { return each.first <= frame_end; });
    own.returns.emplace_back(frame_end, events_of_self());
    // To end an object's life is to write to it, for whoever still uses it.
    for (std::size_t i = 0; i < own.lent.size(); ++i) {
        const auto [address, bytes] = own.lent[i];
        if (address < frame_end) use_plain(address, bytes, true);
    }
    std::erase_if(own.lent, [&](const auto& each) { return each.first < frame_end; });
    std::erase_if(own.foreign, [&](const Undo& each) { return each.address < frame_end; });
    if (!own.has_atomics_on_stack) return;
    const std::uintptr_t stack = fiber().stack_begin();
    replace_atomics(atomics_within(stack, frame_end - stack), stack, true);
}

void Runtime::check_place(std::uintptr_t address, std::size_t bytes, bool is_atomic) {
    if (arena_.contains(address)) return;
    const auto owner = owner_of_stack(address);
    if (owner && !watches_stacks_ && (is_atomic || *owner != current_)) {
        watches_stacks_ = true;
        start_over();
    }
    if (owner) return use_stack(*owner, address, bytes, is_atomic);
    for (const auto& [begin, end] : thread_locals_) {
        if (address >= begin && address < end) need_thread_locals();
    }
}

void Runtime::need_thread_locals() {
    if (has_thread_locals_) return;
    if (!ThreadStorage::is_supported()) refuse("a thread_local variable on this machine");
    has_thread_locals_ = true;
    start_over();
}

void Runtime::keep_old(std::uintptr_t address, std::size_t bytes) {
    if (arena_.contains(address) || owner_of_stack(address)) return;
    touch(address, bytes);
    const auto* const begin = reinterpret_cast<const std::byte*>(address);
    const std::size_t place = state_->old_bytes.size();
    // Reading may crash: then there is nothing to be put back.
    state_->old_bytes.insert(state_->old_bytes.end(), begin, begin + bytes);
    state_->undo.push_back({address, bytes, place});
}

/// Where there is no memory, it is code under check that crashes.
void Runtime::touch(std::uintptr_t address, std::size_t bytes) {
    const auto* const memory = reinterpret_cast<const volatile std::byte*>(address);
    is_touching = is_inside = true;
    // For the handler of the signal.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    static_cast<void>(memory[0]);
    static_cast<void>(memory[bytes - 1]);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    is_touching = is_inside = false;
}

void Runtime::undo_writes() {
    for (; !state_->undo.empty(); state_->undo.pop_back()) {
        const Undo& last = state_->undo.back();
        std::memcpy(reinterpret_cast<void*>(last.address), state_->old_bytes.data() + last.place,
                    last.bytes);
    }
}

void Runtime::access_plain(std::uintptr_t address, std::size_t bytes, bool is_write) {
    if (bytes == 0) return;
    const Outside outside;
    if (++accesses_ > options_.accesses_max) {
        give_up(Result::incomplete, fmt::format("{} accesses of thread {} in a row to plain memory",
                                                options_.accesses_max, current_));
    }
    const bool is_own_stack = fiber().has_on_stack(address);
    if (is_own_stack && !watches_stacks_) return;
    if (recording_ != nullptr) {
        record_stack();
        recording_->add_use(current_, is_write, bytes, object_at(address), called_from);
    }
    if (arena_.contains(address)) {
        check_block(address, bytes);
    } else {
        check_place(address, bytes, false);
    }
    use(address, bytes, is_write, false);
    if (state_->shadow.may_be_atomic()) {
        const std::span<Atomic> atomics = atomics_within(address, bytes);
        check_atomics(atomics, address, is_write);
        replace_atomics(atomics, address, is_write);
    }
    if (!is_write || is_own_stack) return;
    self().note_write();
    keep_old(address, bytes);
}

/// The index of the first atomic object that begins there or later.
std::size_t Runtime::first_atomic_from(std::uintptr_t address) const {
    const auto& atomics = state_->atomics;
    return static_cast<std::size_t>(
        std::ranges::lower_bound(atomics, address, {}, &Atomic::address) - atomics.begin());
}

bool Runtime::has_just_loaded(std::uintptr_t address) const {
    const Event& last = graph_->at(state_->threads[current_]->last);
    const std::size_t place = first_atomic_from(address);
    const auto& atomics = state_->atomics;
    return last.operation.kind == Kind::load && place < atomics.size() &&
           atomics[place].address == address && atomics[place].location == last.operation.location;
}

Value Runtime::value_at(const void* object, std::size_t bytes) {
    const Outside outside;
    if (bytes > sizeof(Value)) return wide_values_.number_of(object, bytes);
    Value value = 0;
    std::memcpy(&value, object, bytes);
    return value;
}

void Runtime::put_value(Value value, void* object, std::size_t bytes) {
    const bool is_wide = bytes > sizeof(Value);
    std::memcpy(object,
                is_wide ? wide_values_.at(value).data() : reinterpret_cast<const char*>(&value),
                bytes);
}

/// Before a plain read, which has all writes to the object behind it, or else they race: the last
/// of them is what it reads. Of the writes that are in the graph already some may come later.
void Runtime::settle(const Atomic& atomic) {
    const ConstClock seen = graph_->seen(self().last, Seen::happens_before);
    const auto& order = graph_->location(atomic.location).order;
    const auto last = std::find_if(order.rbegin(), order.rend(), [&](EventId write) {
        return write == initial || graph_->is_covered(write, seen);
    });
    keep_old(atomic.address, atomic.bytes);
    put_value(graph_->value_of(atomic.location, *last), reinterpret_cast<void*>(atomic.address),
              atomic.bytes);
}

/// Those that may overlap these bytes.
std::span<Runtime::Atomic> Runtime::atomics_within(std::uintptr_t address, std::size_t bytes) {
    auto& atomics = state_->atomics;
    const std::size_t first = first_atomic_from(address - atomic_bytes_max + 1);
    std::size_t end = first;
    while (end < atomics.size() && atomics[end].address < address + bytes) ++end;
    return std::span(atomics).subspan(first, end - first);
}

/// A plain write to an atomic object, after all that has been done with it, begins a new object.
/// What the old one has been used for stays with its bytes.
void Runtime::replace_atomics(std::span<Atomic> atomics, std::uintptr_t address, bool is_write) {
    for (Atomic& atomic : atomics) {
        if (!atomic.is_alive || atomic.end() <= address) continue;
        if (!is_write) {
            settle(atomic);
            atomic.has_plain_reads = true;
            continue;
        }
        atomic.is_alive = false;
        for (ThreadId thread = 0; thread < atomic.threads; ++thread) {
            const auto [read, write] = state_->uses[atomic.first_use + thread];
            MemoryUse use{.thread = thread, .is_atomic = true};
            for (const std::uint32_t events : {read, write}) {
                use.events = events - 1;
                if (events > 0) state_->shadow.add(atomic.address, atomic.bytes, use);
                use.is_write = true;
            }
        }
    }
}

Runtime::Atomic& Runtime::atomic_at(std::uintptr_t address, std::size_t bytes,
                                    std::optional<Value> initial_value) {
    const auto value = [&] {
        if (!initial_value) touch(address, bytes);
        return initial_value ? *initial_value
                             : value_at(reinterpret_cast<const void*>(address), bytes);
    };
    auto& atomics = state_->atomics;
    const std::size_t place = first_atomic_from(address);
    const bool is_known = place < atomics.size() && atomics[place].address == address;
    if (is_known && atomics[place].is_alive) {
        if (atomics[place].bytes != bytes) refuse("an atomic object with accesses of two sizes");
        return atomics[place];
    }
    const auto is_within = [&](const Atomic& other) {
        return other.is_alive && other.address < address + bytes && address < other.end();
    };
    for (std::size_t i = place > 0 ? place - 1 : 0;
         i < atomics.size() && atomics[i].address < address + bytes; ++i) {
        if (is_within(atomics[i])) refuse("an atomic object within another");
    }
    const std::uint32_t generation = is_known ? atomics[place].generation + 1 : 0;
    if (!is_known) atomics.insert(atomics.begin() + static_cast<std::ptrdiff_t>(place), Atomic{});
    state_->shadow.note_atomic(address, bytes);
    atomics[place] = {.address = address,
                      .location = location_of(address, generation, value()),
                      .generation = generation,
                      .bytes = static_cast<std::uint32_t>(bytes),
                      .is_safe = !owner_of_stack(address) && !is_count_of_waiters(address)};
    return atomics[place];
}

LocationId Runtime::location_of(std::uintptr_t address, std::uint32_t generation,
                                Value initial_value) {
    const auto [place, is_new] = locations_.try_emplace(std::pair{address, generation},
                                                        static_cast<LocationId>(locations_.size()));
    execution_->set_initial_value(place->second, initial_value);
    return place->second;
}

[[gnu::always_inline]] inline Value Runtime::perform_on(const Atomic& atomic,
                                                        std::uintptr_t address,
                                                        Operation& operation) {
    operation.location = atomic.location;
    const auto place = static_cast<std::size_t>(&atomic - state_->atomics.data());
    const Answer answer = perform([&]() -> const Operation& { return operation; });
    const Event& event = graph_->at(answer.event);
    if (event.is_write()) {
        self().note_write();
        self().events_signalled = event.index + 1;
    }
    use_atomic(place, address, operation, event);
    return answer.value;
}

Value Runtime::access_atomic(std::uintptr_t address, Operation&& operation) {
    const Outside outside;
    const Atomic* atomic = living_atomic(address, operation.bytes);
    if (atomic == nullptr || !atomic->is_safe) {
        if (is_count_of_waiters(address) && operation.kind == Kind::load &&
            !options_.may_miss_waiters) {
            operation = {.kind = Kind::modify,
                         .order = Order::acq_rel,
                         .update = Update::add,
                         .bytes = operation.bytes};
        }
        check_place(address, operation.bytes, true);
        check_block(address, operation.bytes);
        atomic = &atomic_at(address, operation.bytes, std::nullopt);
    }
    return perform_on(*atomic, address, operation);
}

Value Runtime::access_object(std::uintptr_t address, std::optional<Value> initial_value,
                             Operation operation) {
    check_place(address, operation.bytes, true);
    check_block(address, operation.bytes);
    return perform_on(atomic_at(address, operation.bytes, initial_value), address, operation);
}

void Runtime::fence(Order order) {
    const Outside outside;
    perform([&] { return Operation{.kind = Kind::fence, .order = order}; });
}

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

// ---- threads ------------------------------------------------------------------------------------

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
    if (child == current_) violate("deadlock: a thread joins itself");
    perform([&] { return Operation{.kind = Kind::join, .child = child}; });
    return state_->threads[child]->result;
}

namespace {

/// FNV-1a.
std::uint64_t digest(std::uint64_t start, std::uintptr_t begin, std::uintptr_t end) {
    std::uint64_t hash = start ^ 0xcbf29ce484222325U;
    for (std::uintptr_t at = begin; at < end; ++at) {
        hash = (hash ^ *reinterpret_cast<const unsigned char*>(at)) * 0x100000001b3U;
    }
    return hash;
}

}  // namespace

/// Where a loop is entered is not known: its place is sought anew each time that twice as much has
/// been read (Brent, An improved Monte Carlo factorization algorithm, BIT 1980).
bool Runtime::is_sought_at(Thread& thread, const void* place) {
    if (std::has_single_bit(thread.reads_in_a_row)) thread.spins_at = place;
    return thread.spins_at == place;
}

/// Whatever others do to objects on the stack of a thread, and when, is not that thread's doing: in
/// between two hints it has read nothing of it, or it has read something else than before.
void Runtime::Seldom::note_foreign(std::uintptr_t address, std::size_t bytes) {
    const auto is_it = [&](const Undo& each) {
        return each.address == address && each.bytes == bytes;
    };
    if (std::ranges::any_of(foreign, is_it)) return;
    const auto* const begin = reinterpret_cast<const std::byte*>(address);
    foreign.push_back({address, bytes, foreign_bytes.size()});
    foreign_bytes.insert(foreign_bytes.end(), begin, begin + bytes);
}

void Runtime::Seldom::swap_foreign() {
    std::ranges::reverse(foreign);
    for (const Undo& each : foreign) {
        std::swap_ranges(foreign_bytes.data() + each.place,
                         foreign_bytes.data() + each.place + each.bytes,
                         reinterpret_cast<std::byte*>(each.address));
    }
}

void Runtime::Seldom::forget_foreign() {
    foreign.clear();
    foreign_bytes.clear();
}

void Runtime::hint_waiting(std::uintptr_t stack, std::uint64_t registers, Hint hint) {
    const Outside outside;
    Thread& thread = self();
    const std::uint64_t state = digest(registers, stack, fiber().stack_end());
    const Stretch reads{thread.before_hint.end, events_of_self()};
    const bool has_read = next_read(current_, reads.begin, reads.end) != reads.end;
    if (!thread.has_written && !has_read) return hint_idling(state);
    if (!thread.has_written && are_same_reads(reads, thread.before_hint)) {
        std::uint64_t own = state;
        if (thread.seldom != nullptr && !thread.seldom->foreign.empty()) {
            thread.seldom->swap_foreign();
            own = digest(registers, stack, fiber().stack_end());
            thread.seldom->swap_foreign();
        }
        if (own == thread.state_before) block_until_newer(reads);
    }
    thread.before_hint = reads;
    thread.state_before = state;
    if (thread.seldom != nullptr) thread.seldom->forget_foreign();
    thread.has_written = false;
    thread.idle_hints = 0;
    if (hint == Hint::given) thread.reads_in_a_row = 0;
}

/// A loop may hint more than once before it reads again. One that never does waits for nothing; its
/// states are compared as in may_spin_at().
void Runtime::hint_idling(std::uint64_t state) {
    Thread& thread = self();
    if (thread.idle_hints > 0 && thread.idle_state == state) block_until_newer({});
    if (std::has_single_bit(++thread.idle_hints)) thread.idle_state = state;
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

// ---- heap ---------------------------------------------------------------------------------------

void* Runtime::allocate(std::size_t bytes, std::size_t alignment) {
    const Outside outside;
    self().note_write();
    void* const memory = self().blocks.allocate(bytes, alignment);
    if (memory == nullptr) refuse("a thread that allocates more than 64 MiB");
    if (recording_ != nullptr) {
        record_stack();
        recording_->add_allocation(current_, reinterpret_cast<std::uintptr_t>(memory), bytes,
                                   called_from);
    }
    return memory;
}

void Runtime::release(std::uintptr_t address) {
    const Outside outside;
    self().note_write();
    if (!arena_.contains(address)) refuse("freeing memory from before the check");
    Block* const block = block_before(address);
    if (recording_ != nullptr) {
        const std::size_t bytes = block != nullptr ? block->bytes : 0;
        recording_->add_release(current_, bytes, object_at(address), called_from);
    }
    if (block == nullptr || block->begin != address) violate("free of something that is no block");
    if (block->is_freed) violate("double free");
    end_block(*block);
}

/// Nobody gets past check_block() to it any more: that it is freed is compared with the uses before
/// and not kept.
void Runtime::end_block(Block& block) {
    if (!has_seen_all_others_end()) check_uses(block);
    has_touched_ = true;
    block.is_freed = true;
    for (Atomic& atomic : atomics_within(block.begin, block.bytes)) {
        if (atomic.address >= block.begin) atomic.is_safe = false;
    }
}

void Runtime::check_uses(const Block& block) {
    const MemoryUse use{.thread = current_, .is_write = true};
    const MemoryUse* const race = state_->shadow.find_race(
        block.begin, block.bytes, use, graph_->seen(self().last, Seen::happens_before));
    if (race != nullptr) report_race(*race, use);
    if (!state_->shadow.may_be_atomic()) return;
    check_atomics(atomics_within(block.begin, block.bytes), block.begin, true);
}

}  // namespace parley::rc11
