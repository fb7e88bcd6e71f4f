#include "parley/checker/rc11/runtime/runtime.hpp"

#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/require.hpp"

#include <fmt/format.h>
#include <link.h>
#include <sys/single_threaded.h>

#include <algorithm>
#include <cstring>

namespace parley::rc11 {

using Kind = Operation::Kind;

Runtime* Runtime::instance_ = nullptr;
bool Runtime::is_inside_ = false;

class Runtime::Outside {
 public:
    Outside() { is_inside_ = false; }
    Outside(const Outside&) = delete;
    Outside& operator=(const Outside&) = delete;
    ~Outside() { is_inside_ = true; }
};

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
}

Runtime::~Runtime() {
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
        result = explore(*this, options);
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
        is_inside_ = true;
        thread.fiber->enter();
        is_inside_ = false;
    }
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    if (is_over_) undo_writes();
}

Runtime::Thread& Runtime::thread(ThreadId id) {
    if (id >= Arena::threads_max) refuse(fmt::format("more than {} threads", Arena::threads_max));
    while (threads_.size() <= id) threads_.push_back(std::make_unique<Thread>());
    while (threads_used_ <= id) {
        Thread& next = *threads_[threads_used_++];
        std::unique_ptr<Fiber> fiber = std::move(next.fiber);
        next = {};
        next.fiber = fiber ? std::move(fiber) : std::make_unique<Fiber>(options_.stack_bytes_max);
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
    } catch (...) {
        has_thrown = true;
    }
    is_inside_ = false;
    if (has_thrown) violate("an exception leaves a thread");
    perform([] { return Operation{.kind = Kind::end}; });
    self().fiber->leave();
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

/// Of an object on a stack, clang 19 does not show all accesses of the function that it belongs to:
/// it asks whether the address of the member that is accessed escapes, not that of the object.
void Runtime::check_place(std::uintptr_t address, bool may_be_own_stack) {
    for (ThreadId thread = 0; thread < threads_used_; ++thread) {
        if (!threads_[thread]->fiber->has_on_stack(address)) continue;
        if (thread == current_ && may_be_own_stack) return;
        refuse("sharing an object on a stack (allocate it, or make it static)");
    }
    for (const auto& [begin, end] : thread_locals_) {
        if (address >= begin && address < end) refuse("a thread_local variable");
    }
}

void Runtime::keep_old(std::uintptr_t address, std::size_t bytes) {
    if (arena_.contains(address)) return;
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
    if (self().fiber->has_on_stack(address)) return;
    check_place(address, true);
    check_block(address, bytes);
    use(address, bytes, is_write, false);
    replace_atomics(address, bytes, is_write);
    if (!is_write) return;
    self().has_written = true;
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
    check_place(address, false);
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
    thread.has_written = thread.has_written || is_write;
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

std::uint32_t Runtime::choose(std::uint32_t count) {
    const Outside outside;
    self().has_written = true;
    return static_cast<std::uint32_t>(
        perform([&] { return Operation{.kind = Kind::choose, .value = count}; }).value);
}

// ---- threads ------------------------------------------------------------------------------------

ThreadId Runtime::create_thread(void* (*code)(void*), void* argument) {
    const Outside outside;
    self().has_written = true;
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

constexpr std::uint8_t mutex_bytes = 4;

constexpr Operation lock_operation{.kind = Kind::modify,
                                   .order = Order::acquire,
                                   .failure = Order::relaxed,
                                   .update = Update::compare_exchange,
                                   .bytes = mutex_bytes,
                                   .value = 1,
                                   .expected = 0};

}  // namespace

void Runtime::lock(std::uintptr_t mutex) {
    const Outside outside;
    check_place(mutex, false);
    check_block(mutex, mutex_bytes);
    const Value found = perform_on(atomic_at(mutex, mutex_bytes, 0), mutex, lock_operation);
    if (found != 0) block(std::vector{self().reads.back()});
}

bool Runtime::try_lock(std::uintptr_t mutex) {
    const Outside outside;
    check_place(mutex, false);
    check_block(mutex, mutex_bytes);
    return perform_on(atomic_at(mutex, mutex_bytes, 0), mutex, lock_operation) == 0;
}

void Runtime::unlock(std::uintptr_t mutex) {
    const Outside outside;
    check_place(mutex, false);
    check_block(mutex, mutex_bytes);
    perform_on(atomic_at(mutex, mutex_bytes, 0), mutex,
               {.kind = Kind::store, .order = Order::release, .bytes = mutex_bytes, .value = 0});
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

void Runtime::hint_waiting(std::uintptr_t stack, std::uint64_t registers) {
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
}

void Runtime::assume(bool condition) {
    if (condition) return;
    is_inside_ = false;
    block(std::nullopt);
}

void Runtime::note_outcome(std::string_view text) {
    const Outside outside;
    noted_.emplace_back(text);
}

// ---- heap ---------------------------------------------------------------------------------------

void* Runtime::allocate(std::size_t bytes, std::size_t alignment) {
    const Outside outside;
    self().has_written = true;
    void* const memory = arena_.allocate(current_, bytes, alignment);
    if (memory == nullptr) refuse("a thread that allocates more than 64 MiB");
    return memory;
}

void Runtime::release(std::uintptr_t address) {
    const Outside outside;
    self().has_written = true;
    if (!arena_.contains(address)) refuse("freeing memory from before the check");
    Block* const block = arena_.block_before(address);
    if (block == nullptr || block->begin != address) violate("free of something that is no block");
    if (block->is_freed) violate("double free");
    use(address, block->bytes, true, false);
    block->is_freed = true;
}

}  // namespace parley::rc11
