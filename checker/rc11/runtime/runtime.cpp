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
        is_inside_ = true;
        fiber().enter();
        is_inside_ = false;
    }
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    if (is_over_) undo_writes();
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
    }
    return *threads[id];
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
    std::size_t bytes = region_.used().size();
    for (std::size_t i = 0; i < state_->threads.size(); ++i) {
        if (fibers_[i]->is_handling_exceptions()) return false;
        bytes += state_->threads[i]->blocks.memory().size();
    }
    if (bytes > saved_bytes_max) return false;
    saved.add(region_.used());
    for (std::size_t i = 0; i < state_->threads.size(); ++i) {
        saved.add(state_->threads[i]->blocks.memory());
        if (!state_->threads[i]->has_started) continue;
        saved.add(std::as_bytes(std::span(fibers_[i].get(), 1)));
        saved.add(fibers_[i]->live_stack());
    }
    for (const Undo& undo : state_->undo) {
        saved.add({reinterpret_cast<const std::byte*>(undo.address), undo.bytes});
    }
    saved_bytes_ += saved.bytes();
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
    {
        const Outside outside;
        perform([] { return Operation{.kind = Kind::begin}; });
    }
    bool has_thrown = false;
    try {
        self().code(self().argument);
    } catch (...) {
        has_thrown = true;
    }
    is_inside_ = false;
    if (has_thrown) violate("an exception leaves a thread");
    perform([] { return Operation{.kind = Kind::end}; });
    fiber().leave();
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
        if (answer.kind == Answer::Kind::done) {
            state_->threads[self]->last = answer.event;
            return answer;
        }
        fibers_[self]->leave();
        is_inside_ = false;
    }
}

void Runtime::leave_execution() {
    is_over_ = true;
    while (true) fiber().leave();
}

void Runtime::block() {
    self().is_blocked = true;
    execution_->block(current_);
    while (true) fiber().leave();
}

void Runtime::block_until_newer(const Reads& reads) {
    self().waits_for = reads;
    self().is_waiting = true;
    block();
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
    for (const Thread* const thread : state_->threads) {
        if (!thread->is_blocked) continue;
        if (!thread->is_waiting) return false;
        for (const auto& [location, source] : thread->waits_for) {
            if (graph.location(location).order.back() != source) return false;
        }
    }
    return true;
}

// ---- memory -------------------------------------------------------------------------------------

void Runtime::use(std::uintptr_t address, std::size_t bytes, bool is_write, bool is_atomic) {
    const EventId last = self().last;
    const std::uint32_t index = graph_->at(last).index;
    const MemoryUse use{.thread = current_,
                        .events = is_atomic ? index : index + 1,
                        .is_write = is_write,
                        .is_atomic = is_atomic};
    const auto race =
        state_->shadow.use(address, bytes, use, graph_->seen(last, Seen::happens_before));
    if (!race) return;
    violate(fmt::format("data race: {} {} by thread {} and {} {} by thread {}",
                        race->is_atomic ? "atomic" : "plain", race->is_write ? "write" : "read",
                        race->thread, is_atomic ? "atomic" : "plain", is_write ? "write" : "read",
                        current_));
}

Block* Runtime::block_before(std::uintptr_t address) {
    const ThreadId owner = arena_.thread_of(address);
    return owner < state_->threads.size() ? state_->threads[owner]->blocks.block_before(address)
                                          : nullptr;
}

void Runtime::check_block(std::uintptr_t address, std::size_t bytes) {
    if (!arena_.contains(address)) return;
    const Block* const block = block_before(address);
    if (block == nullptr || address + bytes > block->begin + block->bytes) {
        violate(fmt::format("access outside a heap block, by thread {}", current_));
    }
    if (block->is_freed) violate(fmt::format("use after free, by thread {}", current_));
}

/// Of an object on a stack, clang 19 does not show all accesses of the function that it belongs to:
/// it asks whether the address of the member that is accessed escapes, not that of the object.
void Runtime::check_place(std::uintptr_t address, bool may_be_own_stack) {
    if (arena_.contains(address)) return;
    for (ThreadId thread = 0; thread < state_->threads.size(); ++thread) {
        if (!fibers_[thread]->has_on_stack(address)) continue;
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
    state_->undo.push_back({address, bytes, state_->old_bytes.size()});
    state_->old_bytes.insert(state_->old_bytes.end(), begin, begin + bytes);
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
    if (fiber().has_on_stack(address)) return;
    check_place(address, true);
    check_block(address, bytes);
    use(address, bytes, is_write, false);
    replace_atomics(address, bytes, is_write);
    if (!is_write) return;
    self().has_written = true;
    keep_old(address, bytes);
}

/// The index of the first atomic object that begins there or later.
std::size_t Runtime::first_atomic_from(std::uintptr_t address) const {
    const auto& atomics = state_->atomics;
    return static_cast<std::size_t>(
        std::ranges::lower_bound(atomics, address, {}, &Atomic::address) - atomics.begin());
}

/// A plain write to an atomic object, after all that has been done with it, begins a new object.
void Runtime::replace_atomics(std::uintptr_t address, std::size_t bytes, bool is_write) {
    constexpr std::uintptr_t atomic_bytes_max = 64;
    auto& atomics = state_->atomics;
    for (std::size_t i = first_atomic_from(address - atomic_bytes_max + 1);
         i < atomics.size() && atomics[i].address < address + bytes; ++i) {
        if (!atomics[i].is_alive || atomics[i].end() <= address) continue;
        if (!is_write) refuse("a read of an atomic object that is not atomic");
        atomics[i].is_alive = false;
    }
}

Runtime::Atomic& Runtime::atomic_at(std::uintptr_t address, std::size_t bytes,
                                    std::optional<Value> initial_value) {
    const auto value = [&] { return initial_value ? *initial_value : read_memory(address, bytes); };
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
    atomics[place] = {address, location_of(address, generation, value()), generation, bytes, true};
    return atomics[place];
}

LocationId Runtime::location_of(std::uintptr_t address, std::uint32_t generation,
                                Value initial_value) {
    const auto [place, is_new] = locations_.try_emplace(std::pair{address, generation},
                                                        static_cast<LocationId>(locations_.size()));
    execution_->set_initial_value(place->second, initial_value);
    return place->second;
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
    const Event& last = graph_->at(answer.event);
    const bool is_write = last.is_write();
    Thread& thread = self();
    thread.has_written = thread.has_written || is_write;
    if (operation.kind == Kind::load || (operation.kind == Kind::modify && !is_write)) {
        thread.reads.emplace_back(operation.location, last.source);
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
    Thread& created = thread(child);
    created.code = code;
    created.argument = argument;
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
    if (found == 0) return;
    block_until_newer({std::prev(self().reads.end()), self().reads.end(), &region_});
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
    const std::uint64_t state = digest(registers, stack, fiber().stack_end());
    if (!thread.has_written && !thread.reads.empty() && thread.reads == thread.reads_before &&
        state == thread.state_before) {
        block_until_newer(thread.reads);
    }
    std::swap(thread.reads_before, thread.reads);
    thread.reads.clear();
    thread.state_before = state;
    thread.has_written = false;
}

void Runtime::assume(bool condition) {
    if (condition) return;
    is_inside_ = false;
    block();
}

void Runtime::note_outcome(std::string_view text) {
    const Outside outside;
    state_->noted.emplace_back(text);
}

// ---- heap ---------------------------------------------------------------------------------------

void* Runtime::allocate(std::size_t bytes, std::size_t alignment) {
    const Outside outside;
    self().has_written = true;
    void* const memory = self().blocks.allocate(bytes, alignment);
    if (memory == nullptr) refuse("a thread that allocates more than 64 MiB");
    return memory;
}

void Runtime::release(std::uintptr_t address) {
    const Outside outside;
    self().has_written = true;
    if (!arena_.contains(address)) refuse("freeing memory from before the check");
    Block* const block = block_before(address);
    if (block == nullptr || block->begin != address) violate("free of something that is no block");
    if (block->is_freed) violate("double free");
    use(address, block->bytes, true, false);
    block->is_freed = true;
}

}  // namespace parley::rc11
