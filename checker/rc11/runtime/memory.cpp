#include "parley/checker/rc11/runtime/perform.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <utility>

// What code under check does with memory.

namespace parley::rc11 {

using Kind = Operation::Kind;

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

/// What makes blocks of an allocator, and what takes them back.
struct AllocatorNames {
    std::string_view maker;
    std::string_view ender;
};

AllocatorNames names_of(Allocator allocator) {
    switch (allocator) {
        case Allocator::heap:
            return {"malloc", "free"};
        case Allocator::array:
            return {"new[]", "delete[]"};
        default:
            return {"new", "delete"};
    }
}

}  // namespace

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

bool Runtime::is_freed(std::uintptr_t address) {
    const Block* const block = arena_.contains(address) ? block_before(address) : nullptr;
    return block != nullptr && block->is_freed;
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
    for (const auto [begin, end] : thread_locals_) {
        if (address >= begin && address < end) need_thread_locals();
    }
    if (!is_atomic) watch(address, bytes);
}

/// States say what is there from now on. Nothing that has followed from an earlier one has depended
/// on it: otherwise it had been read.
void Runtime::watch(std::uintptr_t address, std::size_t bytes) {
    const std::uintptr_t end = address + bytes;
    auto next = watched_.upper_bound(address);
    if (next != watched_.begin() && std::prev(next)->second >= end) return;
    const auto constant = std::ranges::upper_bound(constants_, address, {}, &AddressRange::end);
    if (constant != constants_.end() && constant->begin <= address && end <= constant->end) return;
    std::uintptr_t first = address;
    std::uintptr_t last = end;
    if (next != watched_.begin() && std::prev(next)->second >= address) --next;
    while (next != watched_.end() && next->first <= end) {
        first = std::min(first, next->first);
        last = std::max(last, next->second);
        next = watched_.erase(next);
    }
    watched_.emplace(first, last);
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

void Runtime::touch(std::uintptr_t address, std::size_t bytes) {
    const auto* const memory = reinterpret_cast<const volatile std::byte*>(address);
    const bool was_inside = std::exchange(is_inside, true);
    is_touching = true;
    // For the handler of the signal.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    static_cast<void>(memory[0]);
    static_cast<void>(memory[bytes - 1]);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    is_touching = false;
    is_inside = was_inside;
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

/// One that changes nothing is none for a thread that waits.
void Runtime::note_atomic_write(const Event& write) {
    Thread& thread = self();
    if (write.is_update() && changes_nothing(graph_->read_of(write))) {
        thread.repeats_at = called_from;
        thread.repeats_from = write.index - 1;
    } else {
        thread.note_write();
    }
}

[[gnu::always_inline]] inline Value Runtime::perform_on(const Atomic& atomic,
                                                        std::uintptr_t address,
                                                        Operation& operation) {
    operation.location = atomic.location;
    const auto place = static_cast<std::size_t>(&atomic - state_->atomics.data());
    const Answer answer = perform([&]() -> const Operation& { return operation; });
    const Event& event = graph_->at(answer.event);
    if (event.is_write()) {
        note_atomic_write(event);
        self().events_signalled = event.index + 1;
    }
    use_atomic(place, address, operation, event);
    return answer.value;
}

Value Runtime::access_atomic(std::uintptr_t address, Operation&& operation) {
    const Outside outside;
    if (orders_ != nullptr) orders_->watch(operation, called_from, address);
    const Atomic* atomic = living_atomic(address, operation.bytes);
    if (atomic == nullptr || !atomic->is_safe) {
        if (is_count_of_waiters(address) && operation.kind == Kind::load &&
            !options_.may_miss_waiters) {
            // It sees whoever waits, or who waits later has seen all that came before it. Those who
            // notify are not ordered by that [atomics.wait].
            operation = {.kind = Kind::modify,
                         .order = Order::release,
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
    Operation fence{.kind = Kind::fence, .order = order};
    if (orders_ != nullptr) orders_->watch(fence, called_from, 0);
    perform([&]() -> const Operation& { return fence; });
}

// ---- heap ---------------------------------------------------------------------------------------

void* Runtime::allocate(std::size_t bytes, std::size_t alignment, Allocator allocator) {
    const Outside outside;
    self().note_write();
    void* const memory = self().blocks.allocate(bytes, alignment, allocator);
    if (memory == nullptr) refuse("a thread that allocates more than 64 MiB");
    if (recording_ != nullptr) {
        record_stack();
        recording_->add_allocation(current_, reinterpret_cast<std::uintptr_t>(memory), bytes,
                                   called_from);
    }
    return memory;
}

void Runtime::release(std::uintptr_t address, Allocator allocator) {
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
    const bool is_shared_text = block->allocator == Allocator::shared_text;
    if (block->allocator != allocator && !is_shared_text) {
        violate(fmt::format("mismatched free: what {} has made goes to {}",
                            names_of(block->allocator).maker, names_of(allocator).ender));
    }
    end_block(*block);
}

void Runtime::release_foreign(std::uintptr_t address, std::size_t bytes) {
    const Outside outside;
    for (Atomic& atomic : atomics_within(address, bytes)) atomic.is_alive = false;
    state_->shadow.forget(address, bytes);
    const auto is_within = [&](std::uintptr_t place) {
        return place >= address && place < address + bytes;
    };
    std::erase_if(state_->undo, [&](const Undo& each) { return is_within(each.address); });
    std::erase_if(watched_, [&](const auto& range) { return is_within(range.first); });
}

/// Nobody gets past check_block() to it any more: that it is freed is compared with the uses before
/// and not kept.
void Runtime::end_block(Block& block) {
    // Who has what copies of exceptions share is counted unseen: only the last one frees it.
    const bool is_counted = block.allocator == Allocator::shared_text;
    if (!is_counted && !has_seen_all_others_end()) check_uses(block);
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

// ---- for a recording ----------------------------------------------------------------------------

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

}  // namespace parley::rc11
