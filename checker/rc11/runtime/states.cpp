// What decides how a run of compiled code goes on: where it is the same in two runs, the same can
// follow. Events have other numbers in the other run, and locations more or fewer writes, so that
// none of these is said as it is:
// - a write is known by how many have come after it, and only those are said that a thread may
//   still read;
// - what a thread has done so far is known by how many of its steps have come before by which
//   others can learn of it, from the first one on that some thread does not know of. What all know
//   of is left out.

#include "parley/checker/mix.hpp"
#include "parley/checker/rc11/consistency.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"

#include <xmmintrin.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <ranges>

namespace parley::rc11 {

using Kind = Operation::Kind;

namespace {

/// The registers of the calling thread for it that every call keeps, and the flags beside them.
std::uint64_t floating_point_state() {
    std::uint16_t control = 0;
    std::uint16_t status = 0;
    asm volatile("fnstcw %0\n\tfnstsw %1" : "=m"(control), "=m"(status));
    return std::uint64_t{_mm_getcsr()} << 32U | std::uint64_t{control} << 16U | status;
}

}  // namespace

void Runtime::note_own(std::span<const std::uint64_t> registers, const std::uint64_t* frame) {
    constexpr std::size_t saved_max = 5;
    Own& own = self().own;
    own.last = self().last;
    own.stack = reinterpret_cast<std::uintptr_t>(frame);
    const auto saved = std::ranges::copy(registers, own.registers.begin()).out;
    std::copy_n(frame - saved_max, saved_max, saved);
    own.floating_point = floating_point_state();
}

[[gnu::noinline]] void Runtime::clear_stack_below() const {
    if (!keeps_states_) return;
    std::array<std::byte, 4096> room;
    std::memset(room.data(), 0, room.size());
    asm volatile("" : : "r"(room.data()) : "memory");
}

bool Runtime::is_complete() const {
    return std::ranges::all_of(state_->threads,
                               [](const Thread* thread) { return thread->has_ended; });
}

class Runtime::StateWriter {
 public:
    StateWriter(Runtime& runtime, StateBytes& to)
        : runtime_(runtime), state_(*runtime.state_), graph_(*runtime.graph_), to_(to) {}

    bool write() {
        const auto is_handling = [&](ThreadId thread) {
            return runtime_.fibers_[thread]->is_handling_exceptions();
        };
        if (std::ranges::any_of(all_threads(), is_handling)) return false;
        for (const ThreadId thread : all_threads()) find_knowledge(thread);
        find_living_atomics();
        for (const ThreadId thread : all_threads()) find_steps(thread);
        for (const Atomic& atomic : state_.atomics) write_atomic(atomic);
        for (const Living& living : living_) write_writes(living);
        for (const ThreadId thread : all_threads()) {
            write_knowledge(thread);
            write_thread(*state_.threads[thread]);
            write_stack(thread);
            write_waiting(thread);
        }
        write_uses();
        write_outside();
        for (const Destructor destructor : state_.keys) put(address_of(destructor));
        return true;
    }

 private:
    /// An atomic object that can still be accessed.
    struct Living {
        LocationId location = 0;
        std::size_t oldest = 0;  ///< position of the first write that some thread may read
    };
    /// Of a thread: those by which others can learn of what it has done, by index.
    struct Steps {
        std::uint32_t known = 0;  ///< so many of its events all others know of
        std::vector<std::uint32_t> telling;
    };

    void put(const auto& value) { append(to_, value); }
    void put_bytes(std::uintptr_t begin, std::uintptr_t end) {
        append(to_, std::span(reinterpret_cast<const std::byte*>(begin), end - begin));
    }
    static std::uintptr_t address_of(auto* pointer) {
        return reinterpret_cast<std::uintptr_t>(pointer);
    }

    std::ranges::iota_view<ThreadId, ThreadId> all_threads() const {
        return std::views::iota(ThreadId{0}, static_cast<ThreadId>(state_.threads.size()));
    }
    /// It may still do something, be it when all is over.
    bool goes_on(ThreadId thread) const { return !is_past(*state_.threads[thread]); }
    /// Before it does anything more.
    ConstClock known_to(ThreadId thread) const { return clocks_[thread]; }
    static std::uint32_t count_of(ConstClock clock, ThreadId thread) {
        return thread < clock.size() ? clock[thread] : 0;
    }

    // ---- what threads know of each other --------------------------------------------------------

    /// Who waits for the end of another thread goes on with what that one knows.
    void find_knowledge(ThreadId thread) {
        auto& clock = clocks_.emplace_back(state_.threads.size());
        std::optional<ThreadId> each = thread;
        // They may wait for each other.
        for (std::size_t i = 0; each && i < state_.threads.size(); ++i) {
            add_to(clock, graph_.seen_by(*each, Seen::happens_before));
            each = state_.threads[*each]->joins;
        }
    }
    static void add_to(std::span<std::uint32_t> clock, ConstClock more) {
        for (std::size_t i = 0; i < more.size(); ++i) clock[i] = std::max(clock[i], more[i]);
    }
    void find_steps(ThreadId thread) {
        const auto events = graph_.thread(thread);
        Steps& steps = steps_.emplace_back();
        steps.known = static_cast<std::uint32_t>(events.size());
        for (const ThreadId other : all_threads()) {
            if (other == thread || !goes_on(other)) continue;
            steps.known = std::min(steps.known, count_of(known_to(other), thread));
        }
        for (std::uint32_t i = steps.known; i < events.size(); ++i) {
            if (is_telling(graph_.at(events[i]))) steps.telling.push_back(i);
        }
    }
    static bool is_telling(const Event& event) {
        return event.is_write()
                   ? is_release(event.order)
                   : event.operation.kind == Kind::create || event.operation.kind == Kind::end;
    }
    /// Of the first `events` events of a thread.
    std::uint32_t telling_before(ThreadId thread, std::uint32_t events) const {
        const auto& telling = steps_[thread].telling;
        return static_cast<std::uint32_t>(std::ranges::lower_bound(telling, events) -
                                          telling.begin());
    }
    bool is_known(ThreadId thread, std::uint32_t events) const {
        return events < steps_[thread].known;
    }

    /// That of a thread that has ended comes to whoever joins it.
    void write_knowledge(ThreadId thread) {
        const bool is_wanted = goes_on(thread) || state_.threads[thread]->has_ended;
        if (is_wanted) write_clock(known_to(thread), thread);
    }
    /// What a thread may read no more when it knows of that; `own` knows of itself.
    void write_clock(ConstClock clock, ThreadId own) {
        for (const ThreadId thread : all_threads()) {
            if (thread != own) put(telling_before(thread, count_of(clock, thread)));
        }
        for (const Living& living : living_) {
            const std::size_t position = observed_position(graph_, clock, living.location);
            put(newest(living.location) - std::max(position, living.oldest));
        }
    }

    // ---- atomic objects -------------------------------------------------------------------------

    std::size_t newest(LocationId location) const {
        return graph_.location(location).order.size() - 1;
    }
    bool can_be_accessed(const Atomic& atomic) const {
        return atomic.is_alive && (atomic.is_safe || !runtime_.is_freed(atomic.address));
    }
    void find_living_atomics() {
        for (const Atomic& atomic : state_.atomics) {
            if (!can_be_accessed(atomic)) continue;
            std::size_t oldest = newest(atomic.location);
            for (const ThreadId thread : all_threads()) {
                if (oldest == 0 || !goes_on(thread)) continue;
                oldest = std::min<std::size_t>(
                    oldest, observed_position(graph_, known_to(thread), atomic.location));
            }
            living_.push_back({atomic.location, oldest});
        }
    }
    void write_atomic(const Atomic& atomic) {
        put(atomic.address);
        put(atomic.generation);
        put(atomic.bytes);
        put(can_be_accessed(atomic));
        put(atomic.is_safe);
        put(atomic.has_plain_reads);
        for (ThreadId thread = 0; thread < atomic.threads; ++thread) {
            const auto [read, write] = state_.uses[atomic.first_use + thread];
            for (const std::uint32_t events : {read, write}) write_use(thread, events);
        }
    }
    /// One that comes before event number `events` of its thread; 0: there is none.
    void write_use(ThreadId thread, std::uint32_t events) {
        constexpr std::uint32_t kinds = 2;
        if (events == 0) return put(std::uint32_t{0});
        if (is_known(thread, events - 1)) return put(std::uint32_t{1});
        put(kinds + telling_before(thread, events - 1));
    }
    void write_writes(const Living& living) {
        const auto& order = graph_.location(living.location).order;
        put(order.size() - living.oldest);
        for (std::size_t i = living.oldest; i < order.size(); ++i) {
            put(graph_.value_of(living.location, order[i]));
            if (order[i] == initial) continue;
            const Event& write = graph_.at(order[i]);
            put(telling_before(write.thread, write.index));
            put(write.thread);
            put(is_release(write.order));
            if (is_release(write.order)) {
                write_clock(graph_.seen(order[i], Seen::released), write.thread);
            }
        }
    }

    // ---- plain memory ---------------------------------------------------------------------------

    /// In any order: they are added up.
    void write_uses() {
        std::uint64_t first = 0;
        std::uint64_t second = 0;
        state_.shadow.for_each_use([&](std::uintptr_t cell, const MemoryUse& use) {
            if (use.bytes == 0 || is_known(use.thread, use.events)) return;
            const std::uint64_t what =
                std::uint64_t{use.thread} << 48U | std::uint64_t{use.bytes} << 40U |
                std::uint64_t{use.is_write} << 33U | std::uint64_t{use.is_atomic} << 32U |
                telling_before(use.thread, use.events);
            first += checker::mix(checker::mix(cell) + what);
            second += checker::mix(checker::mix(what) ^ (cell * checker::mix_step));
        });
        put(first);
        put(second);
    }

    /// What has been written to or read outside of the heap and the stacks, as it is now.
    void write_outside() {
        std::vector<std::pair<std::uintptr_t, std::uintptr_t>> ranges(runtime_.watched_.begin(),
                                                                      runtime_.watched_.end());
        for (const Undo& undo : state_.undo) {
            ranges.emplace_back(undo.address, undo.address + undo.bytes);
        }
        std::ranges::sort(ranges);
        std::uintptr_t written = 0;
        for (const auto& [begin, end] : ranges) {
            if (end <= written) continue;
            const std::uintptr_t first = std::max(begin, written);
            put(first);
            put(end);
            put_bytes(first, end);
            written = end;
        }
    }

    // ---- threads --------------------------------------------------------------------------------

    void write_thread(const Thread& thread) {
        put(address_of(thread.code));
        put(address_of(thread.argument));
        put(address_of(thread.result));
        put(thread.has_ended);
        put(thread.is_blocked);
        put(thread.has_shared_exceptions);
        put(thread.blocks.all().size());
        for (const Block& block : thread.blocks.all()) {
            put(block.begin);
            put(block.bytes);
            put(block.is_freed);
            put(block.allocator);
            if (!block.is_freed) put_bytes(block.begin, block.begin + block.bytes);
        }
        put(thread.seldom != nullptr);
        if (thread.seldom != nullptr) write_seldom(*thread.seldom);
    }

    void write_seldom(const Seldom& seldom) {
        put(seldom.held.size());
        for (const Held& held : seldom.held) {
            put(held.lock);
            put(held.times);
            put(held.how);
        }
        put(seldom.spurious_wakeups);
        put(seldom.weak_failures);
        put(seldom.time_ns);
        put(seldom.at_exit.size());
        for (const auto& [function, argument] : seldom.at_exit) {
            put(address_of(function));
            put(address_of(argument));
        }
        put(seldom.specific.size());
        for (const auto& [key, value] : seldom.specific) {
            put(key);
            put(address_of(value));
        }
    }

    /// What lies below what code under check has of its own is the runtime's, and what lies above
    /// the code as well.
    void write_stack(ThreadId id) {
        const Thread& thread = *state_.threads[id];
        const Fiber& fiber = *runtime_.fibers_[id];
        if (runtime_.is_stack_dead(thread)) return put(std::size_t{0});
        const Own& own = thread.own;
        std::uintptr_t begin = reinterpret_cast<std::uintptr_t>(fiber.live_stack().data());
        const bool is_noted = own.stack != 0 && own.last == thread.last;
        put(is_noted);
        if (is_noted) {
            begin = own.stack;
            put(own.registers);
            put(own.floating_point);
        }
        put(fiber.stack_end() - begin);
        put_bytes(begin, fiber.stack_end());
        if (!runtime_.watches_stacks_ || thread.seldom == nullptr) return;
        write_shared_stack(id, *thread.seldom);
    }
    void write_shared_stack(ThreadId id, const Seldom& seldom) {
        put(seldom.has_atomics_on_stack);
        auto lent = std::vector(seldom.lent.begin(), seldom.lent.end());
        std::ranges::sort(lent);
        put(lent.size());
        for (const auto& [address, bytes] : lent) {
            put(address);
            put(bytes);
        }
        for (const auto& [frame_end, events] : seldom.returns) {
            if (is_known(id, events)) continue;
            put(frame_end);
            put(telling_before(id, events));
        }
        put(std::uintptr_t{0});
    }

    // ---- waiting --------------------------------------------------------------------------------

    /// What tells a loop that waits from another one (waiting.cpp).
    void write_waiting(ThreadId id) {
        const Thread& thread = *state_.threads[id];
        if (thread.is_blocked) return write_blocked(id);
        if (thread.has_ended) return;
        put(thread.reads_in_a_row);
        put(thread.has_written);
        put(thread.idle_hints);
        if (!runtime_.watches_hints_) return;
        const auto events = static_cast<std::uint32_t>(graph_.thread(id).size());
        put(address_of(thread.spins_at));
        put(thread.state_before);
        put(thread.idle_state);
        write_reads(id, thread.before_hint);
        write_reads(id, {thread.before_hint.end, events});
        if (thread.seldom == nullptr) return;
        put(thread.seldom->foreign.size());
        for (const Undo& undo : thread.seldom->foreign) {
            put(undo.address);
            put(undo.bytes);
            const std::byte* const old = thread.seldom->foreign_bytes.data() + undo.place;
            append(to_, std::span(old, undo.bytes));
        }
    }
    /// Whether a deadlock that it is in at the end has to be one: it has read the newest there is.
    void write_blocked(ThreadId id) {
        const auto [begin, end] = state_.threads[id]->waits_for;
        put(state_.threads[id]->is_waiting);
        for (auto i = next_read(id, begin, end); i < end; i = next_read(id, i + 1, end)) {
            const Event& read = graph_.at(graph_.thread(id)[i]);
            const LocationId location = read.operation.location;
            put(graph_.position(graph_.thread(id)[i]) == newest(location) ? location : no_location);
        }
        put(no_location - 1);
    }
    std::uint32_t next_read(ThreadId id, std::uint32_t begin, std::uint32_t end) const {
        return runtime_.next_read(id, begin, end);
    }
    /// To be compared with later reads, of which none sees an older write than its thread has seen:
    /// when one of these does, they are not the same.
    void write_reads(ThreadId id, Stretch stretch) {
        const std::size_t before = to_.size();
        for (auto i = next_read(id, stretch.begin, stretch.end); i < stretch.end;
             i = next_read(id, i + 1, stretch.end)) {
            const EventId read = graph_.thread(id)[i];
            const LocationId location = graph_.at(read).operation.location;
            if (graph_.position(read) < observed_position(graph_, known_to(id), location)) {
                to_.resize(before);
                put(no_location);
                break;
            }
            put(location);
            put(newest(location) - graph_.position(read));
        }
        put(no_location - 1);
    }

    static constexpr LocationId no_location = UINT32_MAX;

    Runtime& runtime_;
    State& state_;
    const Graph& graph_;
    StateBytes& to_;
    std::vector<std::vector<std::uint32_t>> clocks_;  ///< by thread
    std::vector<Living> living_;
    std::vector<Steps> steps_;  ///< by thread
};

bool Runtime::write_state(StateBytes& to) {
    return !has_left_states() && StateWriter(*this, to).write();
}

}  // namespace parley::rc11
