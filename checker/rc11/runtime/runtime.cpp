#include "parley/checker/rc11/runtime/runtime.hpp"

#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/require.hpp"

#include <fmt/format.h>
#include <link.h>
#include <sys/single_threaded.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace parley::rc11 {

using Kind = Operation::Kind;

Runtime* Runtime::instance_ = nullptr;
bool Runtime::is_inside_ = false;

namespace {

Value read_memory(std::uintptr_t address, std::size_t bytes) {
    Value value = 0;
    std::memcpy(&value, reinterpret_cast<const void*>(address), bytes);
    return value;
}

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

Runtime::Runtime(const std::function<void()>& code, const VerifyOptions& options)
    : code_(code), options_(options), thread_locals_(thread_local_ranges()) {
    if (instance_ != nullptr) throw checker::InputError("verify() is called by code under check");
    link_interposed_functions();
    // Or the C++ library saves itself the atomic operations of reference counts.
    __libc_single_threaded = 0;
    instance_ = this;
    terminate_before_ = std::set_terminate([] {
        Runtime* const runtime = active();
        if (runtime != nullptr) runtime->violate("std::terminate");
        instance_->terminate_before_();
    });
}

Runtime::~Runtime() {
    std::set_terminate(terminate_before_);
    instance_ = nullptr;
}

// ---- the search ---------------------------------------------------------------------------------

Verification Runtime::verify() {
    ExploreOptions options;
    options.executions_max = options_.executions_max;
    options.events_max = options_.events_max;
    options.stop = &stop_;
    options.on_end = [this](const Graph& graph, Ending ending) {
        end_execution(graph, ending == Ending::complete);
    };
    ExploreResult result;
    try {
        do {
            starts_over_ = false;
            stop_ = false;
            verification_ = {};
            result = explore(*this, options);
        } while (starts_over_);
    } catch (const checker::InputError& error) {
        undo_writes();
        verification_.result = Result::unsupported;
        verification_.reason = error.what();
        return verification_;
    }
    verification_.executions = result.complete;
    verification_.blocked = result.blocked;
    if (!verification_.reason.empty()) return verification_;
    verification_.result = result.limit.empty() ? Result::verified : Result::incomplete;
    verification_.reason = result.limit;
    return verification_;
}

void Runtime::start_over() {
    is_inside_ = false;
    starts_over_ = true;
    stop_ = true;
    leave_execution();
}

void Runtime::prepare(Graph& /*graph*/) {}

void Runtime::run(Execution& execution) {
    execution_ = &execution;
    is_over_ = false;
    threads_used_ = 0;
    arena_.clear();
    shadow_.clear();
    atomics_.clear();
    noted_.clear();
    thread(0).code = code_;
    while (!is_over_) {
        const auto next = execution.next_thread();
        if (!next) break;
        current_ = *next;
        Thread& thread = self();
        if (!thread.has_started) {
            thread.has_started = true;
            thread.fiber->start(&Runtime::enter_thread, this);
        }
        enter_fiber();
    }
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    if (is_over_) undo_writes();
}

void Runtime::enter_fiber() {
    const ThreadStorage* const storage = has_thread_locals_ ? storage_[current_].get() : nullptr;
    const std::uintptr_t own = storage != nullptr ? storage->enter() : 0;
    is_inside_ = true;
    self().fiber->enter();
    is_inside_ = false;
    if (storage != nullptr) ThreadStorage::leave(own);
}

Runtime::Thread& Runtime::thread(ThreadId id) {
    if (id >= Arena::threads_max) refuse(fmt::format("more than {} threads", Arena::threads_max));
    while (threads_.size() <= id) threads_.push_back(std::make_unique<Thread>());
    while (threads_used_ <= id) {
        Thread& next = *threads_[threads_used_++];
        std::unique_ptr<Fiber> fiber = std::move(next.fiber);
        next = {};
        next.fiber = fiber ? std::move(fiber) : std::make_unique<Fiber>(options_.stack_bytes_max);
        if (!has_thread_locals_ || storage_.size() >= threads_used_) continue;
        storage_.push_back(std::make_unique<ThreadStorage>());
    }
    return *threads_[id];
}

void Runtime::enter_thread(void* runtime) {
    static_cast<Runtime*>(runtime)->run_thread();
}

void Runtime::run_thread() {
    {
        const Outside outside;
        perform([] { return Operation{.kind = Kind::begin}; });
    }
    bool has_thrown = false;
    try {
        self().code();
        run_at_exit();
    } catch (...) {
        has_thrown = true;
    }
    is_inside_ = false;
    if (has_thrown) violate("an exception leaves a thread");
    perform([] { return Operation{.kind = Kind::end}; });
    self().has_ended = true;
    self().fiber->leave();
}

void Runtime::run_at_exit() {
    while (!self().at_exit.empty()) {
        const auto [function, argument] = self().at_exit.back();
        self().at_exit.pop_back();
        function(argument);
    }
}

template <class Make>
Answer Runtime::perform(Make&& make) {
    const ThreadId self = current_;
    while (true) {
        Answer answer{Answer::Kind::leave};
        try {
            answer = execution_->perform(self, make());
        } catch (...) {
            error_ = std::current_exception();
        }
        if (answer.kind == Answer::Kind::leave) leave_execution();
        if (answer.kind == Answer::Kind::done) return answer;
        threads_[self]->fiber->leave();
        is_inside_ = false;
    }
}

void Runtime::leave_execution() {
    is_over_ = true;
    while (true) self().fiber->leave();
}

void Runtime::block(std::optional<std::vector<std::pair<LocationId, EventId>>> waits_for) {
    self().is_blocked = true;
    self().waits_for = std::move(waits_for);
    execution_->block(current_);
    while (true) self().fiber->leave();
}

void Runtime::block_on_last_read() {
    block(std::vector{self().reads.back()});
}

void Runtime::block_for_good() {
    block(std::nullopt);
}

void Runtime::violate(const std::string& property) {
    is_inside_ = false;
    report_violation(property);
    execution_->fail(current_, property);
    leave_execution();
}

void Runtime::refuse(const std::string& reason) {
    is_inside_ = false;
    verification_.result = Result::unsupported;
    verification_.reason = reason + " is not supported by engine rc11";
    execution_->fail(current_, verification_.reason);
    stop_ = true;
    leave_execution();
}

void Runtime::report_violation(const std::string& property) {
    if (!verification_.reason.empty()) return;
    verification_.result = Result::violated;
    verification_.reason = property;
    stop_ = true;
}

void Runtime::end_execution(const Graph& graph, bool is_complete) {
    undo_writes();
    if (!verification_.reason.empty()) return;
    if (is_complete) {
        for (const std::string& text : noted_) ++verification_.outcomes[text];
        if (options_.finds_leaks) check_leaks();
    } else if (options_.finds_deadlocks && is_deadlock(graph)) {
        report_violation("deadlock: every thread that has not ended waits for ever");
    }
}

void Runtime::check_leaks() {
    for (ThreadId thread = 0; thread < threads_used_; ++thread) {
        for (const Block& block : arena_.blocks(thread)) {
            if (block.is_freed) continue;
            report_violation(
                fmt::format("memory leak: {} bytes of thread {}", block.bytes, thread));
        }
    }
}

/// Whoever waits has seen the newest there is to see. An assumption that does not hold is no
/// deadlock.
bool Runtime::is_deadlock(const Graph& graph) const {
    for (std::size_t i = 0; i < threads_used_; ++i) {
        const Thread& thread = *threads_[i];
        if (!thread.is_blocked) continue;
        if (!thread.waits_for) return false;
        for (const auto& [location, source] : *thread.waits_for) {
            if (graph.location(location).order.back() != source) return false;
        }
    }
    return true;
}

// ---- memory -------------------------------------------------------------------------------------

ConstClock Runtime::seen() const {
    return execution_->graph().seen(execution_->last_event(current_), Seen::happens_before);
}

void Runtime::use(std::uintptr_t address, std::size_t bytes, bool is_write, bool is_atomic) {
    const Event& last = execution_->graph().at(execution_->last_event(current_));
    const MemoryUse use{.thread = current_,
                        .events = is_atomic ? last.index : last.index + 1,
                        .is_write = is_write,
                        .is_atomic = is_atomic};
    const auto race = shadow_.use(address, bytes, use, seen());
    if (!race) return;
    violate(fmt::format("data race: {} {} by thread {} and {} {} by thread {}",
                        race->is_atomic ? "atomic" : "plain", race->is_write ? "write" : "read",
                        race->thread, is_atomic ? "atomic" : "plain", is_write ? "write" : "read",
                        current_));
}

void Runtime::check_block(std::uintptr_t address, std::size_t bytes) {
    if (!arena_.contains(address)) return;
    const Block* block = arena_.block_before(address);
    if (block == nullptr || address + bytes > block->begin + block->bytes) {
        violate(fmt::format("access outside a heap block, by thread {}", current_));
    }
    if (block->is_freed) violate(fmt::format("use after free, by thread {}", current_));
}

std::optional<ThreadId> Runtime::owner_of_stack(std::uintptr_t address) const {
    for (ThreadId thread = 0; thread < threads_used_; ++thread) {
        if (threads_[thread]->fiber->has_on_stack(address)) return thread;
    }
    return std::nullopt;
}

/// An object on the stack of another thread lives as long as the function that it belongs to.
void Runtime::use_stack(ThreadId owner, std::uintptr_t address, std::size_t bytes, bool is_atomic) {
    Thread& thread = *threads_[owner];
    thread.has_atomics_on_stack = thread.has_atomics_on_stack || is_atomic;
    if (owner == current_) return;
    const auto last = std::find_if(thread.returns.rbegin(), thread.returns.rend(),
                                   [&](const auto& each) { return address < each.first; });
    const bool has_returned =
        last != thread.returns.rend() && (owner >= seen().size() || seen()[owner] <= last->second);
    if (has_returned || thread.has_ended || !thread.fiber->has_live(address)) {
        violate(
            fmt::format("use of an object on the stack of thread {} after its function has "
                        "returned, by thread {}",
                        owner, current_));
    }
    const std::pair lent{address, bytes};
    if (std::ranges::find(thread.lent, lent) == thread.lent.end()) thread.lent.push_back(lent);
}

void Runtime::leave_function(std::uintptr_t frame_end) {
    if (!watches_stacks_) return;
    const Outside outside;
    Thread& thread = self();
    std::erase_if(thread.returns, [&](const auto& each) { return each.first <= frame_end; });
    thread.returns.emplace_back(frame_end,
                                execution_->graph().at(execution_->last_event(current_)).index + 1);
    // To end an object's life is to write to it, for whoever still uses it.
    for (std::size_t i = 0; i < thread.lent.size(); ++i) {
        const auto [address, bytes] = thread.lent[i];
        if (address < frame_end) use(address, bytes, true, false);
    }
    std::erase_if(thread.lent, [&](const auto& each) { return each.first < frame_end; });
    if (!thread.has_atomics_on_stack) return;
    const std::uintptr_t stack = thread.fiber->stack_begin();
    replace_atomics(stack, frame_end - stack, true);
}

void Runtime::check_place(std::uintptr_t address, std::size_t bytes, bool is_atomic) {
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
    const auto* const begin = reinterpret_cast<const std::byte*>(address);
    undo_.push_back({address, {begin, begin + bytes}});
}

void Runtime::undo_writes() {
    for (; !undo_.empty(); undo_.pop_back()) {
        const Undo& last = undo_.back();
        std::memcpy(reinterpret_cast<void*>(last.address), last.bytes.data(), last.bytes.size());
    }
}

void Runtime::access_plain(std::uintptr_t address, std::size_t bytes, bool is_write) {
    if (bytes == 0) return;
    const Outside outside;
    const bool is_own_stack = self().fiber->has_on_stack(address);
    if (is_own_stack && !watches_stacks_) return;
    check_place(address, bytes, false);
    check_block(address, bytes);
    use(address, bytes, is_write, false);
    replace_atomics(address, bytes, is_write);
    if (!is_write || is_own_stack) return;
    self().note_write();
    keep_old(address, bytes);
}

/// A plain write to an atomic object, after all that has been done with it, begins a new object.
void Runtime::replace_atomics(std::uintptr_t address, std::size_t bytes, bool is_write) {
    constexpr std::uintptr_t atomic_bytes_max = 64;
    for (auto atomic = atomics_.lower_bound(address - atomic_bytes_max + 1);
         atomic != atomics_.end() && atomic->first < address + bytes; ++atomic) {
        if (!atomic->second.is_alive || atomic->first + atomic->second.bytes <= address) continue;
        if (!is_write) refuse("a read of an atomic object that is not atomic");
        atomic->second.is_alive = false;
    }
}

Runtime::Atomic& Runtime::atomic_at(std::uintptr_t address, std::size_t bytes,
                                    std::optional<Value> initial_value) {
    const auto value = [&] { return initial_value ? *initial_value : read_memory(address, bytes); };
    const auto found = atomics_.find(address);
    if (found != atomics_.end() && found->second.is_alive) {
        if (found->second.bytes != bytes) refuse("an atomic object with accesses of two sizes");
        return found->second;
    }
    const std::uint32_t generation = found == atomics_.end() ? 0 : found->second.generation + 1;
    for (auto next = atomics_.upper_bound(address);
         next != atomics_.end() && next->first < address + bytes; ++next) {
        if (next->second.is_alive) refuse("an atomic object within another");
    }
    if (const auto next = atomics_.lower_bound(address); next != atomics_.begin()) {
        const auto before = std::prev(next);
        if (before->second.is_alive && before->first + before->second.bytes > address) {
            refuse("an atomic object within another");
        }
    }
    return add_atomic(address, bytes, generation, value());
}

Runtime::Atomic& Runtime::add_atomic(std::uintptr_t address, std::size_t bytes,
                                     std::uint32_t generation, Value initial_value) {
    const auto [place, is_new] = locations_.try_emplace(std::pair{address, generation},
                                                        static_cast<LocationId>(locations_.size()));
    execution_->set_initial_value(place->second, initial_value);
    return atomics_[address] = {place->second, generation, bytes, true};
}

Value Runtime::access_atomic(std::uintptr_t address, Operation operation) {
    const Outside outside;
    check_place(address, operation.bytes, true);
    check_block(address, operation.bytes);
    return perform_on(atomic_at(address, operation.bytes, std::nullopt), address, operation);
}

Value Runtime::perform_on(const Atomic& atomic, std::uintptr_t address, Operation operation) {
    operation.location = atomic.location;
    const Answer answer = perform([&] { return operation; });
    const Graph& graph = execution_->graph();
    const EventId last = execution_->last_event(current_);
    const bool is_write = graph.at(last).is_write();
    Thread& thread = self();
    if (is_write) thread.note_write();
    if (operation.kind == Kind::load || (operation.kind == Kind::modify && !is_write)) {
        thread.reads.emplace_back(operation.location, graph.at(last).source);
    }
    use(address, operation.bytes, is_write, true);
    return answer.value;
}

void Runtime::fence(Order order) {
    const Outside outside;
    perform([&] { return Operation{.kind = Kind::fence, .order = order}; });
}

bool Runtime::fails_weakly() {
    if (self().weak_failures >= options_.weak_failures_max || choose(2) == 0) return false;
    ++self().weak_failures;
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
    thread(child).code = [code, argument] { code(argument); };
    return child;
}

void Runtime::join_thread(ThreadId child) {
    const Outside outside;
    if (child == current_) violate("deadlock: a thread joins itself");
    perform([&] { return Operation{.kind = Kind::join, .child = child}; });
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
bool Runtime::may_spin_at(const void* place) {
    constexpr std::uint32_t usual_reads = 8;
    Thread& thread = self();
    if (++thread.reads_in_a_row < usual_reads) return false;
    if (std::has_single_bit(thread.reads_in_a_row)) thread.spins_at = place;
    return thread.spins_at == place;
}

void Runtime::hint_waiting(std::uintptr_t stack, std::uint64_t registers, Hint hint) {
    const Outside outside;
    Thread& thread = self();
    const std::uint64_t state = digest(registers, stack, thread.fiber->stack_end());
    if (!thread.has_written && !thread.reads.empty() && thread.reads == thread.reads_before &&
        state == thread.state_before) {
        block(thread.reads);
    }
    thread.reads_before = std::exchange(thread.reads, {});
    thread.state_before = state;
    thread.has_written = false;
    if (hint == Hint::given) thread.reads_in_a_row = 0;
}

std::int64_t Runtime::read_clock() {
    constexpr std::int64_t start_ns = 1'000'000'000'000;
    constexpr std::int64_t step_ns = 1'000;
    Thread& thread = self();
    thread.note_write();
    thread.time_ns += step_ns;
    return start_ns + thread.time_ns;
}

void Runtime::set_clock_forward(std::int64_t time_ns) {
    const std::int64_t now = read_clock();
    self().time_ns += std::max(std::int64_t{0}, time_ns - now);
}

void Runtime::call_at_exit(void (*function)(void*), void* argument, bool is_for_process) {
    const Outside outside;
    self().note_write();
    (is_for_process ? thread(0) : self()).at_exit.emplace_back(function, argument);
}

void Runtime::assume(bool condition) {
    if (condition) return;
    is_inside_ = false;
    block_for_good();
}

void Runtime::note_outcome(std::string_view text) {
    const Outside outside;
    noted_.emplace_back(text);
}

// ---- heap ---------------------------------------------------------------------------------------

void* Runtime::allocate(std::size_t bytes, std::size_t alignment) {
    const Outside outside;
    self().note_write();
    void* const memory = arena_.allocate(current_, bytes, alignment);
    if (memory == nullptr) refuse("a thread that allocates more than 64 MiB");
    return memory;
}

void Runtime::release(std::uintptr_t address) {
    const Outside outside;
    self().note_write();
    if (!arena_.contains(address)) refuse("freeing memory from before the check");
    Block* const block = arena_.block_before(address);
    if (block == nullptr || block->begin != address) violate("free of something that is no block");
    if (block->is_freed) violate("double free");
    use(address, block->bytes, true, false);
    block->is_freed = true;
}

}  // namespace parley::rc11
